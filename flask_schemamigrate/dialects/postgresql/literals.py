"""Python values as SQL literals that psql reads back as the same values."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import math
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.base import PGCompiler
from sqlalchemy.dialects.postgresql.ranges import AbstractMultiRange


class LiteralCompiler(PGCompiler):
    """SQLAlchemy's compiler for PostgreSQL, which writes every value into the text."""

    def render_literal_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> str:
        """The literal for a parameter; a ``None`` may be a value of its type, as JSON's is."""
        impl = bindparam.type.dialect_impl(self.dialect)
        if bindparam.value is None and isinstance(impl, sa.types.JSON | sa.types.TypeDecorator):
            kw.setdefault("render_literal_value", None)
        render: Any = super().render_literal_bindparam
        return str(render(bindparam, *args, **kw))

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """The literal for a value that a column or parameter of this type is given."""
        value = self._stored(value, type_)
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            # As a mere text it would lose its offset in a column that keeps none.
            keeps = getattr(self._inner(type_), "timezone", False)
            return literal(value) + ("" if keeps else "::timestamptz")
        return literal(value)

    def _inner(self, type_: Any) -> Any:
        """The type that the database sees."""
        impl = type_.dialect_impl(self.dialect)
        return getattr(impl, "impl_instance", impl)

    def _stored(self, value: Any, type_: Any) -> Any:
        """What a type makes of a value before it is stored."""
        impl, inner = type_.dialect_impl(self.dialect), self._inner(type_)
        if isinstance(impl, sa.types.PickleType):
            value = processed(value, impl)
        elif isinstance(impl, sa.types.TypeDecorator):
            value = impl.process_bind_param(value, self.dialect)
        match inner:
            case sa.types.JSON() if not isinstance(value, sa.sql.ClauseElement):
                return document(value, inner, self.dialect)
            case sa.types.Enum() | sa.types.Boolean():
                return processed(value, inner)
            case postgresql.HSTORE() if isinstance(value, Mapping):
                return processed(value, postgresql.HSTORE())
            case AbstractMultiRange() if isinstance(value, list):
                return f"{{{','.join(map(str, value))}}}"
            case sa.types.ARRAY() if isinstance(value, list | tuple):
                return self._elements(value, inner.item_type, inner.dimensions)
        return value

    def _elements(self, values: Sequence[Any], type_: Any, dimensions: int | None) -> list[Any]:
        """What is stored for an array's elements; as deep as SQLAlchemy looks for them."""
        if dimensions is None:
            is_deeper = bool(values) and isinstance(values[0], list | tuple)
        else:
            is_deeper = dimensions > 1
        if not is_deeper:
            return [self._stored(value, type_) for value in values]
        rest = None if dimensions is None else dimensions - 1
        return [self._elements(value, type_, rest) for value in values]


def processed(value: Any, type_: sa.types.TypeEngine[Any]) -> Any:
    """The value as SQLAlchemy hands it to a driver that knows nothing by itself."""
    process = type_.bind_processor(postgresql.dialect())  # type: ignore[no-untyped-call]
    return value if process is None else process(value)


def document(value: Any, type_: sa.types.JSON, dialect: sa.Dialect) -> str | None:
    """A JSON document's text; ``None`` is JSON's null or SQL's, as the type says."""
    if value is sa.types.JSON.NULL:
        return "null"
    if value is None and getattr(type_, "none_as_null", False):
        return None
    serialize = getattr(dialect, "_json_serializer", None) or json.dumps
    return str(serialize(value))


def literal(value: Any) -> str:
    """A value as a literal of no particular type, which PostgreSQL takes for the column's."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case enum.Enum():
            return literal(value.value)
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else f"'{value}'"
        case decimal.Decimal():
            return format(value, "f") if value.is_finite() else f"'{value}'"
        case bytes() | bytearray() | memoryview():
            # psql and the server agree on E'' whatever standard_conforming_strings says.
            return f"E'\\\\x{bytes(value).hex()}'"
        case datetime.timedelta():
            return f"'{value.days} days {value.seconds} seconds {value.microseconds} microseconds'"
        case datetime.datetime():
            return f"'{value.isoformat(' ')}'"
        case datetime.date() | datetime.time():
            return f"'{value.isoformat()}'"
        case uuid.UUID():
            return f"'{value}'"
        case list() | tuple() | set():
            return string(array(list(value)))
        case Mapping():
            return string(json.dumps(value))
    return string(str(value))


def string(value: str) -> str:
    """A string literal; a backslash is safe whatever ``standard_conforming_strings`` says."""
    quoted = "'" + value.replace("'", "''") + "'"
    return f"E{quoted}".replace("\\", "\\\\") if "\\" in value else quoted


def array(values: list[Any]) -> str:
    """An array in the form that PostgreSQL's input function reads."""
    return "{" + ",".join(element(value) for value in values) + "}"


def element(value: Any) -> str:
    """An element of an array."""
    match value:
        case None:
            return "NULL"
        case list() | tuple():
            return array(list(value))
        case bytes():
            return '"\\\\x' + value.hex() + '"'
        case bool():
            return "true" if value else "false"
        case int() | float() | decimal.Decimal():
            return str(value)
        case enum.Enum():
            return element(value.value)
        case Mapping():
            value = json.dumps(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
