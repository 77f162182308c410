"""Adding, dropping, renaming and validating constraints."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import UnknownConstraint
from ..schema import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Known,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    edits,
)
from .base import Nothing, Operation, TableOperation

KINDS: dict[str, type[Any]] = {
    "primary": PrimaryKey,
    "unique": Unique,
    "foreignkey": ForeignKey,
    "check": Check,
    "exclude": Exclude,
}
WORDS = {
    "primary": "primary key",
    "unique": "unique",
    "foreignkey": "foreign key",
    "check": "check",
    "exclude": "exclusion",
}
"""The kinds for people."""


@dataclass(frozen=True)
class AddConstraint(TableOperation):
    """Add a constraint to a table that exists."""

    constraint: Constraint = field(default_factory=lambda: PrimaryKey(()))
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        return edits.with_table(schema, edits.with_constraint(self.before(schema), self.constraint))

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_not_exists else None
        return table is not None and any(
            type(item) is type(self.constraint) and item.key == self.constraint.key
            for item in table.constraints
        )

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropConstraint(
            self.table,
            self.schema,
            name=self.constraint.name,
            kind=kind_of(self.constraint),
            definition=self.constraint,
        )

    def describe(self) -> str:
        return f"+ {self.key} {described(self.constraint)}"


@dataclass(frozen=True)
class DropConstraint(TableOperation):
    """Drop a constraint by its name, or by its definition where it has none."""

    name: str | None = None
    kind: str | None = None
    definition: Constraint | None = None
    if_exists: bool = False

    def found(self, table: Table) -> Constraint | None:
        """The constraint in this table that is meant, or ``None``."""
        candidates = [
            item
            for item in table.constraints
            if self.kind is None or isinstance(item, KINDS[self.kind])
        ]
        if self.kind == "primary":
            return candidates[0] if candidates else None
        if self.name is not None:
            named = [item for item in candidates if item.name == self.name]
            if named:
                return named[0]
        if self.definition is not None:
            alike = [item for item in candidates if _fits(item, self.definition)]
            # One that has no name can be meant by nothing else.
            return min(alike, key=lambda item: item.name is not None, default=None)
        return None

    def unique_index(self, table: Table) -> Unique | None:
        """The unique index of that name, for MySQL, which knows no other unique constraints."""
        index = table.indexes.get(self.name or "")
        if self.kind not in (None, "unique") or index is None or not index.unique:
            return None
        return Unique(index.columns, index.name)

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        table = self.before(schema)
        found = self.found(table)
        if found is None:
            if self.unique_index(table) is not None:
                return edits.with_table(schema, edits.without_index(table, self.name or ""))
            raise UnknownConstraint(self.key, self.name, [item.key for item in table.constraints])
        return edits.with_table(schema, edits.without_constraint(table, found))

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_exists else None
        return table is not None and not (self.found(table) or self.unique_index(table))

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        table = self.before(before)
        found = self.found(table) or self.unique_index(table)
        if found is None:
            raise UnknownConstraint(self.key, self.name, [item.key for item in table.constraints])
        return AddConstraint(self.table, self.schema, constraint=found)

    def describe(self) -> str:
        what = f"{WORDS.get(self.kind or '', 'constraint')} {self.name or ''}".rstrip()
        if self.definition is not None:
            what = described(self.definition)
        return f"- {self.key} {what}"


@dataclass(frozen=True)
class RenameConstraint(TableOperation):
    """Give a constraint another name."""

    name: str = ""
    new_name: str = ""

    def apply(self, schema: Schema) -> Schema:
        table = self.before(schema)
        drop = DropConstraint(self.table, self.schema, name=self.name)
        found = drop.found(table)
        if found is None and drop.unique_index(table) is not None:
            index = replace(table.indexes[self.name], name=self.new_name)
            without = edits.without_index(table, self.name)
            return edits.with_table(schema, edits.with_index(without, index))
        if found is None:
            raise UnknownConstraint(self.key, self.name, [item.key for item in table.constraints])
        renamed = replace(found, name=self.new_name)
        return edits.with_table(
            schema, edits.with_constraint(edits.without_constraint(table, found), renamed)
        )

    def reverse(self, before: Known) -> Operation:
        return RenameConstraint(self.table, self.schema, name=self.new_name, new_name=self.name)

    def describe(self) -> str:
        return f"{self.key} {self.name} -> {self.new_name}"


@dataclass(frozen=True)
class ValidateConstraint(TableOperation):
    """Check the rows that were there when a constraint was added without looking at them."""

    name: str = ""

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        table = self.before(schema)
        found = DropConstraint(self.table, self.schema, name=self.name).found(table)
        if not isinstance(found, Check | ForeignKey):
            return schema
        valid = replace(found, validated=True)
        return edits.with_table(schema, edits.with_constraint(table, valid))

    def reverse(self, before: Known) -> Operation:
        return Nothing()

    def describe(self) -> str:
        return f"~ {self.key} {self.name} validated"


def _fits(constraint: Constraint, definition: Constraint) -> bool:
    """Whether a constraint is what a revision says of it, which may be its columns alone."""
    match constraint, definition:
        case ForeignKey(), ForeignKey(referent=""):
            return constraint.columns == definition.columns
        case Unique(), Unique():
            return constraint.columns == definition.columns
        case Check(), Check():
            return constraint.condition == definition.condition
    return replace(constraint, name=None) == replace(definition, name=None)


def kind_of(constraint: Constraint) -> str:
    """The word ``drop_constraint(type_=...)`` has for this kind of constraint."""
    return next(word for word, kind in KINDS.items() if isinstance(constraint, kind))


def described(constraint: Constraint) -> str:
    """A constraint for people: its kind and name, or what it says."""
    if constraint.name:
        return f"{WORDS[kind_of(constraint)]} {constraint.name}"
    if isinstance(constraint, PrimaryKey):
        return f"primary key ({', '.join(constraint.columns)})"
    if isinstance(constraint, ForeignKey) and not constraint.referent:
        return f"foreign key ({', '.join(constraint.columns)})"
    return constraint.key
