"""A list of operations for people: a line for each change, what is lost first."""

from __future__ import annotations

from collections.abc import Sequence

from ..operations import Execute, Operation
from ..schema import Schema
from .destructive import loss
from .downgrade import flat


def lines(operations: Sequence[Operation], before: Schema | None = None) -> list[str]:
    """``+ - ~ ->`` lines; given the database before, narrowed types count as losses too."""
    first: list[str] = []
    rest: list[str] = []
    state = before
    for operation in flat(operations):
        is_lost = operation.destructive if state is None else loss(operation, state) is not None
        if state is not None:
            state = operation.apply(state)
        if not isinstance(operation, Execute):
            (first if is_lost else rest).append(operation.describe())
    return first + rest
