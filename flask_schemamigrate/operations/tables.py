"""Creating, dropping and renaming tables, and what belongs to a table as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import UnknownTable
from ..schema import Enum, Known, Schema, Table, edits
from .base import Nothing, Operation, TableOperation, enums_of


@dataclass(frozen=True)
class CreateTable(Operation):
    """Create a table with its constraints and indexes, and the enum types it brings."""

    table: Table
    enums: tuple[Enum, ...] = ()
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        return edits.with_enums(edits.with_table(schema, self.table), self.enums)

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table.name, self.table.schema) if self.if_not_exists else None
        return table is not None

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropTable(self.table.name, self.table.schema)

    def describe(self) -> str:
        return f"+ {self.table.key}"


@dataclass(frozen=True)
class DropTable(TableOperation):
    """Drop a table and its rows."""

    if_exists: bool = False

    @property
    def gathers(self) -> bool:
        return False

    @property
    def destructive(self) -> bool:
        return True

    def apply(self, schema: Schema) -> Schema:
        if self.key not in schema.tables and not self.if_exists:
            raise UnknownTable(self.key)
        return edits.without_table(schema, self.key)

    def is_done(self, before: Known) -> bool:
        return self.if_exists and before.table(self.table, self.schema) is None

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        table = self.before(before)
        return CreateTable(table, enums_of(table, before))

    def describe(self) -> str:
        return f"- {self.key}"


@dataclass(frozen=True)
class RenameTable(TableOperation):
    """Give a table another name in the same schema."""

    new_name: str = ""

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        renamed = replace(self.before(schema), name=self.new_name)
        return edits.renamed_table(schema, self.key, renamed)

    def reverse(self, before: Known) -> Operation:
        return RenameTable(self.new_name, self.schema, new_name=self.table)

    def describe(self) -> str:
        return f"{self.key} -> {self.new_name}"


@dataclass(frozen=True)
class CommentTable(TableOperation):
    """Set a table's comment; ``None`` removes it."""

    comment: str | None = None
    existing: str | None = None

    @property
    def gathers(self) -> bool:
        return False

    def apply(self, schema: Schema) -> Schema:
        return edits.with_table(schema, replace(self.before(schema), comment=self.comment))

    def reverse(self, before: Known) -> Operation:
        table = before.table(self.table, self.schema)
        comment = self.existing if table is None else table.comment
        return CommentTable(self.table, self.schema, comment, existing=self.comment)

    def describe(self) -> str:
        return f"~ {self.key} comment {self.comment!r}"


@dataclass(frozen=True)
class SetTableOptions(TableOperation):
    """Change what only some databases know about a table: engine, charset, storage."""

    options: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, schema: Schema) -> Schema:
        table = self.before(schema)
        options = {**table.options, **self.options}
        kept = {name: value for name, value in options.items() if value is not None}
        return edits.with_table(schema, replace(table, options=kept))

    def reverse(self, before: Known) -> Operation:
        options = self.before(before).options
        return SetTableOptions(
            self.table, self.schema, {name: options.get(name) for name in self.options}
        )

    def describe(self) -> str:
        words = ", ".join(f"{name} {_shown(value)}" for name, value in self.options.items())
        return f"~ {self.key} {words}"


def _shown(value: Any) -> str:
    """An option's value for people."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={item}" for name, item in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)
