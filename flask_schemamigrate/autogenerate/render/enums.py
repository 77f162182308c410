"""Enums as calls of directives."""

from __future__ import annotations

from ...operations import (
    AddEnumValue,
    CreateEnum,
    DropEnum,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
)
from .layout import Node, call, flag, literal, optional, quoted
from .named import dropped


def whole(operation: CreateEnum | DropEnum | RenameEnum) -> Node:
    """``op.create_enum``, ``op.drop_enum`` or ``op.rename_enum``."""
    match operation:
        case CreateEnum():
            enum = operation.enum
            return call(
                "op.create_enum",
                quoted(enum.name),
                literal(list(enum.values)),
                schema=optional(enum.schema),
                if_not_exists=flag(operation.if_not_exists),
            )
        case DropEnum():
            return dropped("op.drop_enum", operation)
        case RenameEnum():
            return call(
                "op.rename_enum",
                quoted(operation.name),
                quoted(operation.new_name),
                schema=optional(operation.schema),
            )


def values(operation: AddEnumValue | RenameEnumValue | SetEnumValues) -> Node:
    """``op.add_enum_value``, ``op.rename_enum_value`` or ``op.set_enum_values``."""
    name, schema = quoted(operation.name), optional(operation.schema)
    match operation:
        case AddEnumValue():
            return call(
                "op.add_enum_value",
                name,
                quoted(operation.value),
                before=optional(operation.before),
                after=optional(operation.after),
                schema=schema,
                if_not_exists=flag(operation.if_not_exists),
            )
        case RenameEnumValue():
            return call(
                "op.rename_enum_value",
                name,
                quoted(operation.value),
                quoted(operation.new_value),
                schema=schema,
            )
        case SetEnumValues():
            return call(
                "op.set_enum_values",
                name,
                literal(list(operation.values)),
                replacing=literal(operation.replacing) if operation.replacing else None,
                schema=schema,
            )
