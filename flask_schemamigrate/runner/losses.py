"""What revisions that did not run yet would lose, counted on what the database holds now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import sqlalchemy as sa

from ..operations import (
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
Subject = tuple[str | None, str, str | None]
"""What is lost, by its names in the database: a schema, a table, and a column or all of it."""


@dataclass(frozen=True)
class Loss:
    """A table, or a column, that is dropped, and how many rows have something in it now.

    ``rows`` is ``None`` where the database would not count them, for want of time perhaps.
    """

    table: str
    column: str | None
    rows: int | None

    @property
    def text(self) -> str:
        """What is lost, for people."""
        what = self.table if self.column is None else f"{self.table}.{self.column}"
        if self.rows is None:
            return f"{what} (rows that could not be counted)"
        return f"{what} ({self.rows} {'row' if self.rows == 1 else 'rows'})"


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

    def of(self, operations: Iterable[Operation]) -> tuple[list[Loss], list[Subject]]:
        """What these lose, on top of all that were given before; and what has no rows to lose."""
        found: list[Loss] = []
        empty: list[Subject] = []
        for change in chain.from_iterable(map(_changes, operations)):
            subject = self._dropped(change)
            if subject is None:
                continue
            loss = counted(self._connection, subject)
            if loss.rows == 0:
                empty.append(subject)
            else:
                found.append(loss)
        return found, empty

    def _dropped(self, operation: Operation) -> Subject | None:
        match operation:
            case CreateTable(table=table, if_not_exists=False):
                self._origins[table.schema, table.name] = _Origin(None)
            case RenameTable(table=old, schema=schema, new_name=new):
                self._origins[schema, new] = self._origin(schema, old)
                self._origins[schema, old] = _Origin(None)
            case DropTable(table=name, schema=schema):
                origin = self._origin(schema, name)
                self._origins[schema, name] = _Origin(None)
                return None if origin.place is None else (*origin.place, None)
            case AlterColumn(table=name, schema=schema, column=old, name=str(new)):
                columns = self._origin(schema, name).columns
                columns[new], columns[old] = columns.get(old, old), None
            case DropColumn(table=name, schema=schema, column=dropped):
                origin = self._origin(schema, name)
                was, origin.columns[dropped] = origin.columns.get(dropped, dropped), None
                if was is not None and origin.place is not None:
                    return (*origin.place, was)
        return None

    def _origin(self, schema: str | None, name: str) -> _Origin:
        return self._origins.setdefault((schema, name), _Origin((schema, name)))


def counted(connection: sa.Connection, subject: Subject) -> Loss:
    """How many rows there are now, with something in the column; 0 where it is not there."""
    schema, table, column = subject
    place = sa.table(table, *([sa.column(column)] if column else []), schema=schema)
    query = sa.select(sa.func.count()).select_from(place)
    if column is not None:
        query = query.where(place.c[column].is_not(None))
    try:
        found: int | None = connection.execute(query).scalar() or 0
    except sa.exc.DBAPIError:
        connection.rollback()
        found = None if _is_there(connection, subject) else 0
    connection.rollback()
    return Loss(key_of(table, schema), column, found)


def _is_there(connection: sa.Connection, subject: Subject) -> bool:
    schema, table, column = subject
    inspector = sa.inspect(connection)
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
