"""The default schema: what models say to be in it by its name is what stands there without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa

from ..schema import Domain, Enum, Schema, Sequence, Table, Type, edits, enum_texts

Named = TypeVar("Named", Enum, Sequence, Domain)


def default_schema(connection: sa.Connection) -> str | None:
    """The name of the schema that tables without one are in."""
    name: str | None = sa.inspect(connection).default_schema_name
    return name


def home_key(table: sa.Table, home: str | None) -> str:
    """The table's key in a `Schema`, where the default schema has no name."""
    return table.name if table.schema == home else table.key


def at_home(models: Schema, home: str | None) -> Schema:
    """The models' schema with the default schema's name left out where they say it."""
    if home is None or home not in models.namespaces:
        return models
    prefix = f"{home}."
    moved = {key: key.removeprefix(prefix) for key in models.tables if key.startswith(prefix)}
    tables = {}
    for table in models.tables.values():
        # Asked only of the few it refers to, of the thousands that may move.
        for old in moved.keys() & {key.referent for key in table.foreign_keys.values()}:
            table = edits.referring_to(table, old, moved[old])
        if table.schema == home:
            table = replace(table, schema=None)
        tables[table.key] = _of_columns(table, models, home)
    return replace(
        models,
        tables=tables,
        enums=_moved(models.enums, home),
        domains=_moved(models.domains, home),
        sequences=_moved(models.sequences, home),
        namespaces=models.namespaces - {home},
    )


def _moved(items: Mapping[str, Named], home: str) -> dict[str, Named]:
    """The items with the default schema's name left out where they say it."""
    found = [replace(item, schema=None) if item.schema == home else item for item in items.values()]
    return {item.key: item for item in found}


def _of_columns(table: Table, models: Schema, home: str) -> Table:
    """The table with the default schema's name left out before the types of its columns."""
    names = {key: item.name for key, item in models.domains.items() if item.schema == home}
    columns = {
        name: replace(column, type=Type(names[column.type.text], column.type.python))
        for name, column in table.columns.items()
        if column.type.text in names
    }
    if columns:
        table = replace(table, columns={**table.columns, **columns})
    for enum in models.enums.values():
        if enum.schema == home:
            table = _of_enum(table, enum)
    return table


def _of_enum(table: Table, enum: Enum) -> Table:
    """The table with the default schema's name left out before an enum type."""
    columns = dict(enum_texts.with_renamed_enum(table, enum, replace(enum, schema=None)).columns)
    made = sa.Enum(*enum.values, name=enum.name)
    for name, column in columns.items():
        if table.columns[name].type.enum == enum.key:
            python = sa.ARRAY(made) if column.type.text.endswith("[]") else made
            columns[name] = replace(column, type=replace(column.type, python=python))
    return replace(table, columns=columns)
