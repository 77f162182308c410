"""One migrator at a time, through an advisory lock that ends with its session."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..base import Holder

NAMESPACE = int.from_bytes(hashlib.sha256(b"flask_schemamigrate").digest()[:4], "big", signed=True)

PREFIX = "flask_schemamigrate "
PLAIN = {"no_parameters": True}

HOLDER = """
SELECT a.pid::text, coalesce(a.client_hostname, host(a.client_addr), 'local'),
    to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS'), a.application_name
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.classid = {space} AND l.objid = {key}
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"""
# The session that holds the lock idles while its process works on another one: of the sessions from
# the same client and role, the one that holds a lock which changes of a table take.
DOING = """
SELECT left(w.query, 200)
FROM pg_catalog.pg_stat_activity h JOIN pg_catalog.pg_stat_activity w
    ON w.datid = h.datid AND w.usesysid = h.usesysid AND w.pid <> h.pid
    AND w.client_addr IS NOT DISTINCT FROM h.client_addr
WHERE h.pid = {pid} AND w.state IN ('active', 'idle in transaction') AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_locks l WHERE l.pid = w.pid AND l.locktype = 'relation'
        AND l.mode IN ('AccessExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock',
            'ShareUpdateExclusiveLock'))
ORDER BY w.xact_start LIMIT 1"""


class AdvisoryLock:
    """An advisory lock on a connection of its own, which commits by itself.

    It is only ever tried: a session that waits inside pg_advisory_lock holds a snapshot, and then
    CREATE INDEX CONCURRENTLY waits for it. Advisory locks belong to one database already.
    """

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.engine = engine
        self.key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
        self._connection: sa.Connection | None = None
        self._held = False

    def acquire(self) -> bool:
        if self._held:
            return True
        self._held = bool(self._scalar(f"SELECT pg_try_advisory_lock({NAMESPACE}, {self.key})"))
        if self._held:
            self._scalar(f"SELECT set_config('application_name', '{application()}', false)")
        return self._held

    def holder(self) -> Holder | None:
        query = HOLDER.format(space=NAMESPACE & 0xFFFFFFFF, key=self.key & 0xFFFFFFFF)
        row = self._open().exec_driver_sql(query, execution_options=PLAIN).first()
        if row is None:
            return None
        pid, host, since, application_name = row
        process, _, name = application_name.removeprefix(PREFIX).partition("@")
        known = application_name.startswith(PREFIX)
        doing = str(self._scalar(DOING.format(pid=pid)) or "")
        return Holder(
            pid=process if known else pid,
            host=name if known else host,
            since=since,
            doing=" ".join(doing.split()),
        )

    def release(self) -> None:
        connection, self._connection = self._connection, None
        held, self._held = self._held, False
        if connection is None:
            return
        with suppress(DBAPIError):
            if held:
                unlock = f"SELECT pg_advisory_unlock({NAMESPACE}, {self.key})"
                connection.exec_driver_sql(unlock, execution_options=PLAIN)
            # Given back to a pool, the session would go on under the name of a lock's holder.
            connection.detach()
            connection.close()

    def _open(self) -> sa.Connection:
        if self._connection is None:
            connection = self.engine.connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _scalar(self, query: str) -> object:
        return self._open().exec_driver_sql(query, execution_options=PLAIN).scalar()


def application() -> str:
    """This process, as the holder of the lock calls itself; 63 bytes are kept."""
    host = re.sub(r"[^\w.-]", "", socket.gethostname())[:32]
    return f"{PREFIX}{os.getpid()}@{host}"


def session_locks_hold(connection: sa.Connection) -> bool:
    """Whether a lock of a session lasts, which it does not behind a pool of transactions.

    Two clients that get the same server process, one of them in a transaction, prove that.
    """
    process = "SELECT pg_backend_pid()"
    mine = connection.exec_driver_sql(process).scalar()
    with connection.engine.connect() as other, other.begin():
        theirs = other.exec_driver_sql(process).scalar()
        again = connection.exec_driver_sql(process).scalar()
    return mine == again and mine != theirs
