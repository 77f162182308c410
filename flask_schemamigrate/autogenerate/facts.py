"""What models announce, and what the database's rows decide."""

from __future__ import annotations

import datetime
import decimal
import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..schema import Table
from . import matching
from .difference import Difference, Hints
from .home import home_key

HINT = "renamed_from"


def hints(tables: Iterable[sa.Table], home: str | None) -> Hints:
    """The renames that ``info`` announces."""
    renamed_tables = {}
    renamed_columns = {}
    for table in tables:
        key = home_key(table, home)
        old = table.info.get(HINT) if table.info else None
        if old:
            schema = key.rpartition(".")[0]
            full = f"{schema}.{old}" if schema and "." not in old else str(old)
            renamed_tables[key] = full.removeprefix(f"{home}.")
        for column in table.columns:
            # Asking for `info` would make a dict on each of many columns.
            info = column.__dict__.get("info")
            if info and HINT in info:
                renamed_columns[key, column.name] = str(info[HINT])
    return Hints(renamed_tables, renamed_columns)


def suggestions(tables: Iterable[sa.Table], home: str | None) -> dict[tuple[str, str], str]:
    """The scalar Python defaults of columns that may not be NULL, as text."""
    found = {}
    for table in tables:
        for column in table.columns:
            default = column.default
            if default is not None and not column.nullable and default.is_scalar:
                text = as_text(default.arg, column.type)  # type: ignore[attr-defined]
                if text is not None:
                    found[home_key(table, home), column.name] = text
    return found


def as_text(value: Any, type_: sa.types.TypeEngine[Any]) -> str | None:
    """A Python default as ``--fill`` takes it, or ``None`` where it has no such form."""
    if isinstance(value, enum.Enum):
        plain = type_.impl_instance if isinstance(type_, sa.types.TypeDecorator) else type_
        texts = texts_of(plain) if isinstance(plain, sa.Enum) else {}
        return texts.get(value) or as_text(value.value, plain)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, str | int | float | decimal.Decimal):
        return str(value)
    return None


def texts_of(type_: sa.Enum) -> dict[Any, str]:
    """What stands in the database for each member of an enum class."""
    members = [] if type_.enum_class is None else type_.enum_class.__members__.values()
    return dict(zip(members, type_.enums, strict=True))


def with_nulls(
    dialect: Dialect,
    connection: sa.Connection,
    difference: Difference,
    renamed: Mapping[str, str],
) -> frozenset[tuple[str, str]]:
    """The columns that may turn out to become NOT NULL and hold a NULL now.

    ``renamed`` are tables that somebody said have new names.
    """
    doubtful = {(table.key, name): table for table, name in _doubtful(difference, renamed)}
    return frozenset(
        (key, name)
        for (key, name), table in doubtful.items()
        if has_null(dialect, connection, table, name)
    )


def _doubtful(difference: Difference, renamed: Mapping[str, str]) -> Iterator[tuple[Table, str]]:
    """The nullable columns that stay or may be renamed, of tables where some become NOT NULL."""
    for old, new in _pairs(difference, renamed):
        some_are_new = any(
            not column.nullable for name, column in new.columns.items() if name not in old.columns
        )
        for name, column in old.columns.items():
            there = new.columns.get(name)
            becomes = some_are_new if there is None else not there.nullable
            if column.nullable and becomes:
                yield old, name


def _pairs(difference: Difference, renamed: Mapping[str, str]) -> Iterator[tuple[Table, Table]]:
    """The tables that change, and those that go with what they may have become."""
    before, wanted = difference.before.tables, difference.wanted.tables
    for key in difference.changed:
        if key in before and key in wanted and before[key] != wanted[key]:
            yield before[key], wanted[key]
    gone = {key: table for key, table in before.items() if key not in wanted}
    come = {key: table for key, table in wanted.items() if key not in before}
    hinted = {(old, new) for new, old in difference.hints.tables.items()}
    alike = matching.table_scores([*gone.values()], [*come.values()])
    for old, new in sorted({*renamed.items(), *hinted, *alike}):
        if old in gone and new in come:
            yield gone[old], come[new]


def has_null(dialect: Dialect, connection: sa.Connection, table: Table, column: str) -> bool:
    """Whether a column holds a NULL anywhere."""
    place = dialect.place(table.name, table.schema)
    query = f"SELECT 1 FROM {place} WHERE {dialect.quoted(column)} IS NULL LIMIT 1"
    return dialect.asked(connection, query).first() is not None
