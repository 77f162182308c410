"""Operations that concern no table's form as calls of directives."""

from __future__ import annotations

from ...errors.autogenerate import NotRenderable
from ...operations import (
    AddEnumValue,
    AlterDomain,
    AlterSequence,
    BulkInsert,
    CreateDomain,
    CreateEnum,
    CreateNamespace,
    CreateSequence,
    CustomOperation,
    DropDomain,
    DropEnum,
    DropNamespace,
    DropSequence,
    Execute,
    Operation,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
    Upsert,
)
from . import data, enums, named
from .layout import Node
from .writing import Writing


def node(operation: Operation, writing: Writing) -> Node:
    """How an operation that concerns no table's form is said. Raises `NotRenderable`."""
    match operation:
        case CustomOperation():
            return operation.source()
        case CreateEnum() | DropEnum() | RenameEnum():
            return enums.whole(operation)
        case AddEnumValue() | RenameEnumValue() | SetEnumValues():
            return enums.values(operation)
        case CreateSequence() | AlterSequence() | DropSequence():
            return named.sequence(operation)
        case CreateDomain() | AlterDomain() | DropDomain():
            return named.domain(operation, writing)
        case CreateNamespace() | DropNamespace():
            return named.namespace(operation)
        case Execute():
            return data.execute(operation, writing)
        case BulkInsert() | Upsert():
            return data.rows(operation, writing)
    raise NotRenderable(operation.describe())
