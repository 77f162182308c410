"""What was decided where a difference could mean two things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Constant:
    """Fill rows with a value, written as text and read as the column's type."""

    text: str


@dataclass(frozen=True)
class SQLExpression:
    """Fill rows with what an SQL expression gives for each."""

    sql: str


@dataclass(frozen=True)
class ServerDefault:
    """Give the column a server default, which fills the rows too and stays."""

    text: str


@dataclass(frozen=True)
class Nullable:
    """Leave the column nullable for now."""


@dataclass(frozen=True)
class AsItIs:
    """Write NOT NULL without filling anything: the table is known to be empty."""


Fill = Constant | SQLExpression | ServerDefault | Nullable | AsItIs


def fill(text: str) -> Fill:
    """What ``--fill table.column=`` says behind the equals sign. It is never evaluated."""
    kind, colon, rest = text.partition(":")
    if colon:
        match kind:
            case "sql":
                return SQLExpression(rest)
            case "default":
                return ServerDefault(rest)
            case "value":
                return Constant(rest)
            case "nullable" if not rest:
                return Nullable()
            case "as-is" if not rest:
                return AsItIs()
    return Constant(text)


@dataclass(frozen=True)
class Decisions:
    """What is a rename, and what fills columns that may not be NULL.

    ``tables`` leads from old to new table keys; ``columns`` from (new table key, old name) to new
    names; ``values`` from (enum key, old value) to new values; ``fills`` are filed under
    (new table key, new column name).
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    fills: Mapping[tuple[str, str], Fill] = field(default_factory=dict)
