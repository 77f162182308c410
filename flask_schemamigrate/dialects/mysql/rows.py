"""Inserting rows: many in one INSERT, its text made column by column, in sizes the server takes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from ...errors.operations import BadRow
from ...operations import BulkInsert, Execute, Upsert
from ..asking import asked
from ..rows import Rows, checked, chunks, has_expression, misfit, needs_sqlalchemy

LONGEST = 1_000_000
"""Characters of one INSERT; longer ones are no faster and make the server hold more memory."""
BYTES_A_CHARACTER = 4
SHOWN = 200
ROWS_IN_A_SCRIPT = 500
ESCAPES = str.maketrans({"\\": "\\\\", "'": "''", "\0": "\\0", "\n": "\\n", "\x1a": "\\Z"})
PLAIN_ESCAPES = str.maketrans({"'": "''"})

Texts = Callable[[Any], str]


class MySQLRows(Rows):
    """Rows for MySQL and MariaDB."""

    def carry_out_data(
        self, operation: Execute | BulkInsert | Upsert, connection: sa.Connection
    ) -> Any:
        """Do an operation on rows."""
        if isinstance(operation, Upsert):
            return self.many(operation, connection, self.updating)
        return super().carry_out_data(operation, connection)

    def insert(self, operation: BulkInsert, connection: sa.Connection) -> None:
        """Insert rows by as few statements as the server's packets allow."""
        if operation.multiinsert:
            self.many(operation, connection, None)
        else:
            super().insert(operation, connection)

    def many(
        self,
        operation: BulkInsert | Upsert,
        connection: sa.Connection,
        tail: Callable[[Upsert, Mapping[str, Any]], str] | None,
    ) -> None:
        """Insert many rows a statement.

        Drivers format each row by itself; formatting a whole column at once takes half the time.
        Rows with values that only the driver or SQLAlchemy can write are left to them.
        """
        packet = connection.exec_driver_sql("SELECT @@max_allowed_packet").scalar_one()
        longest = min(LONGEST, int(packet) // BYTES_A_CHARACTER - 1000)
        done = 0
        for rows in chunks(checked(operation.table, operation.rows)):
            try:
                values = self.row_texts(operation.table, rows)
            except Exception as error:
                raise self.refused(operation.table, rows, done, error) from error
            done += len(rows)
            if values is None:
                self.one_by_one(operation, rows, connection)
                continue
            head = self.head(operation.table, rows[0])
            end = "" if tail is None else tail(operation, rows[0])  # type: ignore[arg-type]
            for part in parts(values, longest - len(head) - len(end)):
                shortly(connection, f"{head} VALUES ({'),('.join(part)}){end}")

    def one_by_one(
        self,
        operation: BulkInsert | Upsert,
        rows: list[dict[str, Any]],
        connection: sa.Connection,
    ) -> None:
        """The rows through SQLAlchemy, which knows every value and fills Python's defaults."""
        if isinstance(operation, BulkInsert):
            super().insert(replace(operation, rows=rows), connection)
            return
        statement: Any = self.upserting(operation, rows[0])
        if not any(map(has_expression, rows)):
            connection.execute(statement, rows)
            return
        for row in rows:
            connection.execute(statement.values(**row))

    def refused(
        self,
        table: sa.TableClause,
        rows: Sequence[Mapping[str, Any]],
        done: int,
        error: BaseException,
    ) -> BadRow:
        """What to say of the first of these rows that cannot be written."""
        for number, row in enumerate(rows, done + 1):
            try:
                self.row_texts(table, [row])
            except Exception as refusal:
                return misfit(table, row, number, self.sqlalchemy, refusal)
        return BadRow(table.fullname, done + 1, f"cannot be inserted: {error}")

    # -- texts

    def head(self, table: sa.TableClause, row: Mapping[str, Any]) -> str:
        """The beginning of an INSERT of such rows."""
        names = self.names(table.c[key].name for key in row)
        return f"INSERT INTO {self.place(table.name, table.schema)} ({names})"

    def row_texts(
        self, table: sa.TableClause, rows: Sequence[Mapping[str, Any]]
    ) -> list[str] | None:
        """The rows as they stand between the parentheses of VALUES; ``None`` for odd values."""
        if needs_sqlalchemy(table, rows[0]):
            return None
        columns = []
        for key in rows[0]:
            type_ = table.c[key].type.dialect_impl(self.sqlalchemy)
            values: list[Any] = [row[key] for row in rows]
            if (process := type_.bind_processor(self.sqlalchemy)) is not None:
                values = [
                    value if isinstance(value, sa.sql.ClauseElement) else process(value)
                    for value in values
                ]
            texts = column_texts(values, self.literals)
            if texts is None:
                return None
            columns.append(texts)
        return list(map(",".join, zip(*columns, strict=True)))

    @cached_property
    def literals(self) -> Mapping[type[Any], Texts]:
        """How a value of each type is written into a statement."""
        escapes = ESCAPES if getattr(self.sqlalchemy, "_backslash_escapes", True) else PLAIN_ESCAPES
        return {
            type(None): lambda value: "NULL",
            bool: lambda value: "1" if value else "0",
            int: str,
            float: _number,
            Decimal: _decimal,
            str: lambda value: f"'{value.translate(escapes)}'",
            bytes: _binary,
            bytearray: _binary,
            memoryview: _binary,
            datetime.datetime: lambda value: f"'{value.replace(tzinfo=None).isoformat(' ')}'",
            datetime.date: lambda value: f"'{value.isoformat()}'",
            datetime.time: lambda value: f"'{value.replace(tzinfo=None).isoformat()}'",
            datetime.timedelta: _duration,
        }

    def upserting(self, operation: Upsert, row: Mapping[str, Any]) -> sa.sql.Executable:
        """INSERT ... ON DUPLICATE KEY UPDATE, with the new row named as this server wants it."""
        insert = mysql.insert(operation.table)
        names = self.updated(operation, row) or list(operation.key)
        return insert.on_duplicate_key_update({name: insert.inserted[name] for name in names})

    def updating(self, operation: Upsert, row: Mapping[str, Any]) -> str:
        """The end of an INSERT that updates the rows that are there already.

        https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
        """
        columns = [operation.table.c[name].name for name in self.updated(operation, row)]
        names = columns or [operation.table.c[name].name for name in operation.key]
        words = ", ".join(f"{self.quoted(name)} = {self.new_value(name)}" for name in names)
        return f"{self.new_row} ON DUPLICATE KEY UPDATE {words}"

    new_row = " AS new_row"

    def new_value(self, name: str) -> str:
        """The value that the row to be inserted has for a column."""
        return f"new_row.{self.quoted(name)}"

    # -- writing

    def written_data(self, operation: Execute | BulkInsert | Upsert) -> Iterator[str]:
        """An operation on rows as SQL text with its values inline."""
        if isinstance(operation, Execute) or not getattr(operation, "multiinsert", True):
            yield from super().written_data(operation)
            return
        for rows in chunks(checked(operation.table, operation.rows), ROWS_IN_A_SCRIPT):
            values = self.row_texts(operation.table, rows)
            if values is None:
                yield from super().written_data(replace(operation, rows=rows))
                continue
            end = self.updating(operation, rows[0]) if isinstance(operation, Upsert) else ""
            lines = "),\n    (".join(values)
            yield f"{self.head(operation.table, rows[0])} VALUES\n    ({lines}){end}"

    def literal_compiler(self, compiler: Any) -> Any:
        """One that writes bytes and durations too."""
        return inlining(compiler, self.literals)


def inlining(compiler: Any, literals: Mapping[type[Any], Texts]) -> Any:
    """A compiler that writes every value that we can write as we write it."""

    class Inlining(compiler):  # type: ignore[misc]
        """SQLAlchemy's compiler with literals of ours."""

        def render_literal_value(self, value: Any, type_: Any, **kw: Any) -> str:
            process = type_.dialect_impl(self.dialect).bind_processor(self.dialect)
            plain = value if process is None else process(value)
            write = literals.get(type(plain))
            if write is None:
                return str(super().render_literal_value(value, type_, **kw))
            return write(plain)

    return Inlining


def column_texts(values: list[Any], literals: Mapping[type[Any], Texts]) -> list[str] | None:
    """A column's values as literals; ``None`` if one is of a type that nobody knows."""
    kinds = set(map(type, values))
    if not kinds <= literals.keys():
        return None
    if len(kinds) == 1:
        return list(map(literals[kinds.pop()], values))
    return [literals[type(value)](value) for value in values]


def parts(texts: list[str], longest: int) -> Iterator[list[str]]:
    """The texts in lists that stay below a length together; a longer one is alone."""
    if sum(map(len, texts)) + 3 * len(texts) <= longest:
        yield texts
        return
    part: list[str] = []
    length = 0
    for text in texts:
        if part and length + len(text) + 3 > longest:
            yield part
            part, length = [], 0
        part.append(text)
        length += len(text) + 3
    yield part


def shortly(connection: sa.Connection, sql: str) -> None:
    """Carry out a long statement, of which an error shall only show the beginning."""
    try:
        asked(connection, sql)
    except sa.exc.StatementError as error:
        error.statement = f"{sql[:SHOWN]} ..."
        raise


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be stored in this database")
    return repr(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} cannot be stored in this database")
    return f"{value:f}"


def _binary(value: bytes | bytearray | memoryview) -> str:
    return f"X'{bytes(value).hex()}'" if len(value) else "''"


def _duration(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    seconds = abs(value)
    whole = seconds.days * 86400 + seconds.seconds
    clock = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"'{sign}{clock}.{seconds.microseconds:06d}'"
