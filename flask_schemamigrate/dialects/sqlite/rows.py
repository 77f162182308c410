"""Rows: inserting many at the driver's own speed, and upserting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from ...errors.operations import BadRow
from ...operations import BulkInsert, Execute, Upsert
from ..base import Dialect
from ..parameters import with_defaults
from ..rows import (
    checked,
    chunks,
    has_expression,
    needs_sqlalchemy,
    peeked,
    raised,
)
from .literals import inlining, literal
from .tuples import Feed, Tuples

DRIVER = "pysqlite"
"""What takes rows one by one, in the thread that it is called in."""
WRITTEN = 100
"""Rows in one INSERT of a script."""


class Inserting(Dialect):
    """Inserts tuples through SQLAlchemy's types, without a dictionary for each row."""

    def insert(self, operation: BulkInsert, connection: sa.Connection) -> None:
        """Insert all rows by one call of the driver, which takes them as they come."""
        found = peeked(operation.rows)
        if found is None:
            return
        first, rows = found
        table = operation.table
        is_ours = operation.multiinsert and connection.dialect.driver == DRIVER
        if not is_ours or needs_sqlalchemy(table, first):
            super().insert(replace(operation, rows=rows), connection)
            return
        keys = list(next(checked(table, [first])))
        _fed(Feed(Tuples(table, keys, self.sqlalchemy), rows), connection)

    def upserting(self, operation: Upsert, row: Mapping[str, Any]) -> sa.sql.Executable:
        """INSERT ... ON CONFLICT."""
        statement = sqlite.insert(operation.table).inline()
        updated = self.updated(operation, row)
        if not updated:
            return statement.on_conflict_do_nothing(index_elements=list(operation.key))
        return statement.on_conflict_do_update(
            index_elements=list(operation.key),
            set_={name: statement.excluded[name] for name in updated},
        )

    def written_data(self, operation: Execute | BulkInsert | Upsert) -> Iterator[str]:
        """An operation on rows as SQL text; many rows in one INSERT."""
        if not isinstance(operation, BulkInsert) or not operation.multiinsert:
            yield from super().written_data(operation)
            return
        before = 0
        for chunk in chunks(checked(operation.table, operation.rows), WRITTEN):
            text = self._written(operation.table, chunk, before)
            before += len(chunk)
            if text is not None:
                yield text
                continue
            for row in chunk:
                values = with_defaults(operation.table, row)
                yield self.compiled(operation.table.insert().inline().values(values))

    def _written(
        self, table: sa.TableClause, rows: list[dict[str, Any]], before: int
    ) -> str | None:
        """These rows in one INSERT, or ``None`` if SQLAlchemy has to write them."""
        if needs_sqlalchemy(table, rows[0]):
            return None
        tuples = Tuples(table, list(rows[0]), self.sqlalchemy)
        values = [[literal(value) for value in row] for row in tuples.of(rows, before)]
        if any(text is None for row in values for text in row):
            return None
        lines = ",\n    ".join(f"({', '.join(map(str, row))})" for row in values)
        return f"{tuples.head}\n    {lines}"

    def inlining(self, compiler: Any) -> Any:
        return inlining(compiler)


def _fed(feed: Feed, connection: sa.Connection) -> None:
    """Insert all rows of a feed; the driver refuses those that hold an SQL expression."""
    insert = feed.tuples.table.insert().inline()
    if not connection.in_transaction():
        connection.begin()
    with closing(connection.connection.cursor()) as cursor:
        # It takes any iterable, which SQLAlchemy's type for it does not say.
        insert_all: Callable[[str, Any], Any] = cursor.executemany
        while True:
            try:
                insert_all(feed.tuples.sql, feed)
                return
            except Exception as error:
                if not feed.is_asked:
                    raise raised(connection, error, feed.tuples.sql) from error
                if feed.is_reading:
                    raise
                if not has_expression(feed.row):
                    raise _refusal(feed, connection, error) from error
            connection.execute(insert.values(**feed.row))


def _refusal(feed: Feed, connection: sa.Connection, error: Exception) -> BaseException:
    """What to say of the row that the driver did not insert."""
    tuples = feed.tuples
    for key, value in zip(tuples.keys, feed.values, strict=True):
        if unbindable := _unbindable(value, connection):
            problem = f"does not fit column '{key}': {unbindable}"
            return BadRow(tuples.table.fullname, feed.number, problem)
    return raised(connection, error, f"{tuples.sql} -- row {feed.number}", feed.values)


def _unbindable(value: Any, connection: sa.Connection) -> Exception | None:
    """Why the driver takes no such value; ``None`` if it does."""
    with closing(connection.connection.cursor()) as cursor:
        try:
            cursor.execute("SELECT ?", (value,))
        except Exception as error:
            return error
    return None
