"""Locks that keep migrations apart, and who holds one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, as far as the database tells.

    ``pid`` is the process on ``host``, ``session`` what the server calls its connection.
    """

    pid: str = ""
    host: str = ""
    since: str = ""
    doing: str = ""
    session: str = ""


class MigrationLock:
    """One migrator at a time. Released by the server or the kernel when the process dies."""

    shares_sessions = False
    """Whether it is for a database where others may get the same session."""

    def acquire(self) -> bool:
        """Try once, without waiting; whether it is ours now."""
        raise NotImplementedError

    def holder(self) -> Holder | None:
        """Who holds it, if that can be told."""
        return None

    def tell(self, doing: str) -> None:
        """Let those who wait know what its holder does, where the server does not show them."""

    def check(self) -> None:
        """Raise `LeaseLost` if it is not ours any more."""

    def release(self) -> None:
        """Give it back; harmless when it is not ours."""
        raise NotImplementedError


class NoLock(MigrationLock):
    """The lock of a database that nobody else can reach."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return None
