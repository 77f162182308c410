"""Statements of a revision with the values of their parameters in them, for a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import cloned_traverse, iterate

from ..errors.operations import WrongArgument
from ..operations import Execute


def as_clause(statement: Any) -> Any:
    """SQL text as SQLAlchemy's text(), anything else as it is."""
    return sa.text(statement) if isinstance(statement, str) else statement


def filled(operation: Execute, dialect: sa.Dialect) -> Iterator[Any]:
    """The statement, once for each set of its parameters. Raises `WrongArgument`."""
    clause = as_clause(operation.statement)
    given = operation.parameters or {}
    for values in [given] if isinstance(given, Mapping) else given:
        yield _filled(clause, values, dialect)


def with_defaults(table: sa.TableClause, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with Python's defaults, which SQLAlchemy only makes when it carries an INSERT out."""
    defaults = {
        key: getattr(column, "default", None) for key, column in table.c.items() if key not in row
    }
    return {**row, **_made(defaults, row)}


def _made(defaults: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the defaults that are Python's; the statement itself has the others."""
    context = SimpleNamespace(get_current_parameters=lambda **_: dict(row))
    return {
        key: default.arg(context) if default.is_callable else default.arg
        for key, default in defaults.items()
        if default is not None and (default.is_callable or default.is_scalar)
    }


def _filled(clause: Any, values: Mapping[str, Any], dialect: sa.Dialect) -> Any:
    if isinstance(clause, sa.schema.ExecutableDDLElement):
        return clause
    if isinstance(clause, sa.Insert | sa.Update):
        named = {item.key for item in iterate(clause) if isinstance(item, sa.BindParameter)}
        columns = {key: value for key, value in values.items() if key not in named}
        # One that says no values would be written with NULL for every column.
        if columns or clause.compare(sa.insert(clause.table)):
            clause = clause.values(columns)
        if not clause._multi_values:
            compiled = clause.compile(dialect=dialect)
            defaults = {item.key: item.default for item in compiled.insert_prefetch}
            defaults |= {item.key: item.onupdate for item in compiled.update_prefetch}
            if made := _made(defaults, {**compiled.params, **values}):
                clause = clause.values(made)

    def fill(parameter: Any) -> None:
        if parameter.key in values:
            parameter.value, parameter.required = values[parameter.key], False
        elif parameter.required:
            # SQLAlchemy would write NULL for it, which no run does.
            raise WrongArgument(
                f"The statement has no value for its parameter '{parameter.key}'.",
                hint="Give it as the second argument of op.execute(). A colon that begins no "
                "parameter is written '\\:'.",
            )

    return cloned_traverse(clause, {}, {"bindparam": fill})
