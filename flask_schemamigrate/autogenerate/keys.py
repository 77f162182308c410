"""Which foreign keys stand in the way of a change, and have to go before it or come after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..schema import Constraint, ForeignKey, Schema, Table


def disturbed(key: ForeignKey, owner: str, before: Schema, wanted: Schema) -> bool:
    """Whether what a foreign key stands on, on either side, changes under it."""
    sides = ((owner, key.columns), (key.referent, key.referent_columns))
    return any(_columns_change(*side, before, wanted) for side in sides) or _support_changes(
        key, before, wanted
    )


def _columns_change(table: str, columns: tuple[str, ...], before: Schema, wanted: Schema) -> bool:
    old, new = before.tables.get(table), wanted.tables.get(table)
    if old is None or new is None:
        return False
    for name in columns:
        was, becomes = old.columns.get(name), new.columns.get(name)
        if was is None or becomes is None or was.type != becomes.type:
            return True
    return False


def _support_changes(key: ForeignKey, before: Schema, wanted: Schema) -> bool:
    """Whether a primary key or unique that the foreign key leans on goes or changes."""
    old, new = before.tables.get(key.referent), wanted.tables.get(key.referent)
    if old is None or new is None:
        return False
    there = [replace(item, name=None) for item in supports(new, key)]
    return any(replace(item, name=None) not in there for item in supports(old, key))


def supports(table: Table, key: ForeignKey) -> Iterator[Any]:
    """What makes the referenced columns unique: primary key, uniques, unique indexes."""
    wanted = set(key.referent_columns)
    if table.primary_key is not None and set(table.primary_key.columns) == wanted:
        yield table.primary_key
    for unique in table.uniques.values():
        if set(unique.columns) == wanted:
            yield unique
    for index in table.indexes.values():
        if index.unique and set(index.columns) == wanted and len(index.keys) == len(wanted):
            yield index


def leaning_on(
    constraint: Constraint, owner: Table, state: Schema
) -> Iterator[tuple[Table, ForeignKey]]:
    """The foreign keys to the columns that a constraint makes unique, each with its table."""
    for table in state.tables.values():
        for key in table.foreign_keys.values():
            if key.referent == owner.key and constraint in supports(owner, key):
                yield table, key


def can_be_added(key: ForeignKey, owner: str, state: Schema, wanted: Schema) -> bool:
    """Whether a foreign key finds all it needs in the tables as they are now."""
    table = state.tables.get(key.referent)
    if table is None:
        # Not among the tables that change, so it is what it will be.
        return key.referent not in wanted.tables or key.referent == owner
    target = wanted.tables.get(key.referent)
    if target is None:
        return False
    if not any(supports(table, key)):
        # What the database let pass before, it lets pass again.
        return not any(supports(target, key)) and set(key.referent_columns) <= set(table.columns)
    return all(
        name in table.columns
        and name in target.columns
        and table.columns[name].type == target.columns[name].type
        for name in key.referent_columns
    )
