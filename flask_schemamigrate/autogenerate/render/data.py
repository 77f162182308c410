"""SQL and rows as calls of directives."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa

from ...errors.autogenerate import NotRenderable
from ...operations import BulkInsert, Execute, Upsert
from ...schema import Type
from ..light import escaped
from .layout import Brackets, Labelled, Node, call, listing, literal, optional, quoted
from .types import type_node
from .writing import Writing


def execute(operation: Execute, writing: Writing) -> Node:
    """``op.execute``."""
    statement = operation.statement
    if isinstance(statement, str):
        text = quoted(statement)
    else:
        text = quoted(escaped(writing.dialect.compiled(statement)))
    parameters = operation.parameters
    return call("op.execute", text, *([_value(parameters, writing)] if parameters else []))


def rows(operation: BulkInsert | Upsert, writing: Writing) -> Node:
    """``op.bulk_insert`` or ``op.upsert``. Raises `NotRenderable`."""
    columns = [
        call("sa.column", quoted(column.name), *_column_type(column, writing))
        for column in operation.table.c
    ]
    schema = getattr(operation.table, "schema", None)
    table = call("sa.table", quoted(operation.table.name), *columns, schema=optional(schema))
    given = listing([_value(dict(row), writing) for row in operation.rows], exploded=True)
    if isinstance(operation, BulkInsert):
        multiinsert = None if operation.multiinsert else "False"
        return call("op.bulk_insert", table, given, multiinsert=multiinsert)
    return call(
        "op.upsert",
        table,
        given,
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
        return Brackets("{", tuple(rendered), "}")
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
