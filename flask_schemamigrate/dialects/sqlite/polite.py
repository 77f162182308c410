"""Polite DDL: waiting for other connections for a short time only."""

from __future__ import annotations

from collections.abc import Iterator

# https://www.sqlite.org/rescode.html#busy; extended codes have it in their lowest byte.
BUSY, LOCKED = 5, 6


class Politeness:
    """What a runner needs to wait for other connections without waiting for ever."""

    def lock_timeout_statements(self, seconds: float) -> Iterator[str]:
        """Give up waiting for another connection's lock after so many seconds.

        https://www.sqlite.org/pragma.html#pragma_busy_timeout
        """
        yield f"PRAGMA busy_timeout = {max(0, round(seconds * 1000))}"

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether a statement gave up because another connection held a lock."""
        original = getattr(error, "orig", None) or error
        code = getattr(original, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in {BUSY, LOCKED}
