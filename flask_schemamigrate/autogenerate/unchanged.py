"""Telling which tables are as their models say, before anything more is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from ..schema import Schema, Table
from .names import KINDS

APART = frozenset({"name", "columns", "primary_key", *KINDS})
"""What of a table is looked at on its own."""


def unchanged(before: Schema, wanted: Schema, *, in_order: bool) -> dict[str, Table]:
    """The database's tables that say the same, by whatever name where the wanted ones have none."""
    return {
        key: old
        for key, table in wanted.tables.items()
        if (old := before.tables.get(key)) is not None
        and (not in_order or [*old.columns] == [*table.columns])
        and is_alike(old, table)
    }


def is_alike(there: Table, wanted: Table) -> bool:
    """Whether nothing need be done to a table that is there."""
    keys = there.primary_key, wanted.primary_key
    return (
        there.name == wanted.name
        and there.columns == wanted.columns
        and (keys[0] == keys[1] or (None not in keys and says_the_same(*keys)))
        and all(are_alike(getattr(there, kind), getattr(wanted, kind)) for kind in KINDS)
        and said(Table, APART)(there) == said(Table, APART)(wanted)
    )


def are_alike(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether each item is there: under its name, or as one that nothing else is."""
    if there == wanted:
        return True
    left = [item for key, item in there.items() if wanted.get(key) != item]
    for key, item in wanted.items():
        if there.get(key) != item:
            found = next((other for other in left if says_the_same(other, item)), None)
            if found is None:
                return False
            left.remove(found)
    return not left


def says_the_same(there: Any, wanted: Any) -> bool:
    """Whether one item is the other, which may have no name of its own."""
    told = said(wanted.__class__, frozenset({"name"}))
    return wanted.name is None and type(there) is type(wanted) and told(there) == told(wanted)


@cache
def said(kind: Any, apart: frozenset[str]) -> attrgetter[tuple[Any, ...]]:
    """What takes all that is compared out of a value, but for some fields."""
    return attrgetter(
        *(field.name for field in fields(kind) if field.compare and field.name not in apart)
    )
