"""Enums, schemas and rows as calls of directives."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa

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
from ...schema import Type
from ..light import escaped
from . import named
from .layout import Labelled, Node, call, listing, literal, quoted
from .types import type_node
from .writing import Writing


def node(operation: Operation, writing: Writing) -> Node:
    """How an operation that concerns no table's form is said. Raises `NotRenderable`."""
    match operation:
        case CustomOperation():
            return operation.source()
        case CreateEnum() | DropEnum() | RenameEnum():
            return _enum(operation)
        case AddEnumValue() | RenameEnumValue() | SetEnumValues():
            return _values(operation)
        case CreateSequence() | AlterSequence() | DropSequence():
            return named.sequence(operation)
        case CreateDomain() | AlterDomain() | DropDomain():
            return named.domain(operation, writing)
        case CreateNamespace() | DropNamespace():
            return _namespace(operation)
        case Execute():
            return _execute(operation, writing)
        case BulkInsert() | Upsert():
            return _rows(operation, writing)
    raise NotRenderable(operation.describe())


def _schema(schema: str | None) -> str | None:
    return None if schema is None else quoted(schema)


def _true(value: bool) -> str | None:
    return "True" if value else None


def _enum(operation: CreateEnum | DropEnum | RenameEnum) -> Node:
    match operation:
        case CreateEnum():
            enum = operation.enum
            return call(
                "op.create_enum",
                quoted(enum.name),
                literal(list(enum.values)),
                schema=_schema(enum.schema),
                if_not_exists=_true(operation.if_not_exists),
            )
        case DropEnum():
            return call(
                "op.drop_enum",
                quoted(operation.name),
                schema=_schema(operation.schema),
                if_exists=_true(operation.if_exists),
            )
        case RenameEnum():
            return call(
                "op.rename_enum",
                quoted(operation.name),
                quoted(operation.new_name),
                schema=_schema(operation.schema),
            )


def _values(operation: AddEnumValue | RenameEnumValue | SetEnumValues) -> Node:
    name, schema = quoted(operation.name), _schema(operation.schema)
    match operation:
        case AddEnumValue():
            return call(
                "op.add_enum_value",
                name,
                quoted(operation.value),
                before=_schema(operation.before),
                after=_schema(operation.after),
                schema=schema,
                if_not_exists=_true(operation.if_not_exists),
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


def _namespace(operation: CreateNamespace | DropNamespace) -> Node:
    match operation:
        case CreateNamespace():
            return call(
                "op.create_schema",
                quoted(operation.name),
                if_not_exists=_true(operation.if_not_exists),
            )
        case DropNamespace():
            return call(
                "op.drop_schema",
                quoted(operation.name),
                if_exists=_true(operation.if_exists),
                cascade=_true(operation.cascade),
                if_empty=_true(operation.if_empty),
            )


# -- rows


def _execute(operation: Execute, writing: Writing) -> Node:
    statement = operation.statement
    if isinstance(statement, str):
        text = quoted(statement)
    else:
        text = quoted(escaped(writing.dialect.compiled(statement)))
    parameters = operation.parameters
    return call("op.execute", text, *([_value(parameters, writing)] if parameters else []))


def _rows(operation: BulkInsert | Upsert, writing: Writing) -> Node:
    columns = [
        call("sa.column", quoted(column.name), *_column_type(column, writing))
        for column in operation.table.c
    ]
    schema = getattr(operation.table, "schema", None)
    table = call("sa.table", quoted(operation.table.name), *columns, schema=_schema(schema))
    rows = listing([_value(dict(row), writing) for row in operation.rows], exploded=True)
    if isinstance(operation, BulkInsert):
        multiinsert = None if operation.multiinsert else "False"
        return call("op.bulk_insert", table, rows, multiinsert=multiinsert)
    return call(
        "op.upsert",
        table,
        rows,
        key=literal(list(operation.key)),
        update=None if operation.update is None else literal(list(operation.update)),
    )


def _column_type(column: Any, writing: Writing) -> list[Node]:
    if isinstance(column.type, sa.types.NullType):
        return []
    return [type_node(Type("", column.type), writing)]


def _value(value: Any, writing: Writing) -> Node:
    """A value of a row."""
    if isinstance(value, dict):
        items = {key: _value(item, writing) for key, item in value.items()}
        rendered = [Labelled(f"{_flat(key)}: ", item) for key, item in items.items()]
        made = literal({})
        assert not isinstance(made, str | Labelled)
        return type(made)("{", tuple(rendered), "}")
    if isinstance(value, str | int | float | bytes | list | tuple) or value is None:
        return literal(value)
    if isinstance(value, sa.sql.ClauseElement):
        return writing.text(str(writing.dialect.spelling.expression(value)))
    if isinstance(value, enum.Enum):
        return quoted(value.name)
    module = type(value).__module__
    if module not in {"datetime", "decimal", "uuid"}:
        raise NotRenderable(repr(value))
    writing.needs(f"import {module}")
    if module == "datetime":
        return repr(value)
    return call(f"{module}.{type(value).__name__}", quoted(str(value)))


def _flat(key: Any) -> str:
    return quoted(key) if isinstance(key, str) else repr(key)
