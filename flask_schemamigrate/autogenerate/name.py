"""A message for a revision that nobody gave one, made from what it does."""

from __future__ import annotations

from collections.abc import Sequence

from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateDomain,
    CreateEnum,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropDomain,
    DropEnum,
    DropIndex,
    DropSequence,
    DropTable,
    Operation,
    RenameTable,
    TableOperation,
)
from .describe import changes

LONGEST = 60


def message_for(operations: Sequence[Operation]) -> str:
    """What the operations do in a few words: ``add user email``."""
    found = list(dict.fromkeys(words(item) for item in _telling(operations)))
    if not found:
        return "no changes"
    if len(found) == 1:
        return shortened(found[0])
    verbs = {text.partition(" ")[0] for text in found}
    joined = " and ".join(found)
    if len(verbs) == 1 and len(found) <= 3:
        verb = verbs.pop()
        joined = f"{verb} " + " and ".join(text.partition(" ")[2] for text in found)
    if len(found) <= 3 and len(joined) <= LONGEST:
        return joined
    tables = list(dict.fromkeys(_table(item) for item in _telling(operations)))
    if len(tables) == 1:
        return shortened(f"change {tables[0]}")
    more = len(found) - 1
    return shortened(f"{found[0]} and {more} more")


def shortened(text: str) -> str:
    """The text, cut after a whole word."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST + 1].rpartition(" ")[0] or text[:LONGEST]


def _telling(operations: Sequence[Operation]) -> list[Operation]:
    """The operations that say what it is about: columns rather than what stands on them."""
    found = [*changes(operations)]
    main = [item for item in found if not isinstance(item, MINOR)]
    touched = {item.key for item in main if isinstance(item, TableOperation)}
    return main + [
        item
        for item in found
        if (isinstance(item, MINOR) and main and item.key not in touched) or not main
    ]


MINOR = (AddConstraint, CreateIndex, DropConstraint, DropIndex)


def words(operation: Operation) -> str:
    """An operation in a few words, the verb first."""
    match operation:
        case CreateTable():
            return f"add {operation.table.name}"
        case DropTable():
            return f"drop {operation.table}"
        case RenameTable():
            return f"rename {operation.table} to {operation.new_name}"
        case AddColumn():
            return f"add {operation.table} {operation.column.name}"
        case DropColumn():
            return f"drop {operation.table} {operation.column}"
        case AlterColumn():
            name = operation.changes.get("name")
            if name is not None:
                return f"rename {operation.table} {operation.column} to {name}"
            return f"change {operation.table} {operation.column}"
        case AddConstraint():
            return f"add {operation.constraint.key}"
        case CreateIndex():
            return f"add {operation.index.key}"
        case DropConstraint() | DropIndex():
            return f"drop {operation.name or 'constraint of ' + operation.table}"
    return _other_words(operation)


def _other_words(operation: Operation) -> str:
    match operation:
        case CreateEnum():
            return f"add {operation.enum.name}"
        case CreateSequence():
            return f"add {operation.sequence.name}"
        case CreateDomain():
            return f"add {operation.domain.name}"
        case DropEnum() | DropSequence() | DropDomain():
            return f"drop {operation.name}"
    return f"change {_table(operation)}"


def _table(operation: Operation) -> str:
    if isinstance(operation, CreateTable):
        return operation.table.name
    if isinstance(operation, TableOperation):
        return operation.table
    return str(getattr(operation, "name", type(operation).__name__))
