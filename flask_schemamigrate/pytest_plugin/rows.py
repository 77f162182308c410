"""A made-up row for every table, so that revisions meet rows and not only tables."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ..commands.databases import Database
from ..dialects.base import Dialect
from ..schema import Column, ForeignKey, Schema, Table
from . import tables
from .reading import read
from .values import candidates

ATTEMPTS = 300
"""How many combinations of values are tried before a table is given up."""

Given = Mapping[str, Mapping[str, Any]]


@dataclass
class Filled:
    """The rows that were made, by table, and for which tables none could be made, and why."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)


class _Unknown(Exception):
    """A value that cannot be made up."""


@dataclass(frozen=True)
class _Maker:
    """What rows are made from."""

    dialect: Dialect
    connection: sa.Connection
    schema: Schema
    likely: Mapping[tuple[str, str], tuple[str, ...]]


def fill(database: Database, connection: sa.Connection, given: Given) -> Filled:
    """Put a row into each table that has none; ``given`` are values to use, by table and column."""
    schema = read(database, connection)
    maker = _Maker(database.dialect, connection, schema, _values_of_models(database))
    done = Filled()
    with warnings.catch_warnings():
        # SQLite has no decimal numbers, which is not the test's affair.
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        for table in in_order(schema):
            if _has_rows(maker, table):
                continue
            try:
                done.rows[table.key] = _insert(maker, table, given.get(table.key, {}))
            except _Unknown as reason:
                done.missed[table.key] = str(reason)
    return done


def in_order(schema: Schema) -> Iterator[Table]:
    """The tables, each after those it refers to; a circle begins where a key may be null."""
    waiting = dict(schema.tables)
    while waiting:
        ready = [key for key, table in waiting.items() if not _needed(table) & waiting.keys()]
        free = [key for key in ready if not _referents(waiting[key]) & waiting.keys()]
        for key in free or ready[:1] or list(waiting)[:1]:
            yield waiting.pop(key)


def _referents(table: Table) -> set[str]:
    return {each.referent for each in table.foreign_keys.values()} - {table.key}


def _needed(table: Table) -> set[str]:
    """The tables without a row of which this one cannot have any."""
    return {
        each.referent
        for each in table.foreign_keys.values()
        if not any(table.columns[name].nullable for name in each.columns)
    } - {table.key}


def _has_rows(maker: _Maker, table: Table) -> bool:
    clause = tables.clause(maker.dialect, maker.schema, table)
    found = maker.connection.execute(sa.select(sa.literal(1)).select_from(clause).limit(1)).first()
    maker.connection.rollback()
    return found is not None


def _insert(maker: _Maker, table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """The row that the table took."""
    clause = tables.clause(maker.dialect, maker.schema, table)
    fixed = {**_references(maker, table), **given}
    fixed = {name: value for name, value in fixed.items() if name in table.columns}
    choices = {
        column.name: _choices(maker, table, column)
        for column in table.columns.values()
        if column.name not in fixed
    }
    choices = {name: values for name, values in choices.items() if values is not None}
    refusal = ""
    for row in islice(_combinations(maker, table, choices), ATTEMPTS):
        row = {**row, **fixed}
        try:
            maker.connection.execute(sa.insert(clause).values(**row))
            maker.connection.commit()
            return row
        except (SQLAlchemyError, ValueError, TypeError) as error:
            maker.connection.rollback()
            refusal = refusal or str(getattr(error, "orig", None) or error).strip()
    raise _Unknown(refusal.partition("\n")[0])


def _combinations(
    maker: _Maker, table: Table, choices: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The first choices, then all of those columns that a check mentions, then nulls."""
    conditions = " ".join(check.condition for check in table.checks.values())
    first = {name: values[0] for name, values in choices.items()}
    checked = [
        name
        for name in choices
        if table.columns[name].type.text in maker.schema.domains
        or re.search(rf"\b{re.escape(name)}\b", conditions)
    ]
    for values in product(*(choices[name] for name in checked)):
        yield _told({**first, **dict(zip(checked, values, strict=True))})
    yield _told({name: values[-1] for name, values in choices.items()})


_LEFT_OUT = object()
"""Stands for the column's own default."""


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not _LEFT_OUT}


def _choices(maker: _Maker, table: Table, column: Column) -> list[Any] | None:
    """The values to try for a column, ``None`` if it is the database that fills it.

    Raises `_Unknown` if a value is needed and none is known.
    """
    if column.computed is not None or column.identity is not None or column.autoincrement:
        return None
    type_ = tables.type_of(maker.dialect, maker.schema, column)
    conditions = [check.condition for check in table.checks.values()]
    domain = maker.schema.domains.get(column.type.text)
    if domain is not None:
        conditions += [
            re.sub(r"\bVALUE\b", column.name, check.condition) for check in domain.checks.values()
        ]
    found = [*candidates(column.name, type_, conditions)]
    likely = maker.likely.get((table.key, column.name), ())
    if isinstance(type_, sa.String) and not isinstance(type_, sa.Enum):
        found = [*likely, *found]
    if column.default is not None and column.default.upper() != "NULL":
        found.insert(0, _LEFT_OUT)
    if column.nullable:
        found.append(None)
    if not found:
        raise _Unknown(f"no value is known for column '{column.name}' of type {column.type.text}")
    return found


def _references(maker: _Maker, table: Table) -> dict[str, Any]:
    """Values for the columns that refer to other rows; null where they may be and none is there."""
    found: dict[str, Any] = {}
    for key in table.foreign_keys.values():
        row = _referred(maker, key)
        if row is not None:
            found |= row
        elif any(table.columns[name].nullable for name in key.columns):
            found |= {name: None for name in key.columns if table.columns[name].nullable}
        else:
            raise _Unknown(f"it refers to {key.referent}, which has no row")
    return found


def _referred(maker: _Maker, key: ForeignKey) -> dict[str, Any] | None:
    """What the columns of a foreign key hold if they refer to some row that is there."""
    referent = maker.schema.tables.get(key.referent)
    if referent is None:
        return None
    clause = tables.clause(maker.dialect, maker.schema, referent)
    wanted = [clause.c[name] for name in key.referent_columns]
    filled = [column.is_not(None) for column in wanted]
    row = maker.connection.execute(sa.select(*wanted).where(*filled).limit(1)).first()
    maker.connection.rollback()
    return None if row is None else dict(zip(key.columns, row, strict=True))


def _values_of_models(database: Database) -> dict[tuple[str, str], tuple[str, ...]]:
    """The values of the models' enums, which some databases keep as mere text."""
    return {
        (table.key, column.name): tuple(column.type.enums)
        for metadata in database.metadatas
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Enum)
    }
