"""One answer for the same value, which many tables may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
