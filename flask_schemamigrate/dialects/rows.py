"""Carrying out raw SQL and inserting rows, through SQLAlchemy."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as SQLAlchemyDialect
from sqlalchemy.engine.default import DefaultDialect

from ..errors.operations import BadRow, NotSupportedHere
from ..operations import BulkInsert, Execute, Upsert
from .clauses import Clauses
from .parameters import as_clause, filled, with_defaults

CHUNK = 5000


class Rows(Clauses):
    """Operations on rows. Dialects override the ways that are faster for them."""

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        super().__init__(sqlalchemy_dialect)
        # It keeps what it found out about types, so there is one for all statements.
        twin: Any = copy.copy(sqlalchemy_dialect)
        twin.statement_compiler = self.literal_compiler(twin.statement_compiler)
        self._inlining: SQLAlchemyDialect = twin

    def carry_out_data(
        self, operation: Execute | BulkInsert | Upsert, connection: sa.Connection
    ) -> Any:
        """Do an operation on rows."""
        match operation:
            case Execute():
                return self.execute(operation, connection)
            case BulkInsert():
                self.insert(operation, connection)
            case Upsert():
                for rows in chunks(checked(operation.table, operation.rows)):
                    connection.execute(self.upserting(operation, rows[0]), rows)
        return None

    def execute(self, operation: Execute, connection: sa.Connection) -> Any:
        """Carry out SQL text or an expression."""
        clause = as_clause(operation.statement)
        return connection.execute(
            clause, operation.parameters, execution_options=dict(operation.options)
        )

    def insert(self, operation: BulkInsert, connection: sa.Connection) -> None:
        """Insert rows in chunks, so that memory stays flat whatever the number of rows."""
        insert = operation.table.insert().inline()
        alike = operation.multiinsert
        for rows in chunks(checked(operation.table, operation.rows, alike=alike)):
            if alike and not any(map(has_expression, rows)):
                connection.execute(insert, rows)
            else:
                for row in rows:
                    connection.execute(insert.values(**row))

    def upserting(self, operation: Upsert, row: Mapping[str, Any]) -> sa.sql.Executable:
        """The statement that inserts or updates, for rows with these keys."""
        raise NotSupportedHere("upsert", self.title)

    def updated(self, operation: Upsert, row: Mapping[str, Any]) -> list[str]:
        """The columns an upsert updates."""
        if operation.update is not None:
            return list(operation.update)
        return [name for name in row if name not in operation.key]

    def written_data(self, operation: Execute | BulkInsert | Upsert) -> Iterator[str]:
        """An operation on rows as SQL text with its values inline."""
        match operation:
            case Execute():
                yield from map(self.compiled, filled(operation, self.sqlalchemy))
            case BulkInsert():
                alike = operation.multiinsert
                for row in checked(operation.table, operation.rows, alike=alike):
                    values = with_defaults(operation.table, row)
                    yield self.compiled(operation.table.insert().inline().values(values))
            case Upsert():
                for row in checked(operation.table, operation.rows):
                    clause = self.upserting(operation, row)
                    values = with_defaults(operation.table, row)
                    yield self.compiled(clause.values(values))  # type: ignore[attr-defined]

    def compiled(self, clause: Any) -> str:
        """A statement as text with its values inline."""
        options = {"literal_binds": True}
        return str(clause.compile(dialect=self._inlining, compile_kwargs=options))

    def literal_compiler(self, compiler: Any) -> Any:
        """SQLAlchemy's compiler for statements, made to know a literal for every value."""
        return typed(compiler)


@cache
def typed(compiler: Any) -> Any:
    """A compiler that takes a value's own type where its column or parameter has none."""

    class Typed(compiler):  # type: ignore[misc]
        """SQLAlchemy's compiler with a literal for each value whose type it knows."""

        def render_literal_value(self, value: Any, type_: Any, **kw: Any) -> str:
            known = sa.literal(value).type if isinstance(type_, sa.types.NullType) else type_
            return str(super().render_literal_value(value, known, **kw))

    return Typed


def chunks(rows: Iterable[dict[str, Any]], size: int = CHUNK) -> Iterator[list[dict[str, Any]]]:
    """The rows in lists of at most ``size``."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def peeked(rows: Iterable[Any]) -> tuple[Any, Iterator[Any]] | None:
    """The first row and all of them, or ``None`` if there is none."""
    iterator = iter(rows)
    for first in iterator:
        return first, chain((first,), iterator)
    return None


def needs_sqlalchemy(table: sa.TableClause, row: Any) -> bool:
    """Whether only SQLAlchemy's own INSERT makes of a row like this what is to be stored.

    It fills in Python's defaults, and says what is wrong with a row that is none.
    """
    if not isinstance(row, Mapping) or not row:
        return True
    return any(
        column.type._has_bind_expression
        if key in row
        else getattr(column, "default", None) is not None
        for key, column in table.c.items()
    )


def checked(
    table: sa.TableClause, rows: Iterable[Any], *, first: int = 1, alike: bool = True
) -> Iterator[dict[str, Any]]:
    """The rows, each seen to be a dict of the table's columns and, if ``alike``, all of the same.

    Raises `BadRow` naming the row, counted from ``first``, and the column.
    """
    columns = set(table.c.keys())
    keys: Sequence[str] | None = None
    for number, row in enumerate(rows, first):
        if not isinstance(row, Mapping):
            raise BadRow(table.fullname, number, f"is a {type(row).__name__}, not a dictionary")
        if keys is None or not alike:
            keys = list(row)
            unknown = [key for key in keys if key not in columns]
            if unknown:
                raise BadRow(table.fullname, number, f"has an unknown column '{unknown[0]}'")
        elif row.keys() != set(keys):
            odd = sorted(row.keys() ^ set(keys))[0]
            what = "has no" if odd in keys else "alone has the"
            raise BadRow(table.fullname, number, f"{what} column '{odd}'")
        yield dict(row)


def misfit(
    table: sa.TableClause,
    row: Mapping[str, Any],
    number: int,
    dialect: sa.Dialect,
    error: BaseException,
) -> BadRow:
    """What to say of a row with a value that its column's type did not take."""
    # Some drivers make a value ready only while they send it; SQLAlchemy's own way tells then.
    standard: Any = DefaultDialect()
    standard._json_serializer = None  # SQLAlchemy 2.0 has it in the dialects of databases only.
    for spoken in (dialect, standard):
        for key, value in row.items():
            process = table.c[key].type.dialect_impl(spoken).bind_processor(spoken)
            if process is None or isinstance(value, sa.sql.ClauseElement):
                continue
            try:
                process(value)
            except Exception as refusal:
                return BadRow(table.fullname, number, f"does not fit column '{key}': {refusal}")
    return BadRow(table.fullname, number, f"cannot be inserted: {error}")


def raised(
    connection: sa.Connection, error: BaseException, statement: str, values: Any = None
) -> BaseException:
    """The driver's error as SQLAlchemy would raise it; others as they are."""
    drivers = connection.dialect.loaded_dbapi.Error
    if not isinstance(error, drivers):
        return error
    return sa.exc.DBAPIError.instance(
        statement,
        values,
        error,
        drivers,
        hide_parameters=connection.engine.hide_parameters,
        dialect=connection.dialect,
    )


def has_expression(row: Mapping[str, Any]) -> bool:
    """Whether a value of the row is an SQL expression and cannot be a parameter."""
    return any(isinstance(value, sa.sql.ClauseElement) for value in row.values())
