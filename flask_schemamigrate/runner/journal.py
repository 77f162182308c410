"""The journal: what an unfinished revision has done so far, a row per statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..dialects.texts import ALPHABET
from .moment import Moment
from .prepared import Prepared

PLANNED = "planned"
RUNNING = "running"
DONE = "done"
FAILED = "failed"

# A statement may be longer than the 64 KiB where MySQL's plain TEXT ends.
TEXT = sa.Text().with_variant(sa.Text(2**24), "mysql", "mariadb")


@dataclass(frozen=True)
class Entry:
    """A row of the journal.

    ``operation`` counts the revision's operations from 1, ``statement`` those of the operation; 0
    stands for an operation that was carried out as a whole, in a transaction. ``fingerprint`` tells
    whether the file still says the same operation, ``footprint`` what its tables looked like before
    the statement. ``position`` is how far an operation in batches has come.
    """

    revision: str
    operation: int
    statement: int
    kind: str
    state: str
    described: str
    fingerprint: str
    sql: str = ""
    footprint: str | None = None
    position: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None

    @property
    def has_begun(self) -> bool:
        """Whether it was carried out or tried, now or earlier."""
        return self.state != PLANNED or self.started_at is not None

    @property
    def is_done(self) -> bool:
        """Whether it is known to have happened."""
        return self.state == DONE

    @property
    def key(self) -> tuple[int, int]:
        """Where it stands in its revision."""
        return self.operation, self.statement


class Journal:
    """The journal table of one database."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.table = sa.Table(
            name,
            sa.MetaData(),
            sa.Column("revision", sa.String(255), primary_key=True),
            sa.Column("operation", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("statement", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("kind", sa.String(20), nullable=False),
            sa.Column("state", sa.String(20), nullable=False),
            sa.Column("described", TEXT, nullable=False),
            sa.Column("fingerprint", sa.String(64), nullable=False),
            sa.Column("sql", TEXT, nullable=False),
            sa.Column("footprint", sa.String(64)),
            sa.Column("position", sa.Text),
            sa.Column("started_at", Moment),
            sa.Column("finished_at", Moment),
            sa.Column("error", sa.Text),
            schema=schema,
            **ALPHABET,
        )

    def entries(self, connection: sa.Connection, revision: str) -> list[Entry]:
        """What is known of a revision, in the order of its operations and their statements."""
        table = self.table
        query = (
            sa.select(table)
            .where(table.c.revision == revision)
            .order_by(table.c.operation, table.c.statement)
        )
        names = [item.name for item in fields(Entry)]
        return ended(
            Entry(**{name: getattr(row, name) for name in names})
            for row in connection.execute(query)
        )

    def add(self, connection: sa.Connection, entries: Sequence[Entry]) -> None:
        """Write new rows."""
        if entries:
            self._insert(connection, *map(vars, entries))

    def change(self, connection: sa.Connection, entry: Entry, **values: Any) -> None:
        """Write what has become of a statement."""
        update = self._updates.get(tuple(values))
        if update is None:
            update = Prepared(self.table.update().where(self._one), values)
            self._updates[tuple(values)] = update
        update(connection, {**values, **_of(entry)})

    def end(self, connection: sa.Connection, entry: Entry, **values: Any) -> bool:
        """Write that a statement has run; ``False`` if that was written before, or all is done."""
        # Drivers that do not count say -1.
        return self._end(connection, {**values, **_of(entry), "done": DONE}).rowcount != 0

    def advance(
        self, connection: sa.Connection, entry: Entry, before: str | None, position: str
    ) -> bool:
        """Write how far an operation has come; ``False`` if it is not where it was ``before``."""
        values = {**_of(entry), "before": before or "", "position": position}
        # Drivers that do not count say -1.
        return self._advance(connection, values).rowcount != 0

    def forget(self, connection: sa.Connection, revision: str, operations: Iterable[int]) -> None:
        """Take the rows of some operations away, to plan them anew."""
        table = self.table
        where = (table.c.revision == revision) & table.c.operation.in_(list(operations))
        connection.execute(table.delete().where(where))

    def clear(self, connection: sa.Connection, revision: str) -> None:
        """Take the rows of a revision away, which is finished or was never begun."""
        self._clear(connection, {"of": revision})

    def keep(self, connection: sa.Connection, revisions: sa.Select[Any]) -> None:
        """Take all rows away but those of these revisions."""
        connection.execute(self.table.delete().where(self.table.c.revision.not_in(revisions)))

    @cached_property
    def _insert(self) -> Prepared:
        return Prepared(self.table.insert().inline(), [item.name for item in fields(Entry)])

    @cached_property
    def _end(self) -> Prepared:
        still = self.table.c.state != sa.bindparam("done")
        return Prepared(self.table.update().where(self._one, still), ["state", "finished_at"])

    @cached_property
    def _advance(self) -> Prepared:
        was = sa.func.coalesce(self.table.c.position, sa.text("''")) == sa.bindparam("before")
        return Prepared(self.table.update().where(self._one, was), ["position"])

    @cached_property
    def _clear(self) -> Prepared:
        return Prepared(self.table.delete().where(self.table.c.revision == sa.bindparam("of")))

    @cached_property
    def _updates(self) -> dict[tuple[str, ...], Prepared]:
        """By the columns that are given values."""
        return {}

    @property
    def _one(self) -> sa.ColumnElement[bool]:
        columns = self.table.c
        return (
            (columns.revision == sa.bindparam("of"))
            & (columns.operation == sa.bindparam("of_operation"))
            & (columns.statement == sa.bindparam("of_statement"))
        )


def _of(entry: Entry) -> dict[str, Any]:
    """What tells a row from all others, by the names that statements have for it."""
    operation, statement = entry.key
    return {"of": entry.revision, "of_operation": operation, "of_statement": statement}


def ended(entries: Iterable[Entry]) -> list[Entry]:
    """The same, where a statement that was running has ended if one behind it has begun.

    They run one after another, so that nothing need be written between the two.
    """
    found: list[Entry] = []
    behind: Entry | None = None
    for entry in reversed(list(entries)):
        if entry.state == RUNNING and behind is not None:
            entry = replace(entry, state=DONE, finished_at=behind.started_at)
        if entry.has_begun:
            behind = entry
        found.append(entry)
    return found[::-1]
