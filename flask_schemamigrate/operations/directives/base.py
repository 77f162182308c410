"""What all directives share: the sink, and ad-hoc tables for SQLAlchemy's own rules to work on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ...schema import Constraint, PrimaryKey, Table
from ..base import Operation
from ..sink import Sink

DEFAULT_NAMING = {"ix": "ix_%(column_0_label)s"}


class Directives:
    """The base of all directives."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def invoke(self, operation: Operation) -> Any:
        """Carry out an operation given as a value."""
        return self._sink.take(operation)

    def _metadata(self) -> sa.MetaData:
        convention = self._sink.naming_convention
        return sa.MetaData(naming_convention={**DEFAULT_NAMING, **(convention or {})})

    def _adhoc(
        self, name: str, schema: str | None, columns: Iterable[str], *items: Any
    ) -> sa.Table:
        """A table with bare columns, so that SQLAlchemy names and spells what stands on it."""
        bare = [sa.Column(column, sa.types.NULLTYPE) for column in dict.fromkeys(columns)]
        return sa.Table(str(name), self._metadata(), *bare, *items, schema=schema)

    def _constraint(self, constraint: sa.Constraint) -> Constraint:
        """The one constraint, spelled; it must already be attached to an ad-hoc table."""
        spelled = self._sink.spelling.constraint(constraint)
        assert spelled is not None
        return spelled


def on_column(table: Table) -> tuple[Constraint, ...]:
    """The constraints of an ad-hoc table without its primary key."""
    return tuple(item for item in table.constraints if not isinstance(item, PrimaryKey))


def free(column: sa.Column[Any]) -> sa.Column[Any]:
    """The column itself, or a copy where it belongs to a table already."""
    return column if column.table is None else column._copy()
