"""What a database's tables and indexes were given besides, and no model speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...schema import Schema, Table
from .spelled import storage

OF_TABLE = ("with", "tablespace", "using", "partition_by", "inherits")
"""What is often done by hand to how a table is stored. That it is UNLOGGED is more than that."""
OF_INDEX = ("with", "tablespace")

Options = Mapping[str, Any]


def with_unsaid(models: Schema, before: Schema) -> Schema:
    """The models' schema with the options of the database's tables that it does not say."""
    found = {
        key: table
        for key, there in before.tables.items()
        if key in models.tables and (table := completed(models.tables[key], there))
    }
    return replace(models, tables={**models.tables, **found}) if found else models


def completed(said: Table, there: Table) -> Table | None:
    """A model's table with what it does not say, or ``None`` if there is nothing of that kind."""
    fields: dict[str, Any] = {}
    if there.options:
        fields["options"] = together(said.options, there.options, OF_TABLE)
    for kind in ("uniques", "indexes"):
        items = getattr(there, kind).values()
        given = {each: item.options for item in items if item.options for each in names(item)}
        if given:
            fields[kind] = {
                key: replace(item, options=together(item.options, given.get(key, {}), OF_INDEX))
                for key, item in getattr(said, kind).items()
            }
    key, old = said.primary_key, there.primary_key
    if key is not None and old is not None and old.options:
        fields["primary_key"] = replace(key, options=together(key.options, old.options, OF_INDEX))
    return replace(said, **fields) if fields else None


def names(item: Any) -> tuple[str, str]:
    """The key of an index or constraint, and the one that it has in a model without a name."""
    return item.key, replace(item, name=None).key


def together(said: Options, there: Options, names: tuple[str, ...]) -> dict[str, Any]:
    """The options that are said, and those that are there and not said; parameters one by one."""
    kept = {name: there[name] for name in names if name in there}
    if "with" in kept and "with" in said:
        kept["with"] = {**kept["with"], **storage(said)["with"]}
        return {**kept, **said, "with": kept["with"]}
    return {**kept, **said}
