"""A table that was read from a database as SQLAlchemy's, to insert and to select."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..schema import Column, Schema, Table


def clause(dialect: Dialect, schema: Schema, table: Table) -> sa.TableClause:
    """The table with its columns' types, as far as SQLAlchemy knows them."""
    columns = [
        sa.column(column.name, type_of(dialect, schema, column))
        for column in table.columns.values()
    ]
    return sa.table(table.name, *columns, schema=table.schema)


def type_of(dialect: Dialect, schema: Schema, column: Column) -> sa.types.TypeEngine[Any]:
    """The column's type, or what its domain is made of."""
    enum = schema.enums.get(column.type.enum or "")
    if enum is not None:
        return sa.Enum(*enum.values, name=enum.name, schema=enum.schema)
    domain = schema.domains.get(column.type.text)
    return dialect.python_type(column.type if domain is None else domain.type)
