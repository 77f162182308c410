"""The baseline: what would have created the tables that a database has already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from ..schema import Schema
from .compare import users
from .difference import Difference
from .domains import used

Item = TypeVar("Item")


def tables(difference: Difference) -> tuple[str, ...]:
    """The keys of the models' tables that are there, of a comparison that says everything."""
    return tuple(key for key in difference.said.tables if key in difference.before.tables)


def baseline(difference: Difference) -> Difference:
    """What leads to the database as it is, from one without the tables that models have there.

    Where models and database agree, the models' words are kept.
    """
    there, said, wanted = difference.before, difference.said, difference.wanted
    return Difference(
        before=_without(there, said),
        wanted=there,
        said=replace(
            said,
            tables=_agreed(said.tables, wanted.tables, there.tables),
            domains=_agreed(said.domains, wanted.domains, there.domains),
        ),
    )


def _without(there: Schema, models: Schema) -> Schema:
    """The database without the models' tables and all that only these need."""
    rest = {key: table for key, table in there.tables.items() if key not in models.tables}
    gone = {key: table for key, table in there.tables.items() if key in models.tables}
    theirs, needed = Schema(tables=gone), Schema(tables=rest)
    enums = users(theirs) - users(needed)
    domains = used(theirs) - used(needed)
    return replace(
        there,
        tables=rest,
        enums={key: enum for key, enum in there.enums.items() if key not in enums},
        domains={key: item for key, item in there.domains.items() if key not in domains},
        sequences={
            key: item for key, item in there.sequences.items() if key not in models.sequences
        },
        namespaces=there.namespaces - models.namespaces,
    )


def _agreed(
    said: Mapping[str, Item], wanted: Mapping[str, Item], there: Mapping[str, Item]
) -> dict[str, Item]:
    """What is there, in the models' words wherever it is what they want."""
    return {
        key: said[key] if key in said and wanted.get(key) == item else item
        for key, item in there.items()
    }
