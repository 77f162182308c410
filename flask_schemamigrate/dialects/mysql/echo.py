"""How the server spells tables: they are created as temporary ones and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from . import options
from .definition import Definition, DefinitionParser
from .polite import error_number
from .types import TEXTS, base, collation

SCRATCH = "schemamigrate_scratch_{}"
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
        made: list[str] = []
        tables = dict(plain.tables)
        try:
            for number, (key, table) in enumerate(wanted.tables.items()):
                name = SCRATCH.format(number)
                made.append(self.dialect.place(name, table.schema))
                definition = self.definition(scratch(table, name))
                if definition is not None:
                    tables[key] = self.table(plain.tables[key], table, definition)
        except sa.exc.DBAPIError as error:
            if error_number(error) not in DENIED:
                raise
            self.dialect.echo_refused = str(error.orig)
        finally:
            for names in (made[place : place + 100] for place in range(0, len(made), 100)):
                self.execute(f"DROP TEMPORARY TABLE IF EXISTS {', '.join(names)}")
        return replace(plain, tables=tables)

    def definition(self, table: Table) -> Definition | None:
        """What the server says of a scratch table; ``None`` where it cannot create it."""
        place = self.dialect.place(table.name, table.schema)
        try:
            for step in self.dialect.statements(CreateTable(table), Schema()):
                self.dialect.carry_out(step, self.connection)
        except sa.exc.DBAPIError as error:
            if error_number(error) in DENIED:
                raise
            self.dialect.echo_refused = str(error.orig)
            return None
        text = self.execute(f"SHOW CREATE TABLE {place}").scalars(1).one()
        return self.parser.parse(str(text))

    def execute(self, sql: str) -> sa.CursorResult[Any]:
        """Carry out a statement without parameters."""
        return self.connection.exec_driver_sql(sql, execution_options={"no_parameters": True})

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
        """A column as the server spells it, with the model's Python type."""
        type_ = self.type(found, definition)
        return replace(found, type=replace(plain.type, text=type_.text))

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
        columns={
            key: replace(column, comment=column.comment) for key, column in table.columns.items()
        },
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
