"""Polite DDL: waiting for a table's lock for a short time only, and telling who holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

from ..locks import Holder
from .literals import string
from .read import answers

# lock_not_available and deadlock_detected:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
LOCK_ERRORS = frozenset({"55P03", "40P01"})

# Those that keep a lock on a table of this database, which a session that gave up waited for.
SESSIONS = """
SELECT a.pid::text, coalesce(a.client_hostname, host(a.client_addr), 'local'),
    to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS'),
    left(a.query, 200) || CASE WHEN a.state LIKE 'idle%' THEN ' (idle in transaction)' ELSE '' END
FROM pg_catalog.pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_locks l
    WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND l.relation >= 16384
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
            WHERE datname = current_database()){only})
ORDER BY a.xact_start"""


class Politeness:
    """What a runner needs to wait for other sessions without keeping them waiting."""

    local_words: tuple[str, str] | None = ("SET ", "SET LOCAL ")

    def lock_timeout_statements(self, seconds: float) -> Iterator[str]:
        """Give up waiting for another session's lock after so many seconds; 0 waits for ever.

        https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
        """
        yield f"SET lock_timeout = {max(0, round(seconds * 1000))}"

    def statement_timeout_statements(self, seconds: float) -> Iterator[str]:
        """End a statement that takes longer."""
        yield f"SET statement_timeout = {max(0, round(seconds * 1000))}"

    def flush_statements(self, *, waits: bool) -> Iterator[str]:
        """Commits are written to the disk in their order, so that a later one that waits has all.

        A server that crashes in between forgets the latest of them, each with its row of history.
        https://www.postgresql.org/docs/current/wal-async-commit.html
        """
        yield "RESET synchronous_commit" if waits else "SET synchronous_commit = off"

    def lets_others_on(self, sql: str) -> bool:
        """Whether a statement makes nobody else wait while it waits for others itself."""
        return re.search(r"\bCONCURRENTLY\b", sql, re.IGNORECASE) is not None

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether a statement gave up because another session held a lock."""
        return sqlstate(error) in LOCK_ERRORS

    def blockers(self, connection: sa.Connection, table: str | None = None) -> list[Holder]:
        """The sessions that hold a lock on this table, or on any of the database, longest first."""
        only = "" if table is None else f" AND l.relation = to_regclass({string(table)})"
        return [
            Holder(
                session=session, host=host, since=since or "", doing=" ".join((doing or "").split())
            )
            for session, host, since, doing in answers(connection, SESSIONS.format(only=only))
        ]


def sqlstate(error: BaseException) -> str | None:
    """The five letters by which PostgreSQL knows an error, whatever the driver."""
    original: object = getattr(error, "orig", None) or error
    for name in ("sqlstate", "pgcode"):
        found = getattr(original, name, None)
        if isinstance(found, str):
            return found
    return None
