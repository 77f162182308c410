"""Enum types and schemas: what stands beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import Irreversible
from ..schema import Enum, Known, Schema, Table, edits, enum_texts
from .base import NamedOperation, Nothing, Operation


@dataclass(frozen=True)
class CreateEnum(Operation):
    """Create a named enum type."""

    enum: Enum
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        return replace(schema, enums={**schema.enums, self.enum.key: self.enum})

    def is_done(self, before: Known) -> bool:
        return self.if_not_exists and before.enum(self.enum.key) is not None

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropEnum(self.enum.name, self.enum.schema)

    def describe(self) -> str:
        return f"+ enum {self.enum.key}"


@dataclass(frozen=True)
class EnumOperation(NamedOperation):
    """An operation on a named enum type that exists."""

    def was(self, before: Known) -> Enum:
        """The enum type before this operation. Raises `Irreversible` where that is not known."""
        enum = before.enum(self.key)
        if enum is None:
            raise Irreversible(self.describe(), "its values are not known.")
        return enum


@dataclass(frozen=True)
class DropEnum(EnumOperation):
    """Drop a named enum type that no column uses any more.

    With ``if_unused`` one that functions, domains or the like still use stays.
    """

    if_exists: bool = False
    if_unused: bool = False

    def apply(self, schema: Schema) -> Schema:
        return replace(schema, enums=edits.without(schema.enums, self.key))

    def is_done(self, before: Known) -> bool:
        return self.if_exists and before.enum(self.key) is None

    def reverse(self, before: Known) -> Operation:
        return Nothing() if self.is_done(before) else CreateEnum(self.was(before))

    def describe(self) -> str:
        return f"- enum {self.key}"


@dataclass(frozen=True)
class RenameEnum(EnumOperation):
    """Give an enum type another name."""

    new_name: str = ""

    def apply(self, schema: Schema) -> Schema:
        old = schema.enums.get(self.key)
        if old is None:
            return schema
        new = replace(old, name=self.new_name)
        enums = {**edits.without(schema.enums, self.key), new.key: new}
        tables = {
            key: enum_texts.with_renamed_enum(table, old, new)
            for key, table in schema.tables.items()
        }
        return replace(schema, tables=tables, enums=enums)

    def reverse(self, before: Known) -> Operation:
        return RenameEnum(self.new_name, self.schema, new_name=self.name)

    def describe(self) -> str:
        return f"enum {self.key} -> {self.new_name}"


@dataclass(frozen=True)
class AddEnumValue(EnumOperation):
    """Add a value to an enum type, at its end unless told where."""

    value: str = ""
    before: str | None = None
    after: str | None = None
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        old = schema.enums.get(self.key)
        if old is None or self.value in old.values:
            return schema
        values = list(old.values)
        place = len(values)
        if self.before is not None:
            place = values.index(self.before)
        elif self.after is not None:
            place = values.index(self.after) + 1
        values.insert(place, self.value)
        new = replace(old, values=tuple(values))
        return replace(schema, enums={**schema.enums, self.key: new})

    def reverse(self, before: Known) -> Operation:
        return SetEnumValues(self.name, self.schema, values=self.was(before).values)

    def describe(self) -> str:
        return f"+ enum {self.key} {self.value!r}"


@dataclass(frozen=True)
class RenameEnumValue(EnumOperation):
    """Give a value of an enum type another name; the rows follow."""

    value: str = ""
    new_value: str = ""

    def apply(self, schema: Schema) -> Schema:
        old = schema.enums.get(self.key)
        if old is None:
            return schema
        values = tuple(self.new_value if item == self.value else item for item in old.values)
        tables = {
            key: enum_texts.with_renamed_values(table, old, {self.value: self.new_value})
            for key, table in schema.tables.items()
        }
        enums = {**schema.enums, self.key: replace(old, values=values)}
        return replace(schema, tables=tables, enums=enums)

    def reverse(self, before: Known) -> Operation:
        return RenameEnumValue(self.name, self.schema, value=self.new_value, new_value=self.value)

    def describe(self) -> str:
        return f"enum {self.key} {self.value!r} -> {self.new_value!r}"


@dataclass(frozen=True)
class SetEnumValues(EnumOperation):
    """Give an enum type exactly these values; ``replacing`` says what removed ones become.

    A removed value that rows still hold and ``replacing`` does not name makes it fail.
    """

    values: tuple[str, ...] = ()
    replacing: dict[str, str] = field(default_factory=dict)

    @property
    def destructive(self) -> bool:
        return True

    def apply(self, schema: Schema) -> Schema:
        new = Enum(self.name, self.values, self.schema)
        old = schema.enums.get(self.key, new)
        tables = {key: self.replaced(table, old) for key, table in schema.tables.items()}
        return replace(schema, tables=tables, enums={**schema.enums, self.key: new})

    def replaced(self, table: Table, enum: Enum) -> Table:
        """The table with its texts saying what ``replacing`` puts in place of values."""
        return enum_texts.with_renamed_values(table, enum, self.replacing)

    def reverse(self, before: Known) -> Operation:
        values = self.was(before).values
        replacing = {new: old for old, new in self.replacing.items() if new not in values}
        return SetEnumValues(self.name, self.schema, values=values, replacing=replacing)

    def describe(self) -> str:
        return self.told()

    def told(self, was: Enum | None = None) -> str:
        """The change for people, with the values as they were."""
        before = f"({', '.join(was.values)}) -> " if was else ""
        return f"~ enum {self.key} {before}({', '.join(self.values)})"


@dataclass(frozen=True)
class CreateNamespace(Operation):
    """Create a schema (a namespace for tables)."""

    name: str
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        return replace(schema, namespaces=schema.namespaces | {self.name})

    def reverse(self, before: Known) -> Operation:
        return DropNamespace(self.name, if_empty=True)

    def describe(self) -> str:
        return f"+ schema {self.name}"


@dataclass(frozen=True)
class DropNamespace(Operation):
    """Drop a schema; with ``cascade`` everything in it goes too.

    With ``if_empty`` one that holds anything stays, because others may have put it there.
    """

    name: str
    if_exists: bool = False
    cascade: bool = False
    if_empty: bool = False

    @property
    def destructive(self) -> bool:
        return self.cascade

    def apply(self, schema: Schema) -> Schema:
        if self.if_empty and any(table.schema == self.name for table in schema.tables.values()):
            return schema
        return replace(
            schema,
            namespaces=schema.namespaces - {self.name},
            tables=self._outside(schema.tables),
            enums=self._outside(schema.enums),
            domains=self._outside(schema.domains),
            sequences=self._outside(schema.sequences),
        )

    def _outside(self, items: Mapping[str, Any]) -> dict[str, Any]:
        return {key: item for key, item in items.items() if item.schema != self.name}

    def reverse(self, before: Known) -> Operation:
        return CreateNamespace(self.name, if_not_exists=self.if_empty)

    def describe(self) -> str:
        return f"- schema {self.name}"
