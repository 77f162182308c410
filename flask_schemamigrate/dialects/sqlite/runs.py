"""A group's changes in the order in which they are carried out, cut where a column is renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeGuard

from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CreateIndex,
    DropConstraint,
    TableOperation,
)
from ...operations.base import KEEP
from ...schema import ForeignKey
from .tokens import words


def is_renaming(change: TableOperation) -> TypeGuard[AlterColumn]:
    """Whether a change gives a column another name."""
    return isinstance(change, AlterColumn) and change.name is not KEEP


def runs_of(group: AlterTable, *, edits: bool) -> Iterator[list[TableOperation]]:
    """The group's changes, cut where a column gets another name; that is put off if possible."""
    changes = [part for change in group.operations for part in _parts(change, edits=edits)]
    for place in range(len(changes) - 2, -1, -1):
        at = place
        while at + 1 < len(changes) and _commute(changes[at], changes[at + 1]):
            changes[at], changes[at + 1] = changes[at + 1], changes[at]
            at += 1
    run: list[TableOperation] = []
    for change in changes:
        if is_renaming(change):
            if run:
                yield run
            yield [change]
            run = []
        else:
            run.append(change)
    if run or not changes:
        yield run


def _commute(renaming: TableOperation, other: TableOperation) -> bool:
    """Whether a column may as well be renamed after the other change."""
    if not is_renaming(renaming) or is_renaming(other):
        return False
    texts = list(_texts(other))
    mentioned = frozenset(text.lower() for text in texts).union(*map(words, texts))
    return not mentioned & {renaming.column.lower(), str(renaming.name).lower()}


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for item in fields(value):
            yield from _texts(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts((key, item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _parts(change: TableOperation, *, edits: bool) -> Iterator[TableOperation]:
    """A change as changes of one thing each; a new name comes last."""
    if isinstance(change, AddColumn):
        keys = _named_keys(change) if edits else ()
        kept = tuple(item for item in change.constraints if item not in keys)
        yield replace(change, constraints=kept, indexes=())
        for key in keys:
            yield AddConstraint(change.table, change.schema, constraint=key)
        for index in change.indexes:
            guard = change.if_not_exists
            yield CreateIndex(change.table, change.schema, index=index, if_not_exists=guard)
    elif isinstance(change, AlterColumn):
        for dropped in change.dropped_constraints:
            yield DropConstraint(
                change.table,
                change.schema,
                name=dropped.name,
                definition=dropped,
                if_exists=True,
            )
        yield replace(change, name=KEEP, constraints=(), dropped_constraints=())
        for constraint in change.constraints:
            yield AddConstraint(change.table, change.schema, constraint=constraint)
        if is_renaming(change):
            yield AlterColumn(change.table, change.schema, column=change.column, name=change.name)
    else:
        yield change


def _named_keys(change: AddColumn) -> tuple[ForeignKey, ...]:
    """The foreign keys that come in a clause of their own, where SQLAlchemy reads their names.

    Rows with a default would have to be looked into, and a column that is there brings none.
    """
    if change.if_not_exists or change.column.default is not None:
        return ()
    return tuple(item for item in change.constraints if isinstance(item, ForeignKey) and item.name)
