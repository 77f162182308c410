"""A lock that belongs to a session of the server, which releases it when the session ends."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .apart import apart
from .locks import MigrationLock

AT_WORK = "at work"


class SessionLock(MigrationLock):
    """A lock on a connection of its own, which commits by itself and stays open while it is held.

    The session that works holds a second one: where its client was killed, the server goes on with
    the statement at hand, and nobody else may begin before that has ended.
    """

    def __init__(self, engine: sa.Engine, name: str, working: sa.Connection | None = None) -> None:
        self._engine = engine
        self._name = name
        self._working = working
        self._connection: sa.Connection | None = None
        self._held = False
        self._held_at_work = False

    def acquire(self) -> bool:
        """Try once, without waiting."""
        connection = self._open()
        if not self._held:
            self._held = self._taken(connection)
            if self._held:
                self._sign(connection)
        if self._held and self._working is not None and not self._held_at_work:
            self._held_at_work = self._taken(self._working, AT_WORK)
            self._working.rollback()
        return self._held and (self._working is None or self._held_at_work)

    def release(self) -> None:
        """Give it back, and the connection with it."""
        connection, self._connection = self._connection, None
        at_work, self._held_at_work = self._held_at_work, False
        held, self._held = self._held, False
        if at_work and self._working is not None:
            self._free(self._working)
        if connection is None:
            return
        if connection.invalidated:
            # Its session is over, and the lock with it.
            connection.close()
            return
        with suppress(DBAPIError):
            if held:
                self._give_back(connection)
            # Given back to a pool, the session would keep what else marks it as the holder.
            connection.close()
            connection.engine.dispose()

    def _open(self) -> sa.Connection:
        if self._connection is None:
            connection = apart(self._engine).connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _free(self, working: sa.Connection) -> None:
        """Unlock on the connection that worked, which goes back to its pool; or end its session."""
        if working.closed or working.invalidated:
            return
        try:
            working.rollback()
            self._give_back(working, AT_WORK)
            working.rollback()
        except SQLAlchemyError:
            working.invalidate()

    def _named(self, what: str) -> str:
        """The name of the lock itself, or of another one that belongs to it."""
        return f"{self._name} {what}" if what else self._name

    def _taken(self, connection: sa.Connection, what: str = "") -> bool:
        """Whether the session has a lock now; the lock itself, unless it is told ``what``."""
        raise NotImplementedError

    def _give_back(self, connection: sa.Connection, what: str = "") -> None:
        """Unlock on the session that has it."""
        raise NotImplementedError

    def _sign(self, connection: sa.Connection) -> None:
        """Have the session that holds the lock tell those who wait which process that is."""
