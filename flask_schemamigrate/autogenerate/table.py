"""The changes that lead from one form of a table to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..operations import (
    AddConstraint,
    CommentTable,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameConstraint,
    RenameIndex,
    SetTableOptions,
    TableOperation,
    ValidateConstraint,
)
from ..operations.constraints import kind_of
from ..schema import Check, Constraint, ForeignKey, Index, PrimaryKey, Schema, Table, Unique
from .names import VALIDATED

CONSTRAINTS = ("excludes", "checks", "uniques")
"""The kinds of constraints besides keys, in the order in which they are dropped."""


@dataclass(frozen=True)
class Pair:
    """A table as it is, as it shall be, and as its model says it shall be."""

    old: Table
    new: Table
    said: Table

    @property
    def place(self) -> tuple[str, str | None]:
        """What every operation on the table begins with."""
        return self.new.name, self.new.schema

    def gone(self, kind: str) -> Iterator[Any]:
        """What is there and shall not be, or not so."""
        new = getattr(self.new, kind)
        for key, item in getattr(self.old, kind).items():
            if new.get(key) != item:
                yield item

    def come(self, kind: str) -> Iterator[Any]:
        """What shall be and is not there, or not so, in the model's words."""
        old, said = getattr(self.old, kind), getattr(self.said, kind)
        for key, item in getattr(self.new, kind).items():
            if old.get(key) != item:
                yield spoken(item, said.get(key))


def spoken(item: Any, said: Any) -> Any:
    """What shall be, in the model's words, which may say options of a key of its column."""
    if said is None:
        return item
    return replace(said, options=item.options) if isinstance(item, PrimaryKey | Unique) else said


def renames(pair: Pair) -> Iterator[TableOperation]:
    """What stays what it is under another name."""
    for kind in ("uniques", "checks", "excludes", "foreign_keys", "indexes"):
        old, new = getattr(pair.old, kind), getattr(pair.new, kind)
        gone = [item for key, item in old.items() if item.name and key not in new]
        come = [item for key, item in new.items() if item.name and key not in old]
        for was, becomes in same(gone, come):
            if kind == "indexes":
                yield RenameIndex(*pair.place, name=was.name, new_name=becomes.name)
            else:
                yield RenameConstraint(*pair.place, name=was.name, new_name=becomes.name)
    key, wanted = pair.old.primary_key, pair.new.primary_key
    if key is not None and wanted is not None and key != wanted and key.name and wanted.name:
        for _ in same([key], [wanted]):
            yield RenameConstraint(*pair.place, name=key.name, new_name=wanted.name)


def same(gone: Iterable[Any], come: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs that differ in their names only."""
    left = [(replace(item, name=None), item) for item in come]
    for item in gone:
        bare = replace(item, name=None)
        found = next((other for other in left if other[0] == bare), None)
        if found is not None:
            left.remove(found)
            yield item, found[1]


def validations(pair: Pair) -> Iterator[TableOperation]:
    """What stays what it is, and the rows that are there shall keep to as well."""
    for kind in VALIDATED:
        wanted = getattr(pair.new, kind)
        for key, item in getattr(pair.old, kind).items():
            if item.name and key in wanted and wanted[key] == replace(item, validated=True) != item:
                yield ValidateConstraint(*pair.place, name=item.name)


def dropped(pair: Pair) -> Iterator[TableOperation]:
    """What has to go before columns change: keys first, because others lean on nothing else."""
    for key in pair.gone("foreign_keys"):
        yield drop(pair.old, key)
    for index in pair.gone("indexes"):
        if not _needed_until_replaced(index, pair):
            yield DropIndex(*pair.place, name=index.name or "")
    for kind in CONSTRAINTS:
        for constraint in pair.gone(kind):
            yield drop(pair.old, constraint)
    if pair.old.primary_key not in (None, pair.new.primary_key):
        assert pair.old.primary_key is not None
        yield drop(pair.old, pair.old.primary_key)


def added(pair: Pair) -> Iterator[TableOperation]:
    """What comes once the columns are there; foreign keys follow by themselves."""
    key = pair.new.primary_key
    if key is not None and key != pair.old.primary_key:
        yield AddConstraint(*pair.place, constraint=spoken(key, pair.said.primary_key))
    for kind in reversed(CONSTRAINTS):
        for constraint in pair.come(kind):
            yield AddConstraint(*pair.place, constraint=constraint)
    for index in pair.come("indexes"):
        yield CreateIndex(*pair.place, index=index)
    for index in pair.gone("indexes"):
        if _needed_until_replaced(index, pair):
            yield DropIndex(*pair.place, name=index.name or "")


def _needed_until_replaced(index: Index, pair: Pair) -> bool:
    """Whether a foreign key that stays uses the index until a new one serves it.

    MySQL refuses to drop an index that a foreign key needs, but not once there is another.
    """
    if index.name in pair.new.indexes or not set(index.columns) <= set(pair.new.columns):
        return False
    return any(
        index.columns[: len(key.columns)] == key.columns
        for name, key in pair.old.foreign_keys.items()
        if pair.new.foreign_keys.get(name) == key
    )


def drop(table: Table, constraint: Constraint) -> DropConstraint:
    """The operation that drops a constraint, by what it says where it has no name."""
    kind = kind_of(constraint)
    definition: Constraint | None = None
    if constraint.name is None:
        match constraint:
            case Unique():
                definition = Unique(constraint.columns)
            case ForeignKey():
                definition = ForeignKey(constraint.columns, "", ())
            case Check():
                definition = Check(constraint.condition)
    return DropConstraint(
        table.name, table.schema, name=constraint.name, kind=kind, definition=definition
    )


def surroundings(pair: Pair) -> Iterator[TableOperation]:
    """Comment and options of the table itself."""
    if pair.old.comment != pair.new.comment:
        yield CommentTable(*pair.place, pair.said.comment)
    changes = changed_options(pair.old.options, pair.new.options)
    if changes:
        yield SetTableOptions(*pair.place, options=changes)


def changed_options(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change; ``None`` for one that goes."""
    names = sorted({*old, *new})
    return {name: new.get(name) for name in names if old.get(name) != new.get(name)}


def pair_of(key: str, state: Schema, wanted: Schema, said: Schema) -> Pair:
    """A table that is there before and after."""
    return Pair(state.tables[key], wanted.tables[key], said.tables.get(key) or wanted.tables[key])
