"""What many tables have in common: the same values, and kinds of constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .values import Check, Constraint, Exclude, ForeignKey, PrimaryKey, Unique

Given = TypeVar("Given")
Made = TypeVar("Made")


def once_each(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """The same function, asked once for each object: `Spelling` gives many tables one column."""
    known: dict[int, tuple[Given, Made]] = {}

    def made(given: Given) -> Made:
        found = known.get(id(given))
        if found is None:
            # What was given is kept too, so that its id stays its own.
            found = known[id(given)] = (given, make(given))
        return found[1]

    return made


def filed(constraints: Iterable[Constraint | None]) -> dict[type[Any], dict[str, Any]]:
    """The constraints of each kind by their keys."""
    found: dict[type[Any], dict[str, Any]] = {
        kind: {} for kind in (PrimaryKey, Unique, ForeignKey, Check, Exclude)
    }
    for constraint in constraints:
        if constraint is not None:
            found[type(constraint)][constraint.key] = constraint
    return found
