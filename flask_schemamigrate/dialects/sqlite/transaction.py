"""Transactions that are SQLite's own, with the driver's handling of them switched off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa

from ...errors.altering import DanglingRows
from ..events import place_of_events
from .tokens import quoted

AUTOCOMMIT = "schemamigrate autocommit"
DRIVEN = "schemamigrate driven"
LEGACY = -1
"""``sqlite3.LEGACY_TRANSACTION_CONTROL``, the only value older Pythons know."""


_listened: WeakSet[sa.Connection] = WeakSet()


def raw(connection: sa.Connection, sql: str) -> list[Any]:
    """Carry out a statement behind SQLAlchemy's back, so that it begins no transaction."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


def pragma(connection: sa.Connection, name: str) -> int:
    """The value of a setting."""
    rows = raw(connection, f"PRAGMA {name}")
    return int(rows[0][0]) if rows else 0


def in_transaction(connection: sa.Connection) -> bool:
    """Whether SQLite itself is in a transaction."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", False))


@contextmanager
def driven(connection: sa.Connection) -> Iterator[None]:
    """A block in which nobody but us begins transactions; SQLAlchemy's own become IMMEDIATE.

    The sqlite3 module would begin them late and not for DDL:
    https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#sqlite-transactions
    """
    dbapi: Any = connection.connection.dbapi_connection
    if connection.info.get(DRIVEN):
        yield
        return
    autocommit = getattr(dbapi, "autocommit", LEGACY)
    if autocommit != LEGACY:
        dbapi.autocommit = LEGACY
    isolation = dbapi.isolation_level
    if isolation is not None:
        dbapi.isolation_level = None
    info = connection.info
    info[DRIVEN] = True
    if connection not in _listened:
        # Once, as it takes longer than a transaction; outside such a block they do nothing.
        place = place_of_events(connection)
        sa.event.listen(place, "begin", _begun)
        sa.event.listen(place, "before_cursor_execute", _begun_already, retval=True)
        _listened.add(connection)
    try:
        yield
    finally:
        info.pop(DRIVEN, None)
        if not connection.closed and not connection.invalidated:
            if isolation is not None:
                dbapi.isolation_level = isolation
            if autocommit != LEGACY:
                dbapi.autocommit = autocommit


def _begun(connection: sa.Connection) -> None:
    if connection.info.get(DRIVEN):
        _begin(connection)


def _begin(connection: sa.Connection) -> None:
    if connection.info.get(AUTOCOMMIT):
        return
    if in_transaction(connection):
        # The app began its own, as SQLAlchemy's manual shows; but two writers that both began with
        # reading would lock each other out.
        raw(connection, "ROLLBACK")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begun_already(
    connection: sa.Connection, cursor: Any, statement: str, parameters: Any, *others: Any
) -> tuple[str, Any]:
    """Another statement in place of the app's own BEGIN, where it comes after ours."""
    is_begin = statement[:5].upper() == "BEGIN" and connection.info.get(DRIVEN)
    if is_begin and (in_transaction(connection) or connection.info.get(AUTOCOMMIT)):
        return "SELECT 1", parameters
    return statement, parameters


@contextmanager
def transaction(connection: sa.Connection, *, unguarded: bool) -> Iterator[None]:
    """A transaction around a revision, all of it or nothing.

    ``unguarded`` switches foreign keys off before it begins, which SQLite only heeds there, and
    looks before its end whether they still hold. Raises `DanglingRows`.
    """
    joined = connection.in_transaction() and in_transaction(connection)
    with driven(connection), _settings(connection, unguarded=unguarded and not joined):
        if not connection.in_transaction():
            connection.begin()
        elif not joined:
            _begin(connection)
        try:
            known = violations(connection) if unguarded else Counter()
            yield
            new = violations(connection) - known if unguarded else Counter()
            if new:
                raise DanglingRows(sorted(new.elements(), key=str))
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


def violations(connection: sa.Connection) -> Counter[tuple[Any, ...]]:
    """How many rows have foreign keys that lead nowhere, by table, rowid and referent."""
    try:
        rows = raw(connection, "PRAGMA foreign_key_check")
    except Exception:
        # One key that leads to columns without a unique index makes the whole check fail.
        rows = [row for table in _tables(connection) for row in _violations_of(connection, table)]
    return Counter(tuple(row[:3]) for row in rows)


def _tables(connection: sa.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'"
    return [row[0] for row in raw(connection, query)]


def _violations_of(connection: sa.Connection, table: str) -> list[Any]:
    try:
        return raw(connection, f"PRAGMA foreign_key_check({quoted(table)})")
    except Exception:
        return []


@contextmanager
def _settings(connection: sa.Connection, *, unguarded: bool) -> Iterator[None]:
    """A block after which foreign keys and renaming are handled as they were before it."""
    guarded = pragma(connection, "foreign_keys")
    legacy = pragma(connection, "legacy_alter_table")
    if unguarded and guarded:
        raw(connection, "PRAGMA foreign_keys=OFF")
    if legacy:
        raw(connection, "PRAGMA legacy_alter_table=OFF")
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            if unguarded and guarded:
                raw(connection, "PRAGMA foreign_keys=ON")
            raw(connection, f"PRAGMA legacy_alter_table={'ON' if legacy else 'OFF'}")
            raw(connection, "PRAGMA writable_schema=OFF")


@contextmanager
def autocommit(connection: sa.Connection) -> Iterator[None]:
    """A block in which each statement commits by itself; what came before it is committed."""
    connection.commit()
    with driven(connection):
        connection.info[AUTOCOMMIT] = True
        try:
            yield
        finally:
            connection.commit()
            connection.info.pop(AUTOCOMMIT, None)
