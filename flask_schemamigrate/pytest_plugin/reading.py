"""A database as its dialect reads it, without what this project keeps there for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from ..autogenerate import Decisions, Difference
from ..autogenerate.describe import lines
from ..autogenerate.diff import operations
from ..commands.databases import Database
from ..dialects.base import Dialect
from ..schema import Schema


def read(database: Database, connection: sa.Connection) -> Schema:
    """All that is in the database's default schema and in those that models are in."""
    home = sa.inspect(connection).default_schema_name
    found = database.dialect.read(connection, schemas=(None, *_named(database, home)))
    config = database.environment.config
    own = {*database.history.names, config.alembic_version_table}
    tables = {key: table for key, table in found.tables.items() if table.name not in own}
    return replace(found, tables=tables)


def differences(before: Schema, after: Schema, dialect: Dialect) -> list[str]:
    """What leads from one schema to the other, a line for each change; empty if they are equal."""
    if before == after:
        return []
    found = lines(operations(Difference(before, after), Decisions(), dialect))
    found += [f"+ view {name}" for name in sorted(after.views - before.views)]
    found += [f"- view {name}" for name in sorted(before.views - after.views)]
    return found or ["something that no operation can change"]


def _named(database: Database, home: str | None) -> Iterator[str]:
    included = database.environment.include_schemas
    named = {table.schema for each in database.metadatas for table in each.tables.values()}
    named |= set(included) if isinstance(included, tuple) else set()
    yield from sorted(name for name in named if name and name != home)
