"""Which index serves which foreign key: the server insists on one, and makes it where it misses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...operations import AlterTable, DropConstraint, DropIndex, Operation
from ...schema import ForeignKey, Index, IndexKey, Table

COLUMN_TEXT = re.compile(r"^`?(\w+)`?(?:\((\d+)\))?(?:\s+(ASC|DESC))?$", re.IGNORECASE)
"""A key given as text that is a column after all: ``a DESC``, ``a(10)``."""


def is_implicit(index: Index, key: ForeignKey) -> bool:
    """Whether this is the index that the server makes for a foreign key without one.

    It carries the key's name, or that of its first column where the key was given none, and stands
    on exactly its columns; an index that a model names so would be the very same.
    """
    if index.unique or index.options or len(index.keys) != len(key.columns):
        return False
    if not all(map(is_plain, index.keys)) or index.columns != key.columns:
        return False
    name = index.name or ""
    if name in (key.name, key.columns[0]):
        return True
    start, _, number = name.rpartition("_")
    return start == key.columns[0] and number.isdecimal()


def went_along(operation: DropIndex, table: Table | None, done: Iterable[Operation]) -> bool:
    """Whether an index that nobody knows is one that went with its foreign key a moment ago.

    Revisions written for other tools drop it themselves, by the key's name or its first column's.
    """
    if table is None or operation.name in table.indexes or operation.name in table.uniques:
        return False
    dropped = {
        item.name
        for item in _each(done)
        if isinstance(item, DropConstraint)
        and item.key == operation.key
        and item.kind in (None, "foreignkey")
    }
    if operation.name in dropped:
        return True
    return bool(dropped) and re.sub(r"_\d+$", "", operation.name) in table.columns


def _each(done: Iterable[Operation]) -> Iterator[Operation]:
    """The operations, with those of groups one by one."""
    for operation in done:
        if isinstance(operation, AlterTable):
            yield from operation.operations
        else:
            yield operation


def is_plain(key: IndexKey) -> bool:
    """Whether an index key is a whole column in its natural order."""
    return bool(key.column) and not key.order and key.length is None


def serving(table: Table) -> Iterator[tuple[str, ...]]:
    """The columns of everything in a table that can serve a foreign key."""
    if table.primary_key is not None:
        yield table.primary_key.columns
    for unique in table.uniques.values():
        yield unique.columns
    for index in table.indexes.values():
        if not index.options and all(is_plain(key) for key in index.keys):
            yield index.columns


def is_served(key: ForeignKey, table: Table) -> bool:
    """Whether an index that the table names begins with the foreign key's columns."""
    count = len(key.columns)
    return any(set(columns[:count]) == set(key.columns) for columns in serving(table))


def unserved(before: Table, after: Table) -> Iterator[Index]:
    """The indexes that foreign keys need once those that served them are gone.

    Without them the server refuses: "Cannot drop index: needed in a foreign key constraint".
    """
    for key in after.foreign_keys.values():
        was = before.foreign_keys.get(key.key)
        if was is None or key.index is not None or not is_served(was, before):
            continue
        if not is_served(key, after):
            name = key.name or key.columns[0]
            yield Index(name, tuple(IndexKey(column=column) for column in key.columns))


def left_over(key: ForeignKey, before: Table, after: Table) -> str | None:
    """The index that the server made for a foreign key which is gone, and that nobody needs."""
    made = key.index
    if made is None and not is_served(key, before):
        made = key.name
    others = after.foreign_keys.values()
    if made is None or made in before.indexes:
        return None
    needed = any(
        other.columns == key.columns[: len(other.columns)] and not is_served(other, after)
        for other in others
    )
    return None if needed else made
