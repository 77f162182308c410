"""Made-up values for a column: its type says which, and the checks that mention it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

DAY = date(2020, 2, 29)
MOMENT = datetime(2020, 2, 29, 12, 30)

_NUMBER = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w'])")
_TEXT = re.compile(r"'((?:[^']|'')*)'")


def candidates(
    name: str, type_: sa.types.TypeEngine[Any], conditions: Iterable[str]
) -> Iterator[Any]:
    """Values that may do, the likeliest first; none if nothing is known of the type."""
    mentioned = [text for text in conditions if re.search(rf"\b{re.escape(name)}\b", text)]
    seen: list[Any] = []
    for value in (*_told(type_, mentioned), *_plain(name, type_)):
        # 1 and True are equal, and one of them is not what a column wants.
        if not any(value == other and type(value) is type(other) for other in seen):
            seen.append(value)
            yield value


def _plain(name: str, type_: sa.types.TypeEngine[Any]) -> Iterator[Any]:
    """What a column of that type holds where nothing more is asked."""
    match type_:
        case sa.Enum():
            yield from type_.enums
        case sa.Boolean():
            yield from (True, False)
        case sa.Integer():
            yield from (1, 0)
        case sa.Numeric() | sa.Float():
            yield from _numbers(type_, ("1", "0"))
        case sa.String():
            yield from _texts(type_, (name, "a"))
        case sa.DateTime():
            yield MOMENT.replace(tzinfo=UTC) if type_.timezone else MOMENT
        case sa.Date():
            yield DAY
        case sa.Time():
            yield time(12, 30)
        case sa.Interval():
            yield timedelta(days=1)
        case sa.LargeBinary() | sa.types._Binary():
            yield b"a" * (getattr(type_, "length", None) or 1)
        case sa.JSON():
            yield {}
        case sa.Uuid():
            yield uuid.UUID(int=1) if type_.as_uuid else uuid.UUID(int=1).hex
        case sa.ARRAY():
            yield []
        case _ if _name(type_) == "BIT":
            yield "1" * (getattr(type_, "length", None) or 1)
        case _:
            yield from BY_NAME.get(_name(type_), ())


BY_NAME: dict[str, tuple[Any, ...]] = {
    "CIDR": ("192.0.2.0/24",),
    "CITEXT": ("a",),
    "HSTORE": ({},),
    "INET": ("192.0.2.1",),
    "INTERVAL": (timedelta(days=1),),
    "MACADDR": ("08:00:2b:01:02:03",),
    "MACADDR8": ("08:00:2b:01:02:03:04:05",),
    "TSVECTOR": ("a",),
    "XML": ("<a/>",),
    "YEAR": (2020,),
}
"""Types that only some databases have, by the name that SQLAlchemy gives them."""


def _name(type_: sa.types.TypeEngine[Any]) -> str:
    return type(type_).__name__.upper()


def _told(type_: sa.types.TypeEngine[Any], conditions: list[str]) -> Iterator[Any]:
    """The literals of the conditions, and what lies beside them."""
    for text in conditions:
        words = [found.replace("''", "'") for found in _TEXT.findall(text)]
        # PostgreSQL writes '-3'::integer for -3.
        numbers = _NUMBER.findall(_TEXT.sub("", text)) + list(filter(_NUMBER.fullmatch, words))
        match type_:
            case sa.Enum() | sa.Boolean():
                continue
            case sa.Integer():
                for number in numbers:
                    around = int(Decimal(number))
                    yield from (around, around + 1, around - 1)
            case sa.Numeric() | sa.Float():
                yield from _numbers(type_, numbers)
            case sa.String():
                yield from _texts(type_, map(_matching, words))
                yield from _texts(type_, ("a" * int(Decimal(number)) for number in numbers))
            case sa.Date() | sa.DateTime():
                yield from _moments(type_, words)


def _numbers(type_: Any, numbers: Iterable[str]) -> Iterator[Any]:
    """Numbers and their neighbours, as far as the type has room for them."""
    digits = (type_.precision or 20) - (getattr(type_, "scale", None) or 0)
    for number in numbers:
        for value in (Decimal(number), Decimal(number) + 1, Decimal(number) - 1):
            if abs(value) < Decimal(10) ** digits:
                yield value if isinstance(type_, sa.Numeric) and type_.asdecimal else float(value)


def _texts(type_: sa.String, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text if type_.length is None else text[: type_.length]


def _moments(type_: Any, words: list[str]) -> Iterator[Any]:
    for word in words:
        try:
            found = datetime.fromisoformat(word)
        except ValueError:
            continue
        for value in (found, found + timedelta(days=1), found - timedelta(days=1)):
            if isinstance(type_, sa.DateTime):
                yield value.replace(tzinfo=UTC) if type_.timezone else value
            else:
                yield value.date()


def _matching(pattern: str) -> str:
    """A text that a LIKE pattern matches; any other text is itself."""
    return pattern.replace("%", "a").replace("_", "a") if "%" in pattern else pattern
