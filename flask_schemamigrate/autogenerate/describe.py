"""A list of operations for people: a line for each change, what is lost first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..operations import AddColumn, AlterColumn, Execute, Operation, SetEnumValues
from ..schema import Schema
from .destructive import Loss, loss
from .downgrade import flat


def lines(
    operations: Sequence[Operation], before: Schema | None = None, losses: Sequence[Loss] = ()
) -> list[str]:
    """``+ - ~ ->`` lines, with the losses that are given.

    Given the database before, narrowed types count as losses too, and what changes is told beside
    what it was.
    """
    lost = {id(each.operation): f"  loses data: {each.text}" for each in losses}
    told = {id(operation) for operation in changes(operations)}
    first: list[str] = []
    rest: list[str] = []
    state = before
    for operation in flat(operations):
        is_lost = operation.destructive if state is None else loss(operation, state) is not None
        if id(operation) in told:
            text = line(operation, state) + lost.get(id(operation), "")
            (first if is_lost else rest).append(text)
        if state is not None:
            state = operation.apply(state)
    return first + rest


def line(operation: Operation, before: Schema | None) -> str:
    """An operation on the database before it."""
    if before is not None and isinstance(operation, AlterColumn):
        table = before.tables.get(operation.key)
        return operation.told(table.columns.get(operation.column) if table else None)
    if before is not None and isinstance(operation, SetEnumValues):
        return operation.told(before.enums.get(operation.key))
    return operation.describe()


def changes(operations: Sequence[Operation]) -> Iterator[Operation]:
    """What people are told of: a column that is added, filled, and NOT NULL then is one change."""
    added: set[tuple[str, str]] = set()
    for operation in flat(operations):
        if isinstance(operation, AddColumn):
            added.add((operation.key, operation.column.name))
        is_filled = (
            isinstance(operation, AlterColumn)
            and operation.changes == {"nullable": False}
            and (operation.key, operation.column) in added
        )
        if not is_filled and not isinstance(operation, Execute):
            yield operation
