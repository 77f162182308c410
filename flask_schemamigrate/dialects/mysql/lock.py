"""The migration lock: GET_LOCK, which the server releases when its session ends."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..apart import apart
from ..locks import Holder, MigrationLock

LONGEST = 64
"""https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html"""

BITS = 31
"""More than the process ids of any system need."""

SESSION = """
SELECT user, host, NOW() - INTERVAL time SECOND, COALESCE(info, '')
FROM information_schema.processlist WHERE id = :session"""


def lock_name(name: str, database: str) -> str:
    """A lock's name for one database of the server; lock names are the whole server's."""
    digest = hashlib.sha256(f"{database}\0{name}".encode()).hexdigest()[:24]
    return f"schemamigrate:{database[: LONGEST - len(digest) - 15]}:{digest}"


class ServerLock(MigrationLock):
    """A named lock on a connection of its own, which it holds open while it is held.

    The session that works holds a second one: the server goes on with a statement whose client was
    killed, and nobody else may begin before that has ended. The list of sessions does not tell a
    client's process id, so the holder takes a lock for each bit of it, and one more as its end.
    """

    def __init__(self, engine: sa.Engine, name: str, working: sa.Connection | None = None) -> None:
        self._engine = engine
        self._name = name
        self._working = working
        self._connection: sa.Connection | None = None
        self._database: str | None = None
        self._held = False
        self._held_at_work = False

    def acquire(self) -> bool:
        """Try once, without waiting."""
        connection = self._open()
        if not self._held:
            self._held = _taken(connection, [self._named()])
            if self._held:
                pid = os.getpid()
                bits = [f"bit {n}" for n in range(BITS) if pid >> n & 1]
                _taken(connection, [self._named(what) for what in (*bits, "end")])
        if self._held and self._working is not None and not self._held_at_work:
            self._held_at_work = _taken(self._working, [self._named("work")])
            self._working.rollback()
        return self._held and (self._working is None or self._held_at_work)

    def holder(self) -> Holder | None:
        """The session that holds it, or still works for one that did, and what that is at."""
        connection = self._open()
        whats = ["", "work", "end", *(f"bit {n}" for n in range(BITS))]
        holding, working, end, *bits = _asked(connection, "IS_USED_LOCK", map(self._named, whats))
        own = connection.scalar(sa.text("SELECT CONNECTION_ID()"))
        session = holding if holding not in (None, own) else working or holding
        if session is None:
            return None
        pid = sum(1 << n for n, bit in enumerate(bits) if bit == session) if end == session else ""
        found = self._session(session)
        if found is None:
            # Without the PROCESS privilege a session sees only its own user's.
            return Holder(pid=str(pid), session=str(session))
        user, host, since, doing = found
        if working is not None and working != session:
            other = self._session(working)
            doing = other[3] if other is not None else ""
        return Holder(
            pid=str(pid),
            host=f"{user}@{host}",
            since=str(since),
            doing=" ".join(str(doing).split())[:200],
            session=str(session),
        )

    def release(self) -> None:
        """Give it back, and the connection with it."""
        connection, self._connection = self._connection, None
        at_work, self._held_at_work = self._held_at_work, False
        held, self._held = self._held, False
        if at_work and self._working is not None:
            _give_back(self._working, self._named("work"))
        if connection is None:
            return
        if connection.invalidated:
            # Its session is over, and the lock with it.
            connection.close()
            return
        with suppress(DBAPIError):
            if held:
                _asked(connection, "RELEASE_LOCK", [self._named()])
            # The other locks go with the session.
            connection.close()
            connection.engine.dispose()

    def _open(self) -> sa.Connection:
        if self._connection is None:
            self._connection = (
                apart(self._engine).connect().execution_options(isolation_level="AUTOCOMMIT")
            )
            database = self._connection.execute(sa.text("SELECT DATABASE()")).scalar()
            self._database = str(database or "")
        return self._connection

    def _named(self, what: str = "") -> str:
        name = f"{self._name} {what}" if what else self._name
        return lock_name(name, self._database or "")

    def _session(self, session: int) -> Sequence[Any] | None:
        return self._open().execute(sa.text(SESSION), {"session": session}).first()


def _asked(connection: sa.Connection, function: str, names: Any) -> Sequence[int | None]:
    """What a function of the server says of each of these locks."""
    given = {f"name_{n}": name for n, name in enumerate(names)}
    more = ", 0" if function == "GET_LOCK" else ""
    calls = ", ".join(f"{function}(:{key}{more})" for key in given)
    return connection.execute(sa.text(f"SELECT {calls}"), given).one()


def _taken(connection: sa.Connection, names: Sequence[str]) -> bool:
    # 1 it is ours, 0 somebody else's, NULL something went wrong.
    return all(answer == 1 for answer in _asked(connection, "GET_LOCK", names))


def _give_back(connection: sa.Connection, name: str) -> None:
    """Unlock on the connection that worked, which goes back to its pool; or end its session."""
    if connection.closed or connection.invalidated:
        return
    try:
        connection.rollback()
        _asked(connection, "RELEASE_LOCK", [name])
        connection.rollback()
    except SQLAlchemyError:
        connection.invalidate()
