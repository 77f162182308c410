"""Expressions that a database spells anew each time it is told its own spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..schema import Check, Schema, Table

TEXTS = ("checks", "excludes", "indexes", "columns")
"""What of a table holds expressions."""


def restated(
    dialect: Dialect,
    connection: sa.Connection,
    echoed: Mapping[str, Table],
    before: Schema,
    wanted: Schema,
) -> dict[str, Table]:
    """Echoed tables with what the database has, wherever both become the same once told again.

    PostgreSQL prints ``a IN ('x', 'y')`` in one form, and that form, told to it, in another. A
    downgrade restores a check from its printed form, and it is still the check of the model.
    """
    doubtful = {
        key: table
        for key, table in echoed.items()
        if key in before.tables and _differing(before.tables[key], table)
    }
    if not doubtful:
        return {}
    there = {key: before.tables[key] for key in doubtful}
    ours = dialect.echo(connection, replace(wanted, tables=doubtful)).tables
    theirs = dialect.echo(connection, replace(before, tables=there)).tables
    return {
        key: _agreed(table, there[key], (ours.get(key, table), theirs.get(key, there[key])))
        for key, table in doubtful.items()
    }


def _differing(before: Table, echoed: Table) -> bool:
    """Whether something that holds an expression is there on both sides, and not the same."""
    return any(
        _holds_expression(item)
        for kind in TEXTS
        for key, item in getattr(echoed, kind).items()
        if getattr(before, kind).get(key, item) != item
    )


def _holds_expression(item: Any) -> bool:
    if hasattr(item, "keys"):
        return item.where is not None or any(key.expression for key in item.keys)
    if hasattr(item, "nullable"):
        return item.computed is not None or item.default is not None
    return True


def _agreed(echoed: Table, before: Table, again: tuple[Table, Table]) -> Table:
    fields: dict[str, Any] = {}
    for kind in TEXTS:
        ours, theirs = (getattr(table, kind) for table in again)
        there = getattr(before, kind)
        fields[kind] = {
            key: _as_it_is(there[key], item)
            if key in there and ours.get(key, 0) == _as_it_is(theirs.get(key, 1), item)
            else item
            for key, item in getattr(echoed, kind).items()
        }
    return replace(echoed, **fields)


def _as_it_is(there: Any, echoed: Any) -> Any:
    """An item that is there, a check with whether the model wants it validated."""
    both = isinstance(there, Check) and isinstance(echoed, Check)
    return replace(there, validated=echoed.validated) if both else there
