"""SQLAlchemy's types for the types that SQLite columns are declared with."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from ..declared import Declared
from .spelled import bare_type, type_text

PLAIN: dict[str, Any] = {
    "BIGINT": sa.BigInteger,
    "BLOB": sa.LargeBinary,
    "BOOLEAN": sa.Boolean,
    "CLOB": sa.CLOB,
    "DATE": sa.Date,
    "DATETIME": sa.DateTime,
    "DATETIME_CHAR": sa.DateTime,
    "DATE_CHAR": sa.Date,
    "DECIMAL": sa.DECIMAL,
    "DOUBLE": sa.DOUBLE,
    "DOUBLE PRECISION": sa.Double,
    "DOUBLE_PRECISION": sa.Double,
    "FLOAT": sa.Float,
    "INT": sa.INT,
    "INTEGER": sa.Integer,
    "JSON": sa.JSON,
    "NUMERIC": sa.Numeric,
    "REAL": sa.REAL,
    "SMALLINT": sa.SmallInteger,
    "TEXT": sa.Text,
    "TIME": sa.Time,
    "TIMESTAMP": sa.TIMESTAMP,
    "TIME_CHAR": sa.Time,
    "UUID": sa.UUID,
}
SIZED: dict[str, Any] = {
    "BINARY": sa.BINARY,
    "CHAR": sa.CHAR,
    "DECIMAL": sa.DECIMAL,
    "FLOAT": sa.Float,
    "NCHAR": sa.NCHAR,
    "NUMERIC": sa.Numeric,
    "NVARCHAR": sa.NVARCHAR,
    "TEXT": sa.Text,
    "VARBINARY": sa.VARBINARY,
    "VARCHAR": sa.String,
}


def python_type(text: str) -> sa.types.TypeEngine[Any]:
    """The SQLAlchemy type that is written as this type is."""
    dialect = sqlite.dialect()
    declared, collation = bare_type(text)
    for made in _likely(declared, collation):
        try:
            compiled = made.compile(dialect=dialect)
        except sa.exc.SQLAlchemyError:
            continue
        if type_text(compiled) == text:
            return made
    return Declared(text)


def _likely(declared: str, collation: str) -> list[sa.types.TypeEngine[Any]]:
    match = re.match(r"([^(]+?)(?:\((\d+)(?:, (\d+))?\))?$", declared)
    if match is None:
        return []
    name, sizes = match[1], [int(size) for size in match.groups()[1:] if size]
    kinds = [table[name] for table in (SIZED, PLAIN) if name in table]
    options: dict[str, Any] = {"collation": collation} if collation else {}
    found: list[sa.types.TypeEngine[Any]] = []
    for kind in [*kinds, getattr(sa, name, None)]:
        try:
            if isinstance(kind, type) and issubclass(kind, sa.types.TypeEngine):
                found.append(kind(*sizes, **options))
        except TypeError:
            continue
    return found
