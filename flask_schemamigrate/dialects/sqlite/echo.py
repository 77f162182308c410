"""The models' tables as SQLite spells them once it has created them, in a database in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors.altering import ChangeRefused
from ...schema import Schema, Table
from .read import read
from .scratch import scratch

if TYPE_CHECKING:
    from .statements import Changing


def echo(dialect: Changing, wanted: Schema) -> Schema:
    """These tables as they are read back; the app's own database is not touched."""
    with scratch(dialect.sqlalchemy) as made:
        for table in wanted.tables.values():
            try:
                dialect.fill(made.ask, [table])
            except Exception as error:
                raise ChangeRefused(table.key, str(error)) from error
        schemas = dict.fromkeys(table.schema for table in wanted.tables.values())
        found = read(made.ask, schemas)
    tables = {
        key: _remembering(found.tables[key], table)
        for key, table in wanted.tables.items()
        if key in found.tables
    }
    return replace(wanted, tables=tables, enums={}, domains={}, sequences={})


def _remembering(found: Table, wanted: Table) -> Table:
    """The table with what only the models know: Python types, and CHECKs that types brought."""
    columns = {
        name: replace(column, type=replace(column.type, python=wanted.columns[name].type.python))
        for name, column in found.columns.items()
    }
    brought = {check.condition for check in wanted.checks.values() if check.type_bound}
    checks = {
        key: replace(check, type_bound=check.condition in brought)
        for key, check in found.checks.items()
    }
    return replace(found, columns=columns, checks=checks)
