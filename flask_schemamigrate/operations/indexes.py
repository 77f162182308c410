"""Creating, dropping and renaming indexes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..errors.operations import Irreversible, UnknownIndex
from ..schema import Index, Known, Schema, edits
from .base import Nothing, Operation, TableOperation
from .constraints import AddConstraint


@dataclass(frozen=True)
class CreateIndex(TableOperation):
    """Create an index; ``concurrently`` builds it outside a transaction without blocking writes."""

    index: Index = field(default_factory=lambda: Index("", ()))
    concurrently: bool = False
    if_not_exists: bool = False

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        return edits.with_table(schema, edits.with_index(self.before(schema), self.index))

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_not_exists else None
        return table is not None and self.index.key in table.indexes

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropIndex(
            self.table, self.schema, name=self.index.name or "", concurrently=self.concurrently
        )

    def describe(self) -> str:
        named = f"index {self.index.name}" if self.index.name else self.index.key
        return f"+ {self.key} {named}"


@dataclass(frozen=True)
class DropIndex(TableOperation):
    """Drop an index. ``table`` is empty where the revision did not name it."""

    name: str = ""
    concurrently: bool = False
    if_exists: bool = False

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        for table in schema.tables.values():
            here = not self.table or table.key == self.key
            if here and self.name in table.indexes:
                return edits.with_table(schema, edits.without_index(table, self.name))
            # MySQL knows a unique constraint as the index it is, and lets it be dropped as one.
            if here and self.name in table.uniques:
                unique = table.uniques[self.name]
                return edits.with_table(schema, edits.without_constraint(table, unique))
        if self.if_exists:
            return schema
        raise UnknownIndex(self.key if self.table else None, self.name)

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_exists and self.table else None
        return table is not None and self.name not in {*table.indexes, *table.uniques}

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        if not self.table:
            raise Irreversible(self.describe(), "it does not say which table the index is on.")
        table = self.before(before)
        if self.name in table.uniques:
            return AddConstraint(self.table, self.schema, constraint=table.uniques[self.name])
        if self.name not in table.indexes:
            raise UnknownIndex(self.key, self.name, list(table.indexes))
        return CreateIndex(
            self.table,
            self.schema,
            index=table.indexes[self.name],
            concurrently=self.concurrently,
        )

    def describe(self) -> str:
        return f"- {self.key} index {self.name}" if self.table else f"- index {self.name}"


@dataclass(frozen=True)
class RenameIndex(TableOperation):
    """Give an index another name."""

    name: str = ""
    new_name: str = ""

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        table = self.before(schema)
        if self.name not in table.indexes:
            raise UnknownIndex(self.key, self.name, list(table.indexes))
        renamed = replace(table.indexes[self.name], name=self.new_name)
        return edits.with_table(
            schema, edits.with_index(edits.without_index(table, self.name), renamed)
        )

    def reverse(self, before: Known) -> Operation:
        return RenameIndex(self.table, self.schema, name=self.new_name, new_name=self.name)

    def describe(self) -> str:
        return f"{self.key} {self.name} -> {self.new_name}"
