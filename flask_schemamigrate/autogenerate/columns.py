"""The changes of a table's columns, with what fills them where they may not be NULL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..dialects.base import Dialect
from ..operations import (
    KEEP,
    AddColumn,
    AlterColumn,
    DropColumn,
    DropConstraint,
    Execute,
    Operation,
    TableOperation,
)
from ..schema import Column, Enum, PrimaryKey, Schema, Table
from .decisions import Constant, Fill, Nullable, ServerDefault, SQLExpression
from .fills import assignment, constant
from .table import Pair, changed_options

ATTRIBUTES = (
    "type",
    "nullable",
    "default",
    "computed",
    "identity",
    "autoincrement",
    "comment",
)


GENERATING = ("default", "computed", "identity")
"""What puts a value into a column, of which a column has one, and a directive one keyword."""


def changes(
    pair: Pair, wanted: Schema, dialect: Dialect | None, fills: Mapping[tuple[str, str], Fill]
) -> Iterator[Operation]:
    """Columns added, filled, altered and dropped, in this order."""
    table = pair.new
    added = [name for name in table.columns if name not in pair.old.columns]
    kept = [name for name in table.columns if name in pair.old.columns]
    columns = [_added(pair, name, fills.get((table.key, name)), dialect) for name in added]
    for column in columns:
        yield AddColumn(
            *pair.place,
            column=column,
            constraints=_own_key(pair, column),
            enums=enums_of(column, wanted),
        )
    for name in (*added, *kept):
        fill = fills.get((table.key, name))
        if isinstance(fill, Constant | SQLExpression) and dialect is not None:
            yield Execute(assignment(dialect, table, table.columns[name], fill))
    for column in columns:
        if column.nullable and isinstance(
            fills.get((table.key, column.name)), Constant | SQLExpression
        ):
            yield AlterColumn(*pair.place, column=column.name, nullable=False)
    for name in kept:
        yield from altered(pair, name, wanted, fills.get((table.key, name)))
    for name in pair.old.columns:
        if name not in table.columns:
            yield DropColumn(*pair.place, column=name)


def held_back(
    drops: Sequence[TableOperation], pair: Pair, fills: Mapping[tuple[str, str], Fill]
) -> list[TableOperation]:
    """The primary key's drop, where rows are filled before its columns change.

    MariaDB and MySQL take it from a numbered column only in the statement that changes the column.
    """
    is_filled = any(
        isinstance(fills.get((pair.new.key, name)), Constant | SQLExpression)
        for name in pair.new.columns
    )
    come = [column for name, column in pair.new.columns.items() if name not in pair.old.columns]
    if not is_filled or any(_own_key(pair, column) for column in come):
        return []
    return [item for item in drops if isinstance(item, DropConstraint) and item.kind == "primary"]


def _added(pair: Pair, name: str, fill: Fill | None, dialect: Dialect | None) -> Column:
    column = pair.said.columns.get(name, pair.new.columns[name])
    if isinstance(fill, Nullable | Constant | SQLExpression):
        return replace(column, nullable=True)
    if isinstance(fill, ServerDefault) and dialect is not None:
        return replace(column, default=constant(dialect, pair.new, column, fill.text))
    return column


def _own_key(pair: Pair, column: Column) -> tuple[PrimaryKey, ...]:
    """The primary key, where the column is numbered and so has to be one from its beginning."""
    key = pair.said.primary_key
    if key is None or key.columns != (column.name,) or not column.autoincrement:
        return ()
    return (key,)


def altered(
    pair: Pair, name: str, wanted: Schema, fill: Fill | None = None
) -> Iterator[AlterColumn]:
    """What changes of a column; what puts values in goes before something else does so."""
    old, new = pair.old.columns[name], pair.new.columns[name]
    if old == new:
        return
    said = pair.said.columns.get(name, new)
    found: dict[str, Any] = {
        what: getattr(said, what) for what in ATTRIBUTES if getattr(old, what) != getattr(new, what)
    }
    if isinstance(fill, Nullable):
        found.pop("nullable", None)
    if "type" in found:
        found["enums"] = enums_of(said, wanted)
    options = changed_options(old.options, new.options)
    going: dict[str, Any] = {what: None for what in GENERATING if found.get(what, KEEP) is None}
    existing = {what: getattr(old, what) for what in going if what != "default"}
    if existing:
        going["existing"] = existing
    if any(found.get(what) is not None for what in GENERATING):
        found = {what: value for what, value in found.items() if what not in going}
        if going:
            yield AlterColumn(*pair.place, column=name, **going)
    else:
        found |= going
    if found or options:
        yield AlterColumn(*pair.place, column=name, **found, options=options)


def enums_of(column: Column, schema: Schema) -> tuple[Enum, ...]:
    """The named enum type of a column, which comes with it where it is not there yet."""
    enum = schema.enums.get(column.type.enum or "")
    return () if enum is None else (enum,)


def all_enums(table: Table, schema: Schema) -> tuple[Enum, ...]:
    """The named enum types of a table's columns, each once."""
    found = {
        enum.key: enum for column in table.columns.values() for enum in enums_of(column, schema)
    }
    return tuple(found.values())


def needs_filling(column: Column) -> bool:
    """Whether rows that are there already would have nothing for the column."""
    return (
        not column.nullable
        and column.default is None
        and column.computed is None
        and column.identity is None
        and not column.autoincrement
    )
