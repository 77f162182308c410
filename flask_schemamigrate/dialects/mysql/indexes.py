"""Which index serves which foreign key: the server insists on one, and makes it where it misses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ...operations import AlterTable, DropConstraint, DropIndex, Operation
from ...schema import ForeignKey, Index, IndexKey, Table

COLUMN_TEXT = re.compile(r"^`?(\w+)`?(?:\((\d+)\))?(?:\s+(ASC|DESC))?$", re.IGNORECASE)
"""A key given as text that is a column after all: ``a DESC``, ``a(10)``."""


def is_implicit(index: Index, key: ForeignKey) -> bool:
    """Whether this is the index that the server makes for a foreign key without one.

    It carries the key's name, or that of its first column where the key was given none, and stands
    on exactly its columns; an index that a model names so would be the very same.
    """
    if index.unique or index.options or index.keys[0].column != key.columns[0]:
        return False
    if index.columns != key.columns or not all(map(is_plain, index.keys)):
        return False
    name = index.name or ""
    if name in (key.name, key.columns[0]):
        return True
    start, _, number = name.rpartition("_")
    return start == key.columns[0] and number.isdecimal()


def keys_dropped(operation: DropIndex, done: Iterable[Operation]) -> set[str | None]:
    """The names of what may have been foreign keys of the index's table and was dropped."""
    return {
        item.name
        for item in _each(done)
        if isinstance(item, DropConstraint)
        and item.key == operation.key
        and item.kind in (None, "foreignkey")
    }


def went_along(operation: DropIndex, table: Table | None, dropped: Collection[str | None]) -> bool:
    """Whether an index that nobody knows is one that went with its foreign key a moment ago.

    Revisions written for other tools drop it themselves, by the key's name or its first column's.
    """
    if table is None or operation.name in table.indexes or operation.name in table.uniques:
        return False
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
        if not index.options and all(map(is_plain, index.keys)):
            yield index.columns


def is_served(key: ForeignKey, table: Table) -> bool:
    """Whether an index that the table names begins with the foreign key's columns, in its order."""
    count = len(key.columns)
    return any(columns[:count] == key.columns for columns in serving(table))


def unserved(before: Table, after: Table) -> Iterator[Index]:
    """The indexes that foreign keys need once those that served them are gone.

    Without them the server refuses: "Cannot drop index: needed in a foreign key constraint".
    """
    given: set[tuple[str, ...]] = set()
    for key in after.foreign_keys.values():
        was = before.foreign_keys.get(key.key)
        if was is None or key.index is not None or not is_served(was, before):
            continue
        if key.columns in given or is_served(key, after) or _is_shared(key, after):
            continue
        given.add(key.columns)
        name = key.name or key.columns[0]
        yield Index(name, tuple(IndexKey(column=column) for column in key.columns))


def left_over(key: ForeignKey, before: Table) -> str | None:
    """The index that the server made for a foreign key, if it made one for this one."""
    made = key.index
    if made is None and not is_served(key, before) and not _is_shared(key, before):
        made = key.name
    return None if made in before.indexes else made


def heir(key: ForeignKey, made: str, after: Table) -> ForeignKey | None:
    """The foreign key that goes on needing the index which was made for another one."""
    for other in after.foreign_keys.values():
        needs = other.columns == key.columns[: len(other.columns)] and not is_served(other, after)
        if needs and other.index in (None, made):
            return other
    return None


def with_heirs(before: Table, after: Table) -> Table:
    """The table with the indexes that its foreign keys took over or were given for what is gone."""
    keys = dict(after.foreign_keys)
    for index in unserved(before, after):
        if index.name in keys:
            keys[index.name] = replace(keys[index.name], index=index.name)
    for key in before.foreign_keys.values():
        made = None if key.key in keys else left_over(key, before)
        other = None if made is None else heir(key, made, after)
        if other is not None and other.index != made:
            keys[other.key] = replace(other, index=other.name)
    return replace(after, foreign_keys=keys)


def _is_shared(key: ForeignKey, table: Table) -> bool:
    """Whether the server made an index for another foreign key that serves this one too."""
    return any(
        other.index is not None and other.columns[: len(key.columns)] == key.columns
        for other in table.foreign_keys.values()
    )
