"""The log: what ever changed the history, a row each, never changed and never taken away.

What is applied now stands in the history alone; it comes here when it is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..dialects.texts import ALPHABET
from .moment import Moment
from .prepared import Prepared

SEED = "seed"
"""The action whose lines are about a seed and not about a revision."""


@dataclass(frozen=True)
class Logged:
    """Something that was done: ``action`` to ``revision``. Times are UTC, seconds are seconds."""

    action: str
    revision: str
    message: str = ""
    file: str = ""
    at: datetime | None = None
    seconds: float | None = None
    who: str = ""
    host: str = ""
    tool: str = ""
    error: str | None = None


NAMES = tuple(item.name for item in fields(Logged))
PAIR = ("first", "second")


def _paired(rows: Sequence[Logged]) -> dict[str, Any]:
    """The values of two lines, by the names that one statement has for them."""
    return {
        f"{name}_{one}": getattr(row, name)
        for one, row in zip(PAIR, rows, strict=True)
        for name in NAMES
    }


class Log:
    """The log table of one database."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.table = sa.Table(
            name,
            sa.MetaData(),
            # SQLite numbers only a column that is an INTEGER to the letter.
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("action", sa.String(20), nullable=False),
            sa.Column("revision", sa.String(255), nullable=False),
            sa.Column("message", sa.Text, nullable=False),
            sa.Column("file", sa.String(255), nullable=False),
            sa.Column("at", Moment),
            sa.Column("seconds", sa.Float),
            sa.Column("who", sa.String(255), nullable=False),
            sa.Column("host", sa.String(255), nullable=False),
            sa.Column("tool", sa.String(50), nullable=False),
            sa.Column("error", sa.Text),
            schema=schema,
            **ALPHABET,
        )

    def add(self, connection: sa.Connection, *rows: Logged) -> None:
        """Write down what was done."""
        if len(rows) == len(PAIR) and connection.dialect.supports_multivalues_insert:
            self._insert_pair(connection, _paired(rows))
        elif rows:
            self._insert(connection, *map(vars, rows))

    @cached_property
    def _insert(self) -> Prepared:
        return Prepared(self.table.insert().inline(), NAMES)

    @cached_property
    def _insert_pair(self) -> Prepared:
        """What each revision that is taken back adds, in one round trip."""
        columns = self.table.c
        values = [
            {name: sa.bindparam(f"{name}_{one}", type_=columns[name].type) for name in NAMES}
            for one in PAIR
        ]
        return Prepared(self.table.insert().inline().values(values))

    def exists(self, connection: sa.Connection) -> bool:
        """Whether the table is there."""
        return sa.inspect(connection).has_table(self.table.name, schema=self.table.schema)

    def tells_of_revisions(self, connection: sa.Connection) -> bool:
        """Whether anything but seeds ever changed, if the table is there."""
        if not self.exists(connection):
            return False
        query = sa.select(self.table.c.number).where(self.table.c.action != SEED).limit(1)
        return connection.execute(query).first() is not None

    def latest(self, connection: sa.Connection, action: str) -> dict[str, str]:
        """The ``file`` of the latest row of each name that this was done to."""
        if not self.exists(connection):
            return {}
        columns = self.table.c
        query = sa.select(columns.revision, columns.file).where(columns.action == action)
        return {
            row.revision: row.file for row in connection.execute(query.order_by(columns.number))
        }

    def read(self, connection: sa.Connection) -> list[Logged]:
        """The rows, latest first; none where the table is not there yet."""
        if not self.exists(connection):
            return []
        query = sa.select(self.table).order_by(self.table.c.number.desc())
        return [
            Logged(**{name: getattr(row, name) for name in NAMES})
            for row in connection.execute(query)
        ]
