"""What revisions that did not run yet would lose, counted on what the database holds now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from ..operations import (
    AddColumn,
    AlterColumn,
    AlterTable,
    CreateTable,
    DropColumn,
    DropTable,
    Execute,
    Operation,
    RenameTable,
    text_of,
)
from ..schema import key_of
from .dropping import in_sql

Place = tuple[str | None, str]


@dataclass(frozen=True)
class Loss:
    """A table, or a column, that is dropped, and how many rows have something in it now.

    ``rows`` is ``None`` where the database would not count them, for want of time perhaps.
    """

    table: str
    column: str | None
    rows: int | None

    @property
    def subject(self) -> str:
        """What is lost, whatever is in it."""
        return self.table if self.column is None else f"{self.table}.{self.column}"

    @property
    def text(self) -> str:
        """What is lost, for people."""
        if self.rows is None:
            return f"{self.subject} (rows that could not be counted)"
        return f"{self.subject} ({self.rows} {'row' if self.rows == 1 else 'rows'})"


@dataclass
class _Origin:
    """What a table, and those of its columns that were given names, are called in the database."""

    place: Place | None
    columns: dict[str, str | None] = field(default_factory=dict)


class Losses:
    """Follows revisions, to know by what name the database has what they drop."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._origins: dict[Place, _Origin] = {}

    def of(self, operations: Iterable[Operation]) -> Iterator[Loss]:
        """What these lose, on top of all that were given before."""
        for operation in operations:
            for change in _changes(operation):
                loss = self._of(change)
                if loss is not None and loss.rows != 0:
                    yield loss

    def _of(self, operation: Operation) -> Loss | None:
        match operation:
            case CreateTable(table=table, if_not_exists=False):
                self._origins[table.schema, table.name] = _Origin(None)
            case RenameTable(table=old, schema=schema, new_name=new):
                self._origins[schema, new] = self._origin(schema, old)
                self._origins[schema, old] = _Origin(None)
            case DropTable(table=name, schema=schema):
                origin = self._origin(schema, name)
                self._origins[schema, name] = _Origin(None)
                return self._lost(origin)
            case AddColumn(table=name, schema=schema, column=column, if_not_exists=False):
                self._origin(schema, name).columns[column.name] = None
            case AlterColumn(table=name, schema=schema, column=old, name=str(new)):
                columns = self._origin(schema, name).columns
                columns[new], columns[old] = columns.get(old, old), None
            case DropColumn(table=name, schema=schema, column=dropped):
                origin = self._origin(schema, name)
                was, origin.columns[dropped] = origin.columns.get(dropped, dropped), None
                return None if was is None else self._lost(origin, was)
        return None

    def _origin(self, schema: str | None, name: str) -> _Origin:
        return self._origins.setdefault((schema, name), _Origin((schema, name)))

    def _lost(self, origin: _Origin, column: str | None = None) -> Loss | None:
        if origin.place is None:
            return None
        schema, table = origin.place
        return Loss(key_of(table, schema), column, self._count(table, schema, column))

    def _count(self, table: str, schema: str | None, column: str | None) -> int | None:
        """How many rows there are, with something in the column; 0 where it is not there."""
        counted = sa.table(table, *([sa.column(column)] if column else []), schema=schema)
        query = sa.select(sa.func.count()).select_from(counted)
        if column is not None:
            query = query.where(counted.c[column].is_not(None))
        try:
            found: int | None = self._connection.execute(query).scalar() or 0
        except sa.exc.DBAPIError:
            self._connection.rollback()
            found = None if self._is_there(table, schema, column) else 0
        self._connection.rollback()
        return found

    def _is_there(self, table: str, schema: str | None, column: str | None) -> bool:
        inspector = sa.inspect(self._connection)
        if not inspector.has_table(table, schema=schema):
            return False
        there = {found["name"] for found in inspector.get_columns(table, schema=schema)}
        return column is None or column in there


def _changes(operation: Operation) -> Iterator[Operation]:
    """What an operation does one after the other."""
    if isinstance(operation, AlterTable):
        yield from operation.operations
    elif isinstance(operation, Execute):
        yield from in_sql(text_of(operation.statement))
    else:
        yield operation
