"""Orders that run: what is leaned on comes first, and goes last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CommentTable,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    Operation,
    RenameConstraint,
    RenameIndex,
    SetTableOptions,
    TableOperation,
)
from ..schema import ForeignKey, Table

GATHERED = (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CommentTable,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    RenameConstraint,
    RenameIndex,
    SetTableOptions,
)


def by_dependency(
    tables: Mapping[str, Table],
) -> Iterator[tuple[str, tuple[ForeignKey, ...]]]:
    """The tables, referenced ones first, each with those foreign keys that have to wait.

    Names decide where dependency does not. Where foreign keys go round in a circle, the table
    that waits for the fewest others begins.
    """
    waiting = {key: _others(table, tables) for key, table in tables.items()}
    waited_for: dict[str, list[str]] = {}
    for key, others in waiting.items():
        for other in others:
            waited_for.setdefault(other, []).append(key)
    ready = [key for key, others in waiting.items() if not others]
    heapify(ready)
    while waiting:
        key = heappop(ready) if ready else _in_a_circle(waiting)
        open_ = waiting.pop(key)
        for waiter in waited_for.get(key, ()):
            if waiter in waiting:
                waiting[waiter].discard(key)
                if not waiting[waiter]:
                    heappush(ready, waiter)
        keys = tables[key].foreign_keys.values()
        yield key, tuple(item for item in keys if item.referent in open_)


def _in_a_circle(waiting: Mapping[str, set[str]]) -> str:
    """The table of some circle that waits for the fewest others."""
    path = [min(waiting)]
    while (following := min(waiting[path[-1]])) not in path:
        path.append(following)
    circle = path[path.index(following) :]
    return min(circle, key=lambda key: (len(waiting[key]), key))


def _others(table: Table, tables: Mapping[str, Table]) -> set[str]:
    referents = {item.referent for item in table.foreign_keys.values()}
    return {key for key in referents if key in tables and key != table.key}


def gathered(operations: Sequence[Operation]) -> list[Operation]:
    """The operations with neighbours on one table put into one group."""
    groups: list[list[Operation]] = []
    for operation in operations:
        if groups and _belong_together(groups[-1][-1], operation):
            groups[-1].append(operation)
        else:
            groups.append([operation])
    return [group[0] if len(group) == 1 else _group(group) for group in groups]


def _belong_together(one: Operation, other: Operation) -> bool:
    return (
        isinstance(one, GATHERED)
        and isinstance(other, GATHERED)
        and (one.table, one.schema) == (other.table, other.schema)
    )


def _group(operations: Sequence[Operation]) -> AlterTable:
    changes = tuple(item for item in operations if isinstance(item, TableOperation))
    return AlterTable(changes[0].table, changes[0].schema, changes)
