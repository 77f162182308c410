"""Statements of a revision with the values of their parameters in them, for a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import cloned_traverse, iterate

from ..errors.operations import WrongArgument
from ..operations import Execute


def as_clause(statement: Any) -> Any:
    """SQL text as SQLAlchemy's text(), anything else as it is."""
    return sa.text(statement) if isinstance(statement, str) else statement


def filled(operation: Execute) -> Iterator[Any]:
    """The statement, once for each set of its parameters. Raises `WrongArgument`."""
    clause = as_clause(operation.statement)
    given = operation.parameters or {}
    for values in [given] if isinstance(given, Mapping) else given:
        yield _filled(clause, values)


def _filled(clause: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(clause, sa.schema.ExecutableDDLElement):
        return clause
    if isinstance(clause, sa.Insert | sa.Update):
        named = {item.key for item in iterate(clause) if isinstance(item, sa.BindParameter)}
        columns = {key: value for key, value in values.items() if key not in named}
        # One that says no values would be written with NULL for every column.
        if columns or clause.compare(sa.insert(clause.table)):
            clause = clause.values(columns)

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
