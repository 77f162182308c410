"""How the server spells tables: they are created as temporary ones and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ...operations import CreateTable
from ...schema import (
    Check,
    Column,
    Index,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)
from ..asking import asked
from . import options
from .definition import Definition, DefinitionParser
from .polite import error_number
from .types import TEXTS, base, collation

SCRATCH = "schemamigrate_scratch_{}"
AT_ONCE = 500
"""How many scratch tables one statement is about at most."""
DENIED = (1044, 1045, 1142, 1227)
"""The server's errors for a role that may not create temporary tables."""
KEPT_OPTIONS = ("engine", "charset", "collate")
"""What a temporary table may have of a table's options and needs to spell its columns."""


class Echo:
    """Creates tables as temporary ones and reads them back.

    Temporary tables are nobody else's, go with the session whatever happens, and neither creating
    nor dropping one commits the caller's transaction:
    https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html. They can have no foreign keys and
    no FULLTEXT or SPATIAL index; these hold nothing that the server would spell anew.
    """

    def __init__(self, dialect: Any, connection: sa.Connection) -> None:
        self.dialect = dialect
        self.connection = connection
        self.parser = DefinitionParser(dialect.canonical.defaults)

    def schema(self, wanted: Schema) -> Schema:
        """The schema with every table as the server spells it."""
        plain: Schema = self.dialect.canonical(
            self.dialect.collations(self.connection, wanted)
        ).schema(wanted)
        self.dialect.echo_refused = None
        made = [
            scratch(table, SCRATCH.format(number))
            for number, table in enumerate(wanted.tables.values())
        ]
        tables = dict(plain.tables)
        try:
            for (key, table), text in zip(wanted.tables.items(), self.texts(made), strict=True):
                if text is not None:
                    found = self.parser.parse(text)
                    tables[key] = self.table(plain.tables[key], table, found)
        except sa.exc.DBAPIError as error:
            if error_number(error) not in DENIED:
                raise
            self.dialect.echo_refused = str(error.orig)
        finally:
            self.drop(made)
        return replace(plain, tables=tables)

    def texts(self, tables: Sequence[Table]) -> Iterator[str | None]:
        """What the server says of scratch tables; ``None`` where it cannot create one."""
        for table in tables:
            try:
                for text in self.creating(table):
                    self.execute(text)
            except sa.exc.DBAPIError as error:
                if error_number(error) in DENIED:
                    raise
                self.dialect.echo_refused = str(error.orig)
                yield None
            else:
                yield str(self.execute(self.showing(table)).scalars(1).one())

    def creating(self, table: Table) -> Iterator[str]:
        """The statements that create a scratch table."""
        for step in self.dialect.statements(CreateTable(table), Schema()):
            yield step.sql

    def showing(self, table: Table) -> str:
        """The statement that asks for a scratch table's text."""
        return f"SHOW CREATE TABLE {self.dialect.place(table.name, table.schema)}"

    def drop(self, tables: Sequence[Table]) -> None:
        """Drop these scratch tables as far as they are there."""
        names = [self.dialect.place(table.name, table.schema) for table in tables]
        for start in range(0, len(names), AT_ONCE):
            some = ", ".join(names[start : start + AT_ONCE])
            self.execute(f"DROP TEMPORARY TABLE IF EXISTS {some}")

    def execute(self, sql: str) -> sa.CursorResult[Any]:
        """Carry out a statement without parameters."""
        return asked(self.connection, sql)

    # -- putting together

    def table(self, plain: Table, wanted: Table, found: Definition) -> Table:
        """The table with what the server spells, and the names of the model."""
        own = self.dialect.collations(self.connection).databases.get(wanted.schema)
        collates = found.options.get("collate")
        if collates is None:
            # Where a character set's default collation is used, MySQL prints only the former.
            known = self.dialect.collations(self.connection).character_sets
            collates = known.get(found.options.get("charset", ""), own)
        columns = {
            name: self.column(plain.columns[name], column, found)
            for name, column in found.columns.items()
        }
        checks = list(self.checks(wanted, found))
        given = {key: value for key, value in plain.options.items() if key not in KEPT_OPTIONS}
        engine = found.options.get("engine", "InnoDB")
        if engine.lower() != "innodb":
            given["engine"] = engine
        if collates is not None and collates != own:
            given["collate"] = collates
        indexes = dict(self.indexes(plain.indexes, found))
        return replace(
            plain,
            columns=columns,
            checks={check.key: check for check in checks},
            indexes=indexes,
            options=given,
        )

    def column(self, plain: Column, found: Column, definition: Definition) -> Column:
        """A column as the server spells it, with the model's Python type.

        In modes like ANSI, MariaDB keeps to itself that it numbers a column.
        """
        type_ = replace(plain.type, text=self.type(found, definition).text)
        return replace(found, type=type_, autoincrement=found.autoincrement or plain.autoincrement)

    def type(self, found: Column, definition: Definition) -> Type:
        """A type with its collation where the table's is another."""
        named = collation(found.type.text)
        if base(found.type.text) in TEXTS and named == definition.options.get("collate"):
            return Type(found.type.text.partition(" COLLATE ")[0])
        return found.type

    def checks(self, wanted: Table, found: Definition) -> Iterator[Check]:
        """The checks under the model's names."""
        for number, check in enumerate(wanted.checks.values()):
            echoed = found.checks.get(check_name(number))
            condition = found.column_checks.get(check.column or "") if check.column else None
            if echoed is not None:
                condition = echoed.condition
            yield check if condition is None else replace(check, condition=condition)

    def indexes(self, plain: Mapping[str, Index], found: Definition) -> Iterator[tuple[str, Index]]:
        """The indexes with their keys as the server has them."""
        for key, index in plain.items():
            echoed = found.indexes.get(index.name or "")
            if echoed is not None and not index.options:
                index = replace(index, keys=echoed.keys)
            yield key, index


def scratch(table: Table, name: str) -> Table:
    """The table as a temporary one: without foreign keys, and with checks that carry a number."""
    checks = [
        check if check.column else replace(check, name=check_name(number))
        for number, check in enumerate(table.checks.values())
    ]
    kept = {
        key: value for key, value in options.lowered(table.options).items() if key in KEPT_OPTIONS
    }
    return replace(
        table,
        name=name,
        primary_key=None if table.primary_key is None else PrimaryKey(table.primary_key.columns),
        uniques={item.key: Unique(item.columns, item.name) for item in table.uniques.values()},
        foreign_keys={},
        checks={check.key: check for check in checks},
        indexes={key: index for key, index in table.indexes.items() if not index.options},
        options={**kept, "prefixes": ("TEMPORARY",)},
    )


def check_name(number: int) -> str:
    """The name of a check on a scratch table; MySQL wants it to be the only one of its database."""
    return f"schemamigrate_check_{number}"
