"""One migrator at a time, through an advisory lock that ends with its session."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ..apart import connected_apart
from ..asking import asked
from ..locks import Holder
from ..session_lock import AT_WORK, SessionLock

NAMESPACE = int.from_bytes(hashlib.sha256(b"flask_schemamigrate").digest()[:4], "big", signed=True)

PREFIX = "flask_schemamigrate "
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


class AdvisoryLock(SessionLock):
    """An advisory lock, which belongs to one database already.

    It is only ever tried: a session that waits inside pg_advisory_lock holds a snapshot, and then
    CREATE INDEX CONCURRENTLY waits for it.
    """

    def holder(self) -> Holder | None:
        query = HOLDER.format(
            space=NAMESPACE & 0xFFFFFFFF,
            key=self._key() & 0xFFFFFFFF,
            working=self._key(AT_WORK) & 0xFFFFFFFF,
        )
        rows: Sequence[Any] = asked(self._open(), query).all()
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

    def _key(self, what: str = "") -> int:
        digest = hashlib.sha256(self._named(what).encode()).digest()
        return int.from_bytes(digest[:4], "big", signed=True)

    def _taken(self, connection: sa.Connection, what: str = "") -> bool:
        query = f"SELECT pg_try_advisory_lock({NAMESPACE}, {self._key(what)})"
        return bool(asked(connection, query).scalar())

    def _give_back(self, connection: sa.Connection, what: str = "") -> None:
        asked(connection, f"SELECT pg_advisory_unlock({NAMESPACE}, {self._key(what)})")

    def _sign(self, connection: sa.Connection) -> None:
        asked(connection, f"SELECT set_config('application_name', '{application()}', false)")


def application() -> str:
    """This process, as the holder of the lock calls itself; 63 bytes are kept."""
    host = re.sub(r"[^\w.-]", "", socket.gethostname())[:32]
    return f"{PREFIX}{os.getpid()}@{host}"


def session_locks_hold(connection: sa.Connection) -> bool:
    """Whether a lock of a session lasts, which it does not behind a pool of transactions.

    Two clients that get the same server process, one of them in a transaction, prove that.
    """

    def mine() -> object:
        process = asked(connection, PROCESS).scalar()
        # In a transaction the process would be kept, even behind a pool.
        connection.rollback()
        return process

    before = mine()
    with connected_apart(connection.engine) as other:
        theirs = asked(other, PROCESS).scalar()
        return before == mine() and before != theirs
