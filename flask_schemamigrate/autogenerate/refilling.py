"""Columns that a downgrade brings back NOT NULL, on tables that may have rows by then.

What was in them is gone. So that the way back runs, and says what it does, they come back empty,
get a value of their type that means nothing, or the first that a check lists, and are NOT NULL
after that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..dialects.base import Dialect
from ..errors.autogenerate import BadFill
from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    Execute,
    Operation,
)
from ..schema import Check, ForeignKey, Index, PrimaryKey, Schema, Unique
from .allowed import first_allowed
from .columns import needs_filling
from .decisions import Constant, SQLExpression
from .downgrade import flat
from .fills import assignment, empty_text
from .order import gathered


@dataclass(frozen=True)
class Refill(Execute):
    """The statement that puts something into a column whose values are gone."""

    column: str = ""


def refilled(backwards: Sequence[Operation], after: Schema, dialect: Dialect) -> list[Operation]:
    """The way back, filling what comes back NOT NULL; the same where nothing does."""
    state = after
    found: list[Operation] = []
    for operation in flat(backwards):
        steps: list[Operation] = [operation]
        if isinstance(operation, AddColumn) and needs_filling(operation.column):
            is_picky = any(_is_picky(other, operation) for other in flat(backwards))
            value = first_allowed(operation.column.name, _conditions(operation, backwards))
            steps = [] if is_picky else list(_filling(operation, state, dialect, value))
            steps = steps or [operation]
        for step in steps:
            state = step.apply(state)
        found += steps
    is_changed = any(isinstance(operation, Refill) for operation in found)
    return gathered(found) if is_changed else list(backwards)


def _is_picky(other: Operation, add: AddColumn) -> bool:
    """Whether one value for all rows would not do for the column.

    A key or a foreign key has no value that means nothing, and what is unique not the same twice.
    """
    rules: tuple[Any, ...] = ()
    match other:
        case AddColumn() if other is add:
            rules = (*add.constraints, *(index for index in add.indexes if index.unique))
        case AddConstraint(constraint=PrimaryKey() | Unique() | ForeignKey()):
            rules = (other.constraint,) if other.key == add.key else ()
        case CreateIndex(index=Index(unique=True)):
            rules = (other.index,) if other.key == add.key else ()
    return any(add.column.name in rule.columns for rule in rules)


def _conditions(add: AddColumn, backwards: Sequence[Operation]) -> Iterator[str]:
    """The checks that come to the table of a column."""
    for other in flat(backwards):
        rules: tuple[Any, ...] = ()
        if other is add:
            rules = add.constraints
        elif isinstance(other, AddConstraint) and other.key == add.key:
            rules = (other.constraint,)
        yield from (rule.condition for rule in rules if isinstance(rule, Check))


def _filling(
    add: AddColumn, before: Schema, dialect: Dialect, allowed: str | None
) -> Iterator[Operation]:
    """Add, fill, set NOT NULL; nothing for a column that one value for all rows would not fit.

    ``allowed`` is a value that a check asks for.
    """
    column = add.column
    enum = before.enum(column.type.enum or "")
    fill: Constant | SQLExpression
    if enum is not None:
        value = "{}" if column.type.text.endswith("[]") else enum.values[0]
        fill = SQLExpression(dialect.literal(value))
    elif allowed is not None:
        fill = SQLExpression(allowed)
    else:
        text = empty_text(dialect, column.type.python or dialect.python_type(column.type))
        if text is None:
            return
        fill = Constant(text)
    nullable = replace(column, nullable=True)
    state = replace(add, column=nullable, indexes=()).apply(before)
    try:
        update = assignment(dialect, state.tables[add.key], nullable, fill)
    except BadFill:
        return
    yield replace(add, column=nullable, indexes=())
    yield Refill(update, column=f"{add.key}.{column.name}")
    yield AlterColumn(add.table, add.schema, column=column.name, nullable=False)
    for index in add.indexes:
        yield CreateIndex(add.table, add.schema, index)
