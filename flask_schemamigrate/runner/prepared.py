"""Statements on our own tables, which are the same for each of thousands of revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]

PROSE = frozenset({"described", "error", "file", "message", "sql"})
"""Columns that are for people, and by which nothing is found."""


class Prepared:
    """A statement that is compiled once for a database; SQLAlchemy would look it up each time.

    ``columns`` are those that an INSERT or UPDATE gives values to.
    """

    def __init__(self, statement: Any, columns: Iterable[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns)
        self._dialect: sa.Dialect | None = None
        self._sql = ""
        self._given: Callable[[Row], Any] = dict

    def __call__(self, connection: sa.Connection, *rows: Row) -> sa.CursorResult[Any]:
        """Carry it out with these values, once for each row of them."""
        if self._dialect is not connection.dialect:
            self._prepare(connection.dialect)
        try:
            return self._sent(connection, rows)
        except UnicodeEncodeError as error:
            # The database need not have all the letters of whoever wrote a message.
            return self._sent(connection, [_spelled(row, error.encoding) for row in rows])

    def _sent(self, connection: sa.Connection, rows: Sequence[Row]) -> sa.CursorResult[Any]:
        given = [self._given(row) for row in rows]
        return connection.exec_driver_sql(self._sql, given[0] if len(given) == 1 else given)

    def _prepare(self, dialect: sa.Dialect) -> None:
        """Compile it, and see what the driver wants values to be."""
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        turns = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        order = list(compiled.positiontup) if compiled.positional else list(turns)

        def given(row: Row) -> Any:
            values = [turn(row[name]) if (turn := turns[name]) else row[name] for name in order]
            return tuple(values) if compiled.positional else dict(zip(order, values, strict=True))

        self._sql, self._given, self._dialect = str(compiled), given, dialect


def _spelled(row: Row, encoding: str) -> Row:
    """A row with escapes in its prose for letters that an encoding has not."""
    return {
        name: value.encode(encoding, "backslashreplace").decode(encoding)
        if isinstance(value, str) and name.partition("_")[0] in PROSE
        else value
        for name, value in row.items()
    }
