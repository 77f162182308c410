"""Directives about enum types and schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ...schema import Enum
from ...schema.from_sqlalchemy import Spelling
from ...schema.texts import is_plain, native_enum
from ..types import (
    AddEnumValue,
    CreateEnum,
    CreateNamespace,
    DropEnum,
    DropNamespace,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
)
from .base import Directives


class TypeDirectives(Directives):
    """Enum types and schemas."""

    def create_enum(
        self,
        name: str,
        values: Sequence[str],
        *,
        schema: str | None = None,
        if_not_exists: bool = False,
    ) -> None:
        """Create a named enum type. Columns create theirs by themselves.

        It does nothing, as dropping and renaming one, where each column lists its own values.
        """
        self.invoke(CreateEnum(Enum(name, tuple(values), schema), if_not_exists))

    def drop_enum(self, name: str, *, schema: str | None = None, if_exists: bool = False) -> None:
        """Drop a named enum type."""
        self.invoke(DropEnum(name, schema, if_exists))

    def rename_enum(self, old_name: str, new_name: str, *, schema: str | None = None) -> None:
        """Give an enum type another name."""
        self.invoke(RenameEnum(old_name, schema, new_name))

    def add_enum_value(
        self,
        name: str,
        value: str,
        *,
        before: str | None = None,
        after: str | None = None,
        schema: str | None = None,
        if_not_exists: bool = False,
    ) -> None:
        """Add a value to an enum type, at its end unless told where."""
        self.invoke(AddEnumValue(name, schema, value, before, after, if_not_exists))

    def rename_enum_value(
        self, name: str, old_value: str, new_value: str, *, schema: str | None = None
    ) -> None:
        """Give a value of an enum type another name; the rows follow."""
        self.invoke(RenameEnumValue(name, schema, old_value, new_value))

    def set_enum_values(
        self,
        name: str,
        values: Sequence[str],
        *,
        replacing: Mapping[str, str] | None = None,
        schema: str | None = None,
    ) -> None:
        """Give an enum type exactly these values; ``replacing`` maps removed ones to kept ones."""
        self.invoke(SetEnumValues(name, schema, tuple(values), dict(replacing or {})))

    def create_schema(self, name: str, *, if_not_exists: bool = False) -> None:
        """Create a schema (a namespace for tables)."""
        self.invoke(CreateNamespace(name, if_not_exists))

    def drop_schema(
        self,
        name: str,
        *,
        if_exists: bool = False,
        cascade: bool = False,
        if_empty: bool = False,
    ) -> None:
        """Drop a schema; ``if_empty`` leaves one alone that holds anything."""
        self.invoke(DropNamespace(name, if_exists, cascade, if_empty))


def created_enums(spelling: Spelling, columns: Iterable[sa.Column[Any]]) -> tuple[Enum, ...]:
    """The enum types that these columns may create; ``create_type=False`` is respected."""
    enums = {}
    for column in columns:
        if is_plain(column.type):
            continue
        impl: Any = column.type.dialect_impl(spelling.dialect)
        enum = native_enum(impl, spelling.dialect)
        if enum is not None and enum.name and getattr(enum, "create_type", True):
            value = Enum(enum.name, tuple(enum.enums), enum.schema)
            enums[value.key] = value
    return tuple(enums.values())
