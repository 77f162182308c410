"""Polite DDL: waiting for a table's lock for a short time only, and telling who holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ..asking import asked
from ..locks import Holder

# ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK (a cluster's conflicts, too) and MySQL's ER_LOCK_NOWAIT.
LOCK_ERRORS = (1205, 1213, 3572)


class Politeness:
    """What a runner needs to wait for other sessions without keeping them waiting."""

    def lock_timeout_statements(self, seconds: float) -> Iterator[str]:
        """Give up waiting for another session's lock after so many seconds, at least one.

        https://mariadb.com/kb/en/server-system-variables/#lock_wait_timeout
        """
        whole = max(1, round(seconds))
        yield f"SET SESSION lock_wait_timeout = {whole}"

    def statement_timeout_statements(self, seconds: float) -> Iterator[str]:
        """End a SELECT that takes longer; MySQL has no such rule for other statements.

        https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time
        """
        yield f"SET SESSION max_execution_time = {max(0, round(seconds * 1000))}"

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether a statement gave up because another session held a lock."""
        return error_number(error) in LOCK_ERRORS

    def session_locks_hold(self, connection: sa.Connection) -> bool:
        """Whether a session's lock keeps others out; in a Galera cluster each node has its own.

        https://mariadb.com/kb/en/mariadb-galera-cluster-known-limitations/
        """
        query = "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'"
        value = asked(connection, query).scalars(1).first()
        return str(value).upper() not in ("ON", "1")

    def blockers(self, connection: sa.Connection, table: str | None = None) -> list[Holder]:
        """The sessions that may hold what a DDL statement waits for, the longest first.

        The metadata locks themselves are shown by plugins that few servers load, so these are the
        transactions that have been open longest, and any session busy in the same database.
        """
        query = sa.text(
            "SELECT p.id, p.user, p.host, COALESCE(t.trx_started, NOW() - INTERVAL p.time SECOND),"
            " COALESCE(p.info, IF(p.command = 'Sleep', '(idle in transaction)', p.command))"
            " FROM information_schema.processlist p"
            " LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id"
            " WHERE p.id <> CONNECTION_ID() AND p.db = DATABASE()"
            " AND (t.trx_id IS NOT NULL OR p.command <> 'Sleep')"
            " ORDER BY 4"
        )
        return [_holder(row) for row in connection.execute(query)]


def error_number(error: BaseException) -> int | None:
    """The server's number of an error, which every driver puts first."""
    arguments: tuple[object, ...] = getattr(getattr(error, "orig", None) or error, "args", ())
    number = arguments[0] if arguments else None
    return number if isinstance(number, int) else None


def _holder(row: Any) -> Holder:
    return Holder(
        session=str(row[0]), host=f"{row[1]}@{row[2]}", since=str(row[3]), doing=str(row[4] or "")
    )
