"""What ``copy_from`` says of a table that is there, and says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...operations import AddConstraint, AlterTable, DropConstraint, TableOperation
from ...schema import Table, Unique


def as_told(group: AlterTable, table: Table, told: Table) -> AlterTable:
    """The group, with what makes the table's unique constraints those that were told before it.

    Revisions get rid like this of one that has no name to drop it by. The other differences stay:
    what such a revision just forgot to repeat would be lost.
    """
    changes = [*_dropped(group, table, told), *_added(group, table, told)]
    return replace(group, operations=(*changes, *group.operations))


def _dropped(group: AlterTable, table: Table, told: Table) -> Iterator[TableOperation]:
    for key in table.uniques.values():
        if any(_is(key, other) for other in told.uniques.values()):
            continue
        # A column that was not told of stays, and its constraint with it.
        if set(key.columns) <= set(told.columns) and not _is_named(group, key):
            yield DropConstraint(
                group.table, group.schema, name=key.name, kind="unique", definition=key
            )


def _added(group: AlterTable, table: Table, told: Table) -> Iterator[TableOperation]:
    for key in told.uniques.values():
        if not any(_is(other, key) for other in table.uniques.values()):
            yield AddConstraint(group.table, group.schema, constraint=key)


def _is(key: Unique, told: Unique) -> bool:
    """Whether the table's constraint is the one that was told, perhaps without its name."""
    return key.columns == told.columns and told.name in (None, key.name)


def _is_named(group: AlterTable, key: Unique) -> bool:
    """Whether the group drops the constraint itself."""
    return key.name is not None and any(
        isinstance(change, DropConstraint) and change.name == key.name
        for change in group.operations
    )
