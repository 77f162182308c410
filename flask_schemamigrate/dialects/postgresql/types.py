"""PostgreSQL's names for types, from SQLAlchemy's words and back to SQLAlchemy's types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ranges
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler

# https://www.postgresql.org/docs/current/datatype.html, the column "Aliases".
FORMAL: Mapping[str, str] = {
    "bigint": "bigint",
    "int8": "bigint",
    "bit": "bit",
    "bit varying": "bit varying",
    "varbit": "bit varying",
    "bool": "boolean",
    "boolean": "boolean",
    "bpchar": "character",
    "bytea": "bytea",
    "char": "character",
    "character": "character",
    "character varying": "character varying",
    "date": "date",
    "decimal": "numeric",
    "double precision": "double precision",
    "float8": "double precision",
    "float4": "real",
    "int": "integer",
    "int4": "integer",
    "integer": "integer",
    "int2": "smallint",
    "nchar": "character",
    "numeric": "numeric",
    "real": "real",
    "smallint": "smallint",
    "time": "time without time zone",
    "time with time zone": "time with time zone",
    "time without time zone": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamp with time zone": "timestamp with time zone",
    "timestamp without time zone": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "varchar": "character varying",
}
SERIALS = {"smallint": "SMALLSERIAL", "integer": "SERIAL", "bigint": "BIGSERIAL"}
STRINGS = frozenset({"character varying", "character", "text", "citext", "name", '"char"'})
INTEGERS = frozenset(SERIALS)
NUMBERS = INTEGERS | {"numeric", "real", "double precision"}
EMPTY: Mapping[type[sa.types.TypeEngine[Any]], str] = {
    postgresql.INTERVAL: "0",
    ranges.AbstractMultiRange: "{}",
    ranges.AbstractRange: "empty",  # Of one range, in every SQLAlchemy; the first match counts.
    postgresql.INET: "0.0.0.0",
    postgresql.CIDR: "0.0.0.0/0",
    postgresql.MACADDR: "00:00:00:00:00:00",
    postgresql.MONEY: "0",
    postgresql.TSVECTOR: "",
    postgresql.HSTORE: "",
}
"""Values that mean nothing, by type."""

# Types that format_type calls by the name SQLAlchemy gives them, in small letters.
PLAIN = frozenset(
    word
    for line in (
        "text json jsonb uuid inet cidr macaddr macaddr8 money oid regclass regconfig tsvector",
        "tsquery xml int4range int8range numrange daterange tsrange tstzrange int4multirange",
        "int8multirange nummultirange datemultirange tsmultirange tstzmultirange hstore citext",
        "jsonpath point line lseg box path polygon circle interval",
    )
    for word in line.split()
)
TEXT = re.compile(
    r"""(?P<name>"?[a-z_][\w. "]*?)\s*
        (?:\((?P<arguments>[^()]*)\))?
        (?P<zone>\s(?:with|without)\stime\szone)?
        (?P<array>(?:\s*\[\d*\])*)
        (?P<collation>\s+collate\s+.+)?$""",
    re.IGNORECASE | re.VERBOSE,
)


class TypeTexts(PGTypeCompiler):
    """SQLAlchemy's texts of types, but for what PostgreSQL would refuse."""

    def visit_TEXT(self, type_: Any, **options: Any) -> str:  # noqa: N802
        """TEXT without the length that models may say for other databases, as any is as long."""
        unlimited = type_.copy()
        unlimited.length = None
        text: str = super().visit_TEXT(unlimited, **options)
        return text


@dataclass(frozen=True)
class Words:
    """A type's text in its parts; ``name`` includes the time zone's words."""

    name: str
    arguments: tuple[str, ...] = ()
    array: bool = False
    collation: str = ""

    @property
    def element(self) -> str:
        """The text of the type, or of the array's elements, without its collation."""
        arguments = f"({','.join(self.arguments)})" if self.arguments else ""
        name, space, zone = self.name.partition(" with")
        if space and self.name.startswith("time"):
            return f"{name}{arguments}{space}{zone}"
        return f"{self.name}{arguments}"

    @property
    def text(self) -> str:
        """The whole text, as format_type has it."""
        collation = f" COLLATE {self.collation}" if self.collation else ""
        return self.element + ("[]" if self.array else "") + collation

    @property
    def bare(self) -> str:
        """The type without length, scale and collation."""
        return self.name + ("[]" if self.array else "")


@lru_cache(maxsize=1024)
def words(text: str) -> Words:
    """The parts of a type's text, its name put into PostgreSQL's words."""
    match = TEXT.match(text.strip())
    if match is None:
        return Words(text)
    written = match["name"].strip() + " ".join(["", *(match["zone"] or "").split()])
    name = " ".join(written.lower().split())
    arguments = tuple(part.strip() for part in (match["arguments"] or "").split(",") if part)
    collation = re.sub(r"(?i)^\s*collate\s+", "", match["collation"] or "")
    if collation and '"' not in collation:
        collation = ".".join(f'"{part}"' for part in collation.lower().split("."))
    name, arguments = _formal(name, arguments, written)
    return Words(name, arguments, bool(match["array"]), collation)


def _formal(name: str, arguments: tuple[str, ...], written: str) -> tuple[str, tuple[str, ...]]:
    """A type's name and arguments as format_type has them."""
    if name == "float":
        small = bool(arguments) and int(arguments[0]) <= 24
        return ("real" if small else "double precision"), ()
    if name in FORMAL:
        name = FORMAL[name]
        if name in ("character", "bit") and not arguments:
            arguments = ("1",)
        if name == "numeric" and len(arguments) == 1:
            arguments = (*arguments, "0")
        return name, arguments
    known = name in PLAIN or name.startswith("interval ")
    return (name if known else written), arguments


def spelled_type(text: str) -> str:
    """SQLAlchemy's text of a type as format_type gives it, where that is known."""
    return words(text).text


def bare_cast(text: str) -> str:
    """The type as PostgreSQL writes it behind a constant: without length, in inner words."""
    name = words(text).bare
    if name.startswith("character") and not name.startswith("character varying"):
        return name.replace("character", "bpchar", 1)
    return name.replace("bit", '"bit"', 1) if re.match(r"bit(\[|$)", name) else name


# -- back to SQLAlchemy


def _string(kind: type[sa.String]) -> Callable[[Words], sa.types.TypeEngine[Any]]:
    def make(parts: Words) -> sa.types.TypeEngine[Any]:
        length = int(parts.arguments[0]) if parts.arguments else None
        collation = parts.collation.strip('"') or None
        return kind(length, collation=collation)

    return make


def _precise(kind: Any, timezone: bool) -> Callable[[Words], sa.types.TypeEngine[Any]]:
    def make(parts: Words) -> sa.types.TypeEngine[Any]:
        precision = int(parts.arguments[0]) if parts.arguments else None
        if precision is None:
            plain = sa.DateTime if kind is postgresql.TIMESTAMP else sa.Time
            return plain(timezone=timezone)
        made: sa.types.TypeEngine[Any] = kind(timezone=timezone, precision=precision)
        return made

    return make


def _numeric(parts: Words) -> sa.types.TypeEngine[Any]:
    precision, scale = [*map(int, parts.arguments), None, None][:2]
    numeric: sa.types.TypeEngine[Any] = sa.Numeric(precision, scale)
    return numeric


def _interval(parts: Words) -> sa.types.TypeEngine[Any]:
    fields = parts.name.partition(" ")[2].upper() or None
    precision = int(parts.arguments[0]) if parts.arguments else None
    return postgresql.INTERVAL(fields=fields, precision=precision)


def _bits(varying: bool) -> Callable[[Words], sa.types.TypeEngine[Any]]:
    def make(parts: Words) -> sa.types.TypeEngine[Any]:
        length = int(parts.arguments[0]) if parts.arguments else None
        return postgresql.BIT(length, varying)

    return make


MAKERS: Mapping[str, Callable[[Words], sa.types.TypeEngine[Any]]] = {
    "bigint": lambda _: sa.BigInteger(),
    "integer": lambda _: sa.Integer(),
    "smallint": lambda _: sa.SmallInteger(),
    "boolean": lambda _: sa.Boolean(),
    "date": lambda _: sa.Date(),
    "bytea": lambda _: sa.LargeBinary(),
    "real": lambda _: sa.REAL(),
    "double precision": lambda _: sa.Double(),
    "numeric": _numeric,
    "uuid": lambda _: sa.Uuid(),
    "json": lambda _: sa.JSON(),
    "jsonb": lambda _: postgresql.JSONB(),
    "character varying": _string(sa.String),
    "character": _string(sa.CHAR),
    "text": _string(sa.Text),
    "citext": lambda _: postgresql.CITEXT(),
    "hstore": lambda _: postgresql.HSTORE(),
    "interval": _interval,
    "bit": _bits(False),
    "bit varying": _bits(True),
    "timestamp without time zone": _precise(postgresql.TIMESTAMP, False),
    "timestamp with time zone": _precise(postgresql.TIMESTAMP, True),
    "time without time zone": _precise(postgresql.TIME, False),
    "time with time zone": _precise(postgresql.TIME, True),
}


def domain_type(name: str, schema: str | None, based_on: str) -> sa.types.TypeEngine[Any]:
    """The SQLAlchemy type of a domain, which stands in a column by its name alone."""
    return postgresql.DOMAIN(name, python_type(based_on) or sa.Text(), schema=schema)


def python_type(text: str) -> sa.types.TypeEngine[Any] | None:
    """The SQLAlchemy type whose text is this one, or ``None``."""
    parts = words(text)
    name = "interval" if parts.name.startswith("interval") else parts.name
    make = MAKERS.get(name)
    if make is not None:
        made = make(parts)
    elif name in PLAIN and hasattr(postgresql, name.upper()):
        made = getattr(postgresql, name.upper())()
    else:
        return None
    return postgresql.ARRAY(made) if parts.array else made
