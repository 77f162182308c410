"""Values written into SQL text just as they would be stored."""

from __future__ import annotations

import datetime
import math
from functools import cache
from typing import Any


@cache
def inlining(compiler: Any) -> Any:
    """SQLAlchemy's compiler for statements, with literals of ours."""

    class Inlining(compiler):  # type: ignore[misc]
        """SQLAlchemy's compiler for statements, knowing a literal for every value."""

        def render_literal_value(self, value: Any, type_: Any, **options: Any) -> str:
            if value is None and not type_.should_evaluate_none:
                return "NULL"
            process = type_.dialect_impl(self.dialect).bind_processor(self.dialect)
            plain = value if process is None else process(value)
            text = literal(plain)
            if text is None:
                return str(super().render_literal_value(value, type_, **options))
            return text

    return Inlining


def literal(value: Any) -> str | None:
    """The literal of a value as the driver takes it, or ``None`` if it takes no such thing.

    https://www.sqlite.org/lang_expr.html#literal_values_constants_
    """
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(int(value))
        case float():
            return _float(value)
        case str():
            return _text(value)
        case bytes() | bytearray() | memoryview():
            return f"X'{bytes(value).hex()}'"
        case datetime.datetime():
            return _text(value.isoformat(" "))
        case datetime.date():
            return _text(value.isoformat())
    return None


def _float(value: float) -> str:
    if math.isinf(value):
        return "9e999" if value > 0 else "-9e999"
    return "NULL" if math.isnan(value) else repr(value)


def _text(value: str) -> str:
    # The text of a statement ends at a NUL character, so it cannot stand in a literal.
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in value.split("\0")]
    return pieces[0] if len(pieces) == 1 else "(" + " || char(0) || ".join(pieces) + ")"
