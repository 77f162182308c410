"""Rows: inserting many at the driver's own speed, and upserting."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from ...operations import BulkInsert, Execute, Upsert
from ..base import Dialect
from ..rows import checked, chunks, has_expression, misfit
from .literals import inline, literal

CHUNK = 500
"""Rows handed to the driver at a time: few enough to be in the processor's cache throughout."""
WRITTEN = 100
"""Rows in one INSERT of a script."""

ISO: dict[Any, tuple[type, Callable[[Any], str]]] = {
    sqlite.DATETIME: (datetime.datetime, lambda value: value.isoformat(" ", "microseconds")),
    sqlite.DATE: (datetime.date, datetime.date.isoformat),
    sqlite.TIME: (datetime.time, lambda value: value.isoformat("microseconds")),
}
"""Types whose usual storage format is what ``isoformat`` gives."""

TIME_ZONE = attrgetter("tzinfo")

Processor = Callable[[Sequence[Any]], Sequence[Any]]


class Inserting(Dialect):
    """Inserts tuples through SQLAlchemy's types, without a dictionary for each row."""

    def insert(self, operation: BulkInsert, connection: sa.Connection) -> None:
        """Insert rows in chunks, whose memory is all that is needed at a time."""
        rows = iter(operation.rows)
        number = 0
        for first in rows:
            keys = list(next(checked(operation.table, [first])))
            plan = _Insert.of(operation.table, keys, self.sqlalchemy)
            if plan is None or not operation.multiinsert:
                super().insert(_with(operation, first, rows), connection)
                return
            plan.carry_out([first], connection, number)
            number = 1
            while chunk := list(islice(rows, CHUNK)):
                plan.carry_out(chunk, connection, number)
                number += len(chunk)

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
        if not isinstance(operation, BulkInsert):
            yield from super().written_data(operation)
            return
        for chunk in chunks(checked(operation.table, operation.rows), WRITTEN):
            plan = _Insert.of(operation.table, list(chunk[0]), self.sqlalchemy)
            text = None if plan is None else plan.written(chunk)
            if text is not None:
                yield text
                continue
            for row in chunk:
                yield self.compiled(operation.table.insert().inline().values(**row))

    def compiled(self, clause: Any) -> str:
        """A statement as text with its values inline."""
        return inline(clause, self.sqlalchemy)


def _with(operation: BulkInsert, first: Any, rows: Iterator[Any]) -> BulkInsert:
    """The operation with its first row put back."""

    def again() -> Iterator[Any]:
        yield first
        yield from rows

    return BulkInsert(operation.table, again(), operation.multiinsert)


class _Insert:
    """One INSERT for rows with the same keys."""

    def __init__(
        self,
        table: sa.TableClause,
        keys: Sequence[str],
        sql: str,
        processors: Sequence[Processor | None],
    ) -> None:
        self.table = table
        self.keys = list(keys)
        self.sql = sql
        self.processors = processors
        self.values = itemgetter(*keys) if len(keys) > 1 else _single(keys[0])

    @classmethod
    def of(cls, table: sa.TableClause, keys: Sequence[str], dialect: sa.Dialect) -> _Insert | None:
        """The statement, or ``None`` where SQLAlchemy has to make values of its own."""
        if not keys:
            return None
        own = [table.c[key] for key in keys]
        made = [
            column
            for column in table.c
            if getattr(column, "default", None) is not None and column.key not in keys
        ]
        if made or any(column.type._has_bind_expression for column in own):
            return None
        preparer = dialect.identifier_preparer
        names = ", ".join(preparer.format_column(column) for column in own)
        marks = ", ".join("?" * len(own))
        place = preparer.format_table(table)
        processors = [_processor(column.type, dialect) for column in own]
        return cls(table, keys, f"INSERT INTO {place} ({names}) VALUES ({marks})", processors)

    def carry_out(self, chunk: list[Any], connection: sa.Connection, number: int) -> None:
        """Insert these rows, of which the first has this number, counted from 0."""
        tuples = self.plain(self.checked(chunk, number))
        if tuples is None:
            self.one_by_one([dict(row) for row in chunk], connection, number)
        else:
            connection.exec_driver_sql(self.sql, tuples)

    def written(self, chunk: list[dict[str, Any]]) -> str | None:
        """These rows in one INSERT, or ``None`` if they hold SQL expressions."""
        tuples = self.plain(list(map(self.values, chunk)))
        if tuples is None:
            return None
        rows = [[literal(value) for value in row] for row in tuples]
        if any(text is None for row in rows for text in row):
            return None
        lines = ",\n    ".join(f"({', '.join(map(str, row))})" for row in rows)
        return f"{self.sql.rpartition(' VALUES ')[0]} VALUES\n    {lines}"

    def checked(self, chunk: list[Any], number: int) -> list[tuple[Any, ...]]:
        """The rows as tuples. Raises `BadRow`."""
        size = len(self.keys)
        if set(map(type, chunk)) == {dict} and set(map(len, chunk)) == {size}:
            try:
                return list(map(self.values, chunk))
            except KeyError:
                pass
        # The first one has the keys that all must have, and counts as the row before these.
        template = dict.fromkeys(self.keys)
        rows = list(checked(self.table, [template, *chunk], first=number))[1:]
        return list(map(self.values, rows))

    def plain(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]] | None:
        """The rows as the driver takes them, or ``None`` if it would not take some value.

        They are looked through a column at a time, which is the fastest way.
        """
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        try:
            processed = [
                values if process is None else process(values)
                for values, process in zip(columns, self.processors, strict=True)
            ]
        except Exception:
            # Most likely an SQL expression among the values, which no processor understands; what
            # else it may be is said when the rows are inserted one by one.
            return None
        kinds = set().union(*(set(map(type, values)) for values in processed))
        if any(issubclass(kind, sa.sql.ClauseElement) for kind in kinds):
            return None
        return list(zip(*processed, strict=True)) if any(self.processors) else rows

    def one_by_one(
        self, chunk: list[dict[str, Any]], connection: sa.Connection, number: int
    ) -> None:
        """Insert rows each by itself, because some of them hold SQL expressions."""
        insert = self.table.insert().inline()
        for place, row in enumerate(chunk):
            try:
                if has_expression(row):
                    connection.execute(insert.values(**row))
                else:
                    connection.execute(insert, row)
            except sa.exc.StatementError as error:
                if isinstance(error, sa.exc.DBAPIError):
                    raise
                cause = error.orig or error
                place += number + 1
                raise misfit(self.table, row, place, connection.dialect, cause) from error


def _processor(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Processor | None:
    """What makes of a column its stored values; faster than SQLAlchemy for dates and times."""
    impl: Any = type_.dialect_impl(dialect)
    process = impl.bind_processor(dialect)
    if process is None:
        return None
    kind = next((kind for kind in ISO if isinstance(impl, kind)), None)
    if kind is None or impl._storage_format != kind._storage_format:
        return lambda values: list(map(process, values))
    if type(impl).bind_processor is not kind.bind_processor:
        return lambda values: list(map(process, values))
    usual, written = ISO[kind]

    def processed(values: Sequence[Any]) -> list[Any]:
        # SQLAlchemy leaves the time zone out, which isoformat does not.
        plain = set(map(type, values)) == {usual}
        if plain and (usual is datetime.date or not any(map(TIME_ZONE, values))):
            return [written(value) for value in values]
        return list(map(process, values))

    return processed


def _single(key: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: (row[key],)
