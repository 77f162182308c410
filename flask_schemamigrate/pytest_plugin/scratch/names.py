"""The names of scratch databases, by which those that a killed test run left are known."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

PREFIX = "schemamigrate_"
_STAMP = "%Y%m%d%H%M"
_OLD = timedelta(days=1)


def new_name(now: datetime | None = None) -> str:
    """A name that nobody else chooses and that says when it was chosen."""
    return f"{PREFIX}{(now or datetime.now(UTC)).strftime(_STAMP)}_{secrets.token_hex(4)}"


def is_leftover(name: str, now: datetime | None = None) -> bool:
    """Whether a database of that name was left behind by a test run that was killed.

    A day is allowed for, because other machines may be running their tests on the server.
    """
    stamp, _, rest = name.removeprefix(PREFIX).partition("_")
    if not name.startswith(PREFIX) or not rest:
        return False
    try:
        made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return (now or datetime.now(UTC)) - made > _OLD


def sweep(names: Iterable[str], drop: Callable[[str], object]) -> None:
    """Drop the databases among these that killed test runs left behind."""
    for name in names:
        if is_leftover(name):
            drop(name)
