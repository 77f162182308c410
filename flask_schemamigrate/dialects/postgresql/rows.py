"""Inserting rows with COPY, upserting them, and writing values into SQL text."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ...errors.operations import BadRow
from ...operations import BulkInsert, Execute, Upsert
from ..rows import (
    CHUNK,
    Rows,
    checked,
    chunks,
    has_expression,
    misfit,
    needs_sqlalchemy,
    peeked,
    raised,
)
from .catalogue import NOT_COPIED
from .literals import LiteralCompiler
from .read import answers

DRIVER = "psycopg"
"""Psycopg 3, the driver that has COPY."""
ROWS_IN_A_SCRIPT = 500

Processor = Callable[[Any], Any] | None


class PostgreSQLRows(Rows):
    """Rows go through COPY where psycopg 3 is the driver and nothing needs SQLAlchemy's INSERT."""

    def insert(self, operation: BulkInsert, connection: sa.Connection) -> None:
        found = peeked(operation.rows)
        if found is None:
            return
        first, rows = found
        again = replace(operation, rows=rows)
        driver = connection.dialect.driver
        is_ours = operation.multiinsert and driver == DRIVER and not connection.dialect.is_async
        if (
            not is_ours
            or needs_sqlalchemy(operation.table, first)
            or any(is_read_otherwise(operation.table, first, connection.dialect))
            or self._inserts_otherwise(operation.table, connection)
        ):
            super().insert(again, connection)
            return
        self._copy(again, connection)

    def _inserts_otherwise(self, table: sa.TableClause, connection: sa.Connection) -> bool:
        """Whether something stands between the table and its rows that COPY passes by or refuses.

        https://www.postgresql.org/docs/current/sql-copy.html
        """
        place = self.literal(self.place(table.name, getattr(table, "schema", None)))
        return bool(answers(connection, NOT_COPIED.format(place=place)))

    def _copy(self, operation: BulkInsert, connection: sa.Connection) -> None:
        """COPY the rows; those that it cannot take are inserted in between."""
        rows = Prepared(operation.table, operation.rows, connection.dialect)
        names = ", ".join(self.quoted(operation.table.c[key].name) for key in rows.keys)
        place = self.place(operation.table.name, getattr(operation.table, "schema", None))
        statement = f"COPY {place} ({names}) FROM STDIN"
        while True:
            with wrapped(connection, statement) as cursor, cursor.copy(statement) as copying:
                write = copying.write_row
                for values in rows:
                    try:
                        write(values)
                    except connection.dialect.loaded_dbapi.Error:
                        raise
                    except Exception as error:
                        raise rows.misfit(error) from error
            if rows.odd is None:
                return
            insert = operation.table.insert().inline()
            together = rows.from_odd()
            if any(map(has_expression, together)):
                for row in together:
                    connection.execute(insert.values(**row))
            else:
                connection.execute(insert, together)

    def upserting(self, operation: Upsert, row: Mapping[str, Any]) -> sa.sql.Executable:
        """INSERT ... ON CONFLICT."""
        insert = postgresql.insert(operation.table)
        key = [operation.table.c[name] for name in operation.key]
        columns = self.updated(operation, row)
        if not columns:
            return insert.on_conflict_do_nothing(index_elements=key)
        return insert.on_conflict_do_update(
            index_elements=key, set_={name: insert.excluded[name] for name in columns}
        )

    # -- writing

    def written_data(self, operation: Execute | BulkInsert | Upsert) -> Iterator[str]:
        """An operation on rows as SQL text with its values inline; many rows in one INSERT."""
        if not isinstance(operation, BulkInsert) or not operation.multiinsert:
            yield from super().written_data(operation)
            return
        for rows in chunks(checked(operation.table, operation.rows), ROWS_IN_A_SCRIPT):
            if needs_sqlalchemy(operation.table, rows[0]) or any(map(has_expression, rows)):
                yield from super().written_data(replace(operation, rows=rows))
            else:
                yield self._written(operation.table, rows)

    def _written(self, table: sa.TableClause, rows: list[dict[str, Any]]) -> str:
        """These rows in one INSERT."""
        types = {key: table.c[key].type for key in rows[0]}
        write = LiteralCompiler(self.sqlalchemy, None).render_literal_value
        names = self.names(table.c[key].name for key in types)
        lines = "),\n    (".join(
            ", ".join([write(row[key], type_) for key, type_ in types.items()]) for row in rows
        )
        return f"INSERT INTO {self.place(table.name, table.schema)} ({names}) VALUES\n    ({lines})"

    def literal_compiler(self, compiler: Any) -> Any:
        """Ours, which psql reads back as the same values."""
        return LiteralCompiler


class Prepared:
    """The rows of a `BulkInsert` as tuples, ready for COPY; iterating stops before ``odd`` ones."""

    def __init__(
        self, table: sa.TableClause, rows: Iterable[Mapping[str, Any]], dialect: sa.Dialect
    ) -> None:
        self.odd: Mapping[str, Any] | None = None
        self._table = table
        self._dialect = dialect
        self._rows = iter(rows)
        self._first = next(checked(table, [next(self._rows)]))
        self._row: Mapping[str, Any] = self._first
        self.keys = list(self._first)
        self._number = 0
        self._processors = processors(table, self.keys, dialect)
        self._doubts = [doubts(table.c[key].type, dialect) for key in self.keys]
        self._seen: dict[tuple[type, ...], Sequence[int]] = {}

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The next tuples, until a row holds an expression or all are done."""
        keys, seen = self._first.keys(), self._seen
        pick = itemgetter(*keys) if len(keys) > 1 else lambda row: (next(iter(row.values())),)
        process = self._processed if any(self._processors) else None
        rows = chain((self._first,), self._rows) if not self._number else self._rows
        for row in rows:
            self._number += 1
            if type(row) is not dict or row.keys() != keys:
                row = self._complained(row)
            values = pick(row)
            kinds = tuple(map(type, values))
            places = seen.get(kinds)
            if places is None:
                if has_expression(row):
                    self.odd = row
                    return
                places = seen[kinds] = self._doubtful(kinds)
            if process is not None:
                try:
                    values = process(values)
                except Exception as error:
                    raise self.misfit(error, row) from error
            if places and any(is_doubted(values[at], self._doubts[at]) for at in places):
                self.odd = row
                return
            self._row = row
            yield values

    def from_odd(self) -> list[Mapping[str, Any]]:
        """The odd row, and if it has only values many behind it that may well be of its kind."""
        assert self.odd is not None
        found, keys = [self.odd], self._first.keys()
        for row in () if has_expression(self.odd) else islice(self._rows, CHUNK):
            self._number += 1
            is_good = type(row) is dict and row.keys() == keys
            found.append(row if is_good else self._complained(row))
        self.odd = None
        return found

    def _doubtful(self, kinds: Sequence[type]) -> Sequence[int]:
        """The places of values to look at: those of types in doubt, and all that are decorated."""
        return [
            place
            for place, (kind, doubted) in enumerate(zip(kinds, self._doubts, strict=True))
            if doubted and (self._processors[place] is not None or issubclass(kind, doubted))
        ]

    def misfit(self, error: BaseException, row: Mapping[str, Any] | None = None) -> BadRow:
        """What to say of a row, or the last one, that cannot be sent."""
        return misfit(self._table, row or self._row, self._number, self._dialect, error)

    def _processed(self, values: Sequence[Any]) -> Sequence[Any]:
        return [
            value if process is None else process(value)
            for process, value in zip(self._processors, values, strict=True)
        ]

    def _complained(self, row: Any) -> dict[str, Any]:
        """The row as a dict; raises `BadRow` for what is wrong with it."""
        *_, good = checked(self._table, [self._first, row], first=self._number - 1)
        return good


def processors(table: sa.TableClause, keys: Iterable[str], dialect: sa.Dialect) -> list[Processor]:
    """How SQLAlchemy makes each column's values ready for the driver."""
    return [table.c[key].type.dialect_impl(dialect).bind_processor(dialect) for key in keys]


def doubts(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> tuple[type, ...]:
    """The types of values whose text this type reads otherwise than INSERT converts the value.

    A time with an offset counts: a column without one leaves the offset out of a text, and goes by
    the session's time zone in a conversion.
    """
    impl = type_.dialect_impl(dialect)
    match getattr(impl, "impl_instance", impl):
        case sa.Enum():
            return ()
        case sa.String():
            return (bool, uuid.UUID, datetime.timedelta, decimal.Decimal, datetime.datetime)
        case sa.Integer():
            return (bool, float, decimal.Decimal)
        case sa.DateTime(timezone=False) | sa.Date() | sa.types.NullType():
            return (datetime.datetime,)
    return ()


def is_doubted(value: Any, doubted: tuple[type, ...]) -> bool:
    """Whether a value is of one of these types; a time only if it has an offset."""
    if isinstance(value, datetime.datetime):
        return datetime.datetime in doubted and value.tzinfo is not None
    return isinstance(value, doubted)


def is_read_otherwise(
    table: sa.TableClause, row: Mapping[str, Any], dialect: sa.Dialect
) -> Iterator[bool]:
    """Whether COPY would make another value of each column's value than INSERT does."""
    for key, value in row.items():
        if key in table.c:
            yield is_doubted(value, doubts(table.c[key].type, dialect))


@contextmanager
def wrapped(connection: sa.Connection, statement: str) -> Iterator[Any]:
    """The driver's cursor, whose errors become SQLAlchemy's."""
    driver: Any = connection.connection.dbapi_connection
    if not connection.in_transaction():
        connection.begin()
    try:
        with driver.cursor() as cursor:
            yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        if isinstance(error.__context__, BadRow):
            # Psycopg 3.1 sends what it has of that row, and the server's complaint hid the cause.
            raise error.__context__ from None
        # "COPY thing, line 2, column born: ..."; lines are rows here.
        where = str(getattr(error.diag, "context", None) or "").partition(", ")[2]
        raise raised(
            connection, error, f"{statement} -- {where}" if where else statement
        ) from error
