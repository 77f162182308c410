"""One migrator at a time, through an advisory lock that ends with its session."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..apart import apart, connected_apart
from ..locks import Holder, MigrationLock

NAMESPACE = int.from_bytes(hashlib.sha256(b"flask_schemamigrate").digest()[:4], "big", signed=True)

PREFIX = "flask_schemamigrate "
PLAIN = {"no_parameters": True}
PROCESS = "SELECT pg_backend_pid()"

# The session that holds the lock idles; what its process does, the session does that works for it.
HOLDER = """
SELECT a.pid::text, coalesce(a.client_hostname, host(a.client_addr), 'local'),
    to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS'), a.application_name, l.objid = {key},
    CASE WHEN a.state <> 'idle' THEN left(a.query, 200) ELSE '' END
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.classid = {space} AND l.objid IN ({key}, {working}) AND a.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"""


class AdvisoryLock(MigrationLock):
    """An advisory lock on a connection of its own, which commits by itself.

    It is only ever tried: a session that waits inside pg_advisory_lock holds a snapshot, and then
    CREATE INDEX CONCURRENTLY waits for it. Advisory locks belong to one database already. The
    session that works holds a second one, since its server process ends what it is at when its
    client was killed.
    """

    def __init__(self, engine: sa.Engine, name: str, working: sa.Connection | None = None) -> None:
        self.engine = engine
        self.key = _key(name)
        self.working_key = _key(f"{name} at work")
        self._working = working
        self._connection: sa.Connection | None = None
        self._held = False
        self._held_at_work = False

    def acquire(self) -> bool:
        if not self._held:
            self._held = bool(self._scalar(f"SELECT pg_try_advisory_lock({NAMESPACE}, {self.key})"))
            if self._held:
                self._scalar(f"SELECT set_config('application_name', '{application()}', false)")
        if self._held and self._working is not None and not self._held_at_work:
            query = f"SELECT pg_try_advisory_lock({NAMESPACE}, {self.working_key})"
            self._held_at_work = bool(_ask(self._working, query).scalar())
            self._working.rollback()
        return self._held and (self._working is None or self._held_at_work)

    def holder(self) -> Holder | None:
        query = HOLDER.format(
            space=NAMESPACE & 0xFFFFFFFF,
            key=self.key & 0xFFFFFFFF,
            working=self.working_key & 0xFFFFFFFF,
        )
        rows: Sequence[Any] = _ask(self._open(), query).all()
        if not rows:
            return None
        # Without the lock itself, a session is left that was working when its client was killed.
        session, host, since, application_name, _, _ = max(rows, key=lambda row: bool(row[4]))
        doing = next((row[5] for row in rows if not row[4]), "")
        process, _, name = application_name.removeprefix(PREFIX).partition("@")
        known = application_name.startswith(PREFIX)
        return Holder(
            pid=process if known else "",
            host=name if known else host,
            since=since,
            doing=" ".join(doing.split()),
            session=session,
        )

    def release(self) -> None:
        connection, self._connection = self._connection, None
        at_work, self._held_at_work = self._held_at_work, False
        held, self._held = self._held, False
        if at_work and self._working is not None:
            _give_back(self._working, self.working_key)
        if connection is None:
            return
        if connection.invalidated:
            # Its session is over, and the lock with it.
            connection.close()
            return
        with suppress(DBAPIError):
            if held:
                _ask(connection, f"SELECT pg_advisory_unlock({NAMESPACE}, {self.key})")
            # Given back to a pool, the session would go on under the name of a lock's holder.
            connection.close()
            connection.engine.dispose()

    def _open(self) -> sa.Connection:
        if self._connection is None:
            connection = apart(self.engine).connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _scalar(self, query: str) -> object:
        return _ask(self._open(), query).scalar()


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)


def _ask(connection: sa.Connection, query: str) -> sa.CursorResult[Any]:
    return connection.exec_driver_sql(query, execution_options=PLAIN)


def _give_back(connection: sa.Connection, key: int) -> None:
    """Unlock on the connection that worked, which goes back to its pool; or end its session."""
    if connection.closed or connection.invalidated:
        return
    try:
        connection.rollback()
        _ask(connection, f"SELECT pg_advisory_unlock({NAMESPACE}, {key})")
        connection.rollback()
    except SQLAlchemyError:
        connection.invalidate()


def application() -> str:
    """This process, as the holder of the lock calls itself; 63 bytes are kept."""
    host = re.sub(r"[^\w.-]", "", socket.gethostname())[:32]
    return f"{PREFIX}{os.getpid()}@{host}"


def session_locks_hold(connection: sa.Connection) -> bool:
    """Whether a lock of a session lasts, which it does not behind a pool of transactions.

    Two clients that get the same server process, one of them in a transaction, prove that.
    """

    def mine() -> object:
        process = _ask(connection, PROCESS).scalar()
        # In a transaction the process would be kept, even behind a pool.
        connection.rollback()
        return process

    before = mine()
    with connected_apart(connection.engine) as other:
        theirs = _ask(other, PROCESS).scalar()
        return before == mine() and before != theirs
