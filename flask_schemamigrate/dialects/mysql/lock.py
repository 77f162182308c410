"""The migration lock: GET_LOCK, which the server releases when its session ends."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import sqlalchemy as sa

from ..base import Holder

LONGEST = 64
"""https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html"""


def lock_name(name: str, database: str) -> str:
    """A lock's name for one database of the server; lock names are the whole server's."""
    digest = hashlib.sha256(f"{database}\0{name}".encode()).hexdigest()[:24]
    return f"schemamigrate:{database[: LONGEST - len(digest) - 15]}:{digest}"


class ServerLock:
    """A named lock on a connection of its own, which it holds open while it is held."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._connection: sa.Connection | None = None
        self._held = False

    def acquire(self) -> bool:
        """Try once, without waiting."""
        if self._held:
            return True
        # 1 it is ours, 0 somebody else's, NULL something went wrong.
        self._held = self._asked("SELECT GET_LOCK(:name, 0)") == 1
        return self._held

    def holder(self) -> Holder | None:
        """The session that holds it, from the list of processes."""
        pid = self._asked("SELECT IS_USED_LOCK(:name)")
        if pid is None or self._connection is None:
            return None
        query = sa.text(
            "SELECT user, host, time, COALESCE(info, command),"
            " NOW() - INTERVAL time SECOND FROM information_schema.processlist WHERE id = :pid"
        )
        row = self._connection.execute(query, {"pid": pid}).first()
        self._connection.commit()
        if row is None:
            # Without the PROCESS privilege a session sees only its own user's.
            return Holder(pid=str(pid))
        return Holder(
            pid=str(pid), host=f"{row[0]}@{row[1]}", since=str(row[4]), doing=str(row[3] or "")
        )

    def release(self) -> None:
        """Give it back, and the connection with it."""
        connection, self._connection = self._connection, None
        held, self._held = self._held, False
        if connection is None:
            return
        with suppress(sa.exc.DBAPIError):
            if held:
                name = self._full_name(connection)
                connection.execute(sa.text("SELECT RELEASE_LOCK(:name)"), {"name": name})
        with suppress(sa.exc.DBAPIError):
            connection.close()

    def _asked(self, query: str) -> int | None:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
        name = self._full_name(self._connection)
        answer: int | None = self._connection.execute(sa.text(query), {"name": name}).scalar()
        return answer

    def _full_name(self, connection: sa.Connection) -> str:
        database = connection.execute(sa.text("SELECT DATABASE()")).scalar()
        return lock_name(self._name, str(database or ""))
