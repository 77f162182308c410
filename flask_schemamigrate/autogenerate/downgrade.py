"""The way back: each operation's reverse, in the opposite order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    BulkInsert,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropNamespace,
    Execute,
    Nothing,
    Operation,
    Upsert,
)
from ..schema import PrimaryKey, Schema
from . import table
from .order import gathered


def reversed_operations(operations: Sequence[Operation], before: Schema) -> list[Operation]:
    """What leads back from the end of these operations to ``before``.

    Raises `Irreversible`. Changes of rows are left out: a fill is undone with its column.
    """
    state = before
    backwards: list[Operation] = []
    for operation in flat(operations):
        if not isinstance(operation, Execute | BulkInsert | Upsert):
            reverse = operation.reverse(state)
            if not isinstance(reverse, Nothing):
                backwards.insert(0, plain(reverse, operation, state))
        state = operation.apply(state)
    backwards = with_own_keys(without_vain(backwards))
    end = _after(backwards, state)
    # Creating a table or a column brought its enum along; dropping it leaves the enum behind.
    left = [end.enums[key] for key in sorted(end.enums.keys() - before.enums.keys())]
    drops = [DropEnum(enum.name, enum.schema) for enum in left]
    rest = [item for item in backwards if not isinstance(item, DropNamespace)]
    # A schema goes once it is empty.
    return gathered([*rest, *drops, *(item for item in backwards if item not in rest)])


def without_vain(operations: Sequence[Operation]) -> list[Operation]:
    """The operations without a column's NOT NULL being taken from it just before it goes."""
    dropped: set[tuple[str, str]] = set()
    found: list[Operation] = []
    for operation in reversed(operations):
        if isinstance(operation, DropColumn):
            dropped.add((operation.key, operation.column))
        if isinstance(operation, AlterColumn):
            alone = operation.changes.keys() == {"nullable"} and not operation.options
            if alone and (operation.key, operation.column) in dropped:
                continue
        found.insert(0, operation)
    return found


def with_own_keys(operations: Sequence[Operation]) -> list[Operation]:
    """The operations with each numbered column the primary key from its beginning.

    Otherwise the rows would have no numbers, and the column none of its own to give.
    """
    found = list(operations)
    for number, operation in enumerate(found):
        if not isinstance(operation, AddColumn) or not operation.column.autoincrement:
            continue
        for later in found[number:]:
            match later:
                case AddConstraint(constraint=PrimaryKey(columns=(operation.column.name,)) as key):
                    if later.key == operation.key:
                        constraints = (*operation.constraints, key)
                        found[number] = replace(operation, constraints=constraints)
                        found.remove(later)
                        break
    return found


def flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    """The operations without their groups."""
    for operation in operations:
        if isinstance(operation, AlterTable) and not operation.order:
            yield from operation.operations
        else:
            yield operation


def _after(operations: Sequence[Operation], state: Schema) -> Schema:
    for operation in operations:
        state = operation.apply(state)
    return state


def plain(reverse: Operation, operation: Operation, before: Schema) -> Operation:
    """A reverse without what need not be said of it in a file."""
    match reverse:
        case DropConstraint():
            if reverse.definition is not None:
                owner = before.tables[reverse.key]
                return table.drop(owner, reverse.definition)
            return reverse
        case AlterColumn():
            return replace(reverse, existing=_existing(reverse, operation))
        case AddColumn():
            return replace(reverse, after_column=None, before_column=None)
    return reverse


def _existing(reverse: AlterColumn, operation: Operation) -> dict[str, object]:
    """What a column loses that the removal of a default alone would not tell."""
    return {
        what: getattr(operation, what)
        for what in ("computed", "identity")
        if getattr(reverse, what) is None
    }
