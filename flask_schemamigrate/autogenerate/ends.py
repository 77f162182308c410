"""Foreign keys that the database would not take, because their two ends are of different types."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..dialects.base import Dialect
from ..errors.autogenerate import KeyTypesDiffer
from ..schema import Column, ForeignKey, Schema
from . import keys

End = tuple[str, Column]


def refuse(dialect: Dialect, before: Schema, wanted: Schema, changed: Collection[str]) -> None:
    """Raise `KeyTypesDiffer` for a foreign key that is to be added and cannot be.

    It may be one that is there and has to go for the time in which a column changes, also one of
    a table without a model.
    """
    for owner, table in wanted.tables.items():
        for key in table.foreign_keys.values():
            if not {owner, key.referent} & set(changed) or not _is_added(
                key, owner, before, wanted
            ):
                continue
            for (place, column), (other_place, other) in _ends(key, owner, wanted):
                if not dialect.can_refer(column.type, other.type):
                    ours = f"{place}.{column.name}", column.type.text
                    raise KeyTypesDiffer(ours, (f"{other_place}.{other.name}", other.type.text))


def _is_added(key: ForeignKey, owner: str, before: Schema, wanted: Schema) -> bool:
    old = before.tables.get(owner)
    is_there = old is not None and any(
        (item.columns, item.referent, item.referent_columns)
        == (key.columns, key.referent, key.referent_columns)
        for item in old.foreign_keys.values()
    )
    return not is_there or keys.disturbed(key, owner, before, wanted)


def _ends(key: ForeignKey, owner: str, wanted: Schema) -> Iterator[tuple[End, End]]:
    """The columns that a foreign key pairs, where both are known, each with its table."""
    table, referent = wanted.tables[owner], wanted.tables.get(key.referent)
    if referent is None or table.options.get("engine") or referent.options.get("engine"):
        return
    for name, other in zip(key.columns, key.referent_columns, strict=False):
        if name in table.columns and other in referent.columns:
            yield (owner, table.columns[name]), (key.referent, referent.columns[other])
