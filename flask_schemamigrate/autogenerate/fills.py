"""The values that fill columns, from text to literals of the column's type."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..errors.autogenerate import BadFill
from ..schema import Column, Table, key_of
from .decisions import Constant, SQLExpression
from .light import escaped
from .quoting import place

TRUE = {"true", "t", "yes", "on", "1"}
FALSE = {"false", "f", "no", "off", "0"}


def assignment(
    dialect: Dialect, table: Table, column: Column, fill: Constant | SQLExpression
) -> str:
    """The UPDATE that fills the rows with nothing in the column, as text for ``op.execute``.

    When a row was last changed remains when the app did so.
    """
    if isinstance(fill, SQLExpression):
        value = fill.sql
    else:
        value = constant(dialect, table, column, fill.text)
    target, name = dialect.place(table.name, table.schema), dialect.quoted(column.name)
    others = [dialect.quoted(item) for item in dialect.touched(table) if item != column.name]
    kept = "".join(f", {other} = {other}" for other in others)
    return escaped(f"UPDATE {target} SET {name} = {value}{kept} WHERE {name} IS NULL")


def constant(dialect: Dialect, table: Table, column: Column, text: str) -> str:
    """A value of the column's type as an SQL literal. Raises `BadFill`."""
    type_ = column.type.python or dialect.python_type(column.type)
    try:
        value = read(text, type_)
        if isinstance(value, str):
            return dialect.literal(value)
        if isinstance(value, bytes):
            # What SQLAlchemy writes is text, and remains text on SQLite.
            return dialect.compiled(sa.literal(value))
        return str(dialect.spelling.expression(sa.literal(value, _plain(type_))))
    except (ValueError, ArithmeticError, LookupError, sa.exc.SQLAlchemyError) as error:
        key, of = key_of(table.name, table.schema), column.type.text
        name = place(key, column.name)
        raise BadFill(name, text, of, place=f"{key}.{column.name}") from error


def _plain(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The type whose literal is written: a decorator would process the value once more."""
    return type_.impl_instance if isinstance(type_, sa.types.TypeDecorator) else type_


def read(text: str, type_: sa.types.TypeEngine[Any]) -> Any:
    """Text as a value of a type. Raises ``ValueError`` where it is none."""
    type_ = _plain(type_)
    if isinstance(type_, sa.Enum):
        if text not in type_.enums:
            raise ValueError(text)
        return text
    if isinstance(type_, sa.Boolean):
        return truth(text)
    for kind, parse in READERS:
        if isinstance(type_, kind):
            return parse(text)
    return text


def empty_text(dialect: Dialect, type_: sa.types.TypeEngine[Any]) -> str | None:
    """A value of the type that means nothing, as text; ``None`` where there is none."""
    type_ = _plain(type_)
    if isinstance(type_, sa.Enum):
        return next(iter(type_.enums), None)
    known = (*dialect.empty_texts.items(), *EMPTY)
    return next((text for kind, text in known if isinstance(type_, kind)), None)


def truth(text: str) -> bool:
    """A boolean in the words that people have for it."""
    word = text.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(text)


def json_text(text: str) -> str:
    """JSON as it is, once it is seen to be JSON: SQLAlchemy writes none inline."""
    return json.dumps(json.loads(text))


READERS: tuple[tuple[type[Any], Callable[[str], Any]], ...] = (
    (sa.Integer, int),
    (sa.Float, float),
    (sa.Numeric, decimal.Decimal),
    (sa.DateTime, datetime.datetime.fromisoformat),
    (sa.Date, datetime.date.fromisoformat),
    (sa.Time, datetime.time.fromisoformat),
    (sa.Uuid, uuid.UUID),
    (sa.LargeBinary, str.encode),
    (sa.JSON, json_text),
)

EMPTY: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "false"),
    (sa.Integer, "0"),
    (sa.Float, "0"),
    (sa.Numeric, "0"),
    (sa.DateTime, "1970-01-01T00:00:00"),
    (sa.Date, "1970-01-01"),
    (sa.Time, "00:00:00"),
    (sa.Uuid, "00000000-0000-0000-0000-000000000000"),
    (sa.LargeBinary, ""),
    (sa.JSON, "{}"),
    (sa.ARRAY, "{}"),
    (sa.String, ""),
)
