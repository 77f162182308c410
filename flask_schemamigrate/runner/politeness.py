"""Waiting for other sessions' locks for a short time only, again and again but not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import uniform
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..dialects.base import Dialect
from ..operations import TableOperation
from .events import Event, Waiting
from .locking import described
from .others import is_of_another

FIRST, LONGEST = 0.5, 30.0  # seconds between two tries


@dataclass(frozen=True)
class Manners:
    """How long a statement may wait for a lock and run, in seconds, and how often it is retried."""

    lock_timeout: float = 5.0
    statement_timeout: float | None = None
    retries: int = 10


def settings(dialect: Dialect, manners: Manners) -> Iterator[str]:
    """The statements that tell a session, or a transaction, how long it may wait and work."""
    yield from dialect.lock_timeout_statements(manners.lock_timeout)
    if manners.statement_timeout is not None:
        yield from dialect.statement_timeout_statements(manners.statement_timeout)


@dataclass
class Patience:
    """Tries again what gave up waiting for another session, after telling who that is."""

    dialect: Dialect
    connection: sa.Connection
    manners: Manners
    watch: Callable[[Event], None]
    stop: Callable[[], None]
    bind: str | None = None
    revision: str = ""

    def again(self, attempt: int, failure: Any) -> bool:
        """Whether to try again, after waiting; ``attempt`` counts the failures so far."""
        error = getattr(failure, "error", failure)
        if attempt > self.manners.retries or not self.dialect.is_lock_timeout(error):
            return False
        if _is_used_up(failure) or is_of_another(self.connection, error):
            return False
        seconds = uniform(0.5, 1.0) * min(FIRST * 2 ** (attempt - 1), LONGEST)
        operation = getattr(failure, "operation", None)
        self.watch(
            Waiting(
                self.bind,
                self.revision,
                "" if operation is None else operation.describe(),
                attempt,
                seconds,
                tuple(self.blockers(operation)),
            )
        )
        self._rest(seconds)
        return True

    def _rest(self, seconds: float) -> None:
        """Wait, but not longer than until somebody asks the run to stop."""
        end = time.monotonic() + seconds
        while True:
            self.stop()
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.2))

    def blockers(self, operation: Any = None) -> Iterable[str]:
        """The sessions in the way, for people, as far as the database tells."""
        table = operation.key if isinstance(operation, TableOperation) else None
        try:
            # A foreign key, or a trigger, may have to do with other tables as well.
            found = self.dialect.blockers(self.connection, table)
            found = found or self.dialect.blockers(self.connection)
            self.connection.rollback()
        except DBAPIError:
            self.connection.rollback()
            return []
        return [text for holder in found if (text := described(holder))]


def _is_used_up(failure: Any) -> bool:
    """Whether a failed step consumed rows that cannot be had a second time."""
    operation = getattr(getattr(failure, "step", None), "operation", None)
    rows = getattr(operation, "rows", ())
    return iter(rows) is rows


def reason_of(error: BaseException) -> str:
    """The database's own message."""
    message = getattr(error, "message", None)
    if isinstance(message, str):
        return message.splitlines()[0]
    original = getattr(error, "orig", None) or error
    arguments = getattr(original, "args", ())
    texts = [text for text in arguments[1:] if isinstance(text, str)]
    text = texts[0] if texts else original
    return str(text).strip().splitlines()[0] if str(text).strip() else type(original).__name__


def remarks_of(error: BaseException) -> list[str]:
    """What the database says besides its message, as drivers of PostgreSQL tell it.

    https://www.postgresql.org/docs/current/protocol-error-fields.html
    """
    original = getattr(error, "orig", None) or error
    # That of asyncpg's own error, which SQLAlchemy's stands for.
    told = getattr(original, "diag", None) or original.__cause__
    names = ("message_detail", "message_hint", "detail", "hint")
    found = (getattr(told, name, None) for name in names)
    return [text for text in found if isinstance(text, str) and text]
