"""Column defaults: as a model says them, as the catalogue holds them, as a statement does."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation
from typing import ClassVar

from ...schema import Column
from .expressions import plain, unescaped
from .types import INTEGERS, TEXTS, base, unquoted

ON_UPDATE = re.compile(r"\s+ON\s+UPDATE\s+(.+)$", re.IGNORECASE | re.DOTALL)
NOW = re.compile(
    r"^(?:NOW|CURRENT_TIMESTAMP|LOCALTIMESTAMP|LOCALTIME)\s*(?:\(\s*(\d*)\s*\))?$", re.IGNORECASE
)
STRING = re.compile(r"^'(?:[^'\\]|''|\\.)*'$", re.DOTALL)
BINARY = ("binary", "varbinary")
HEXADECIMAL = re.compile(r"^0x(?:[0-9a-f]{2})*$", re.IGNORECASE)
NUMBER = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$", re.IGNORECASE)
SIGNED = re.compile(r"^\(?(-?)\(?(\d+\.?\d*(?:e[+-]?\d+)?)\)*$", re.IGNORECASE)
DIGITS = Context(prec=65)
"""As many as a DECIMAL has, where Python's own context has 28."""
PLAIN = re.compile(
    r"^(?:'(?:[^'\\]|''|\\.)*'|[+-]?[\d.]+(?:e[+-]?\d+)?|[bx]'[0-9a-f]*'|0x[0-9a-f]+|null|true|false"
    r"|(?:now|current_timestamp|localtimestamp|localtime)\s*(?:\(\s*\d*\s*\))?)$",
    re.IGNORECASE | re.DOTALL,
)


def split(column: Column) -> tuple[str | None, str | None]:
    """A column's default and its ON UPDATE, which models write behind the default."""
    on_update = column.options.get("on_update")
    if column.default is None:
        return None, on_update
    if (found := ON_UPDATE.search(column.default)) is None:
        return column.default, on_update
    return column.default[: found.start()], found[1].strip()


def clause(default: str) -> str:
    """What stands after DEFAULT: a literal as it is, any other expression in parentheses.

    https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
    """
    text = default.strip()
    return text if PLAIN.match(text) or is_enclosed(text) else f"({text})"


def is_enclosed(text: str) -> bool:
    """Whether one pair of parentheses holds the whole expression."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    blanked = re.sub(r"'(?:[^'\\]|''|\\.)*'", lambda found: "_" * len(found[0]), text)
    for place, letter in enumerate(blanked):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def quoted(text: str) -> str:
    """A string literal as the server prints it."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return "'" + escaped.replace("\r", "\\r").replace("\0", "\\0") + "'"


class Defaults:
    """The defaults of MySQL, whose catalogue holds literals without their quotes."""

    now: ClassVar[str] = "CURRENT_TIMESTAMP"

    def from_catalogue(self, text: str | None, type_text: str, extra: str) -> str | None:
        """A default as information_schema holds it; ``extra`` says whether it is an expression."""
        if text is None:
            return None
        if NOW.match(text) and base(type_text) in ("datetime", "timestamp"):
            return self.moment(text)
        if "DEFAULT_GENERATED" in extra.upper():
            return self.generated(unescaped(text), type_text)
        if base(type_text) in ("bit", *BINARY):
            return self.literal(text, type_text)
        return self.literal(quoted(text), type_text)

    def from_definition(self, text: str, type_text: str) -> str | None:
        """A default as SHOW CREATE TABLE prints it."""
        if text.upper() == "NULL":
            return None
        if NOW.match(text):
            return self.moment(text)
        if is_enclosed(text):
            return self.generated(text[1:-1], type_text)
        return self.literal(text, type_text)

    def spelled(self, text: str | None, type_text: str) -> str | None:
        """A model's default as the server would print it, where that is plain."""
        if text is None or text.strip().upper() == "NULL":
            return None
        text = text.strip()
        if NOW.match(text):
            return self.moment(text)
        if text.lower() in ("true", "false"):
            return self.literal("1" if text.lower() == "true" else "0", type_text)
        if STRING.match(text) or NUMBER.match(text):
            return self.literal(text, type_text)
        return text

    def generated(self, text: str, type_text: str) -> str:
        """An expression as a default; one that is a mere literal is taken for that."""
        found = self.expression(text)
        if number := SIGNED.match(found):
            return self.literal(f"{number[1]}{number[2]}", type_text)
        return self.literal(found, type_text) if STRING.match(found) else f"({found})"

    def expression(self, text: str) -> str:
        """An expression of SHOW CREATE TABLE as it is compared."""
        return plain(text)

    def moment(self, text: str) -> str:
        """The current time, with its fractional digits."""
        found = NOW.match(text)
        digits = found[1] if found else None
        return f"{self.now}({digits})" if digits and digits != "0" else self.now

    def literal(self, text: str, type_text: str) -> str:
        """A literal in the form that its column's type gives it."""
        word = base(type_text)
        value = unquoted(text) if STRING.match(text) else text
        if word in INTEGERS:
            return str(int(value)) if re.match(r"^[+-]?\d+$", value) else text
        if word == "decimal":
            return scaled(value, type_text) or text
        if word in ("float", "double", "year"):
            return value
        if word == "bit" and re.match(r"^b'[01]*'$", text):
            return text
        if word in BINARY:
            return self.binary(text, value, word)
        if word in TEXTS or text is value or word in ("date", "datetime", "timestamp", "time"):
            return quoted(value)
        return text

    def binary(self, text: str, value: str, word: str) -> str:
        """A literal of bytes, which the catalogue holds in hexadecimal and without its padding."""
        found = bytes.fromhex(text[2:]) if HEXADECIMAL.match(text) else value.encode()
        digits = (found.rstrip(b"\0") if word == "binary" else found).hex().upper()
        return f"0x{digits}" if digits else "''"


def scaled(value: str, type_text: str) -> str | None:
    """A number with as many decimals as its type has."""
    scale = re.search(r",\s*(\d+)\)", type_text)
    places = int(scale[1]) if scale else 0
    try:
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), context=DIGITS)
    except InvalidOperation:
        return None
    return f"{rounded:f}"
