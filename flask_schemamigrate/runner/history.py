"""The history: the set of applied revisions, a row each, in a table of the database itself."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import sqlalchemy as sa

APPLIED = "applied"
STARTED = "started"
UNDOING = "undoing"
FAILED = "failed"


@dataclass(frozen=True)
class Applied:
    """A row of the history. Times are UTC; ``duration`` is in seconds."""

    revision: str
    message: str = ""
    file: str = ""
    checksum: str = ""
    state: str = APPLIED
    origin: str = "run"
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration: float | None = None
    who: str = ""
    host: str = ""
    tool: str = ""
    error: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the revision is wholly applied."""
        return self.state == APPLIED

    def describe(self) -> str:
        """When and from where it was applied, for people."""
        when = f"{self.finished_at or self.started_at:%Y-%m-%d %H:%M}" if self.started_at else "?"
        message = f" '{self.message}'" if self.message else ""
        return f"applied {when} by {self.who}@{self.host} from {self.file or 'no file'}{message}"


class History:
    """The history table of one database."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema
        text = sa.String(255)
        self.table = sa.Table(
            name,
            sa.MetaData(),
            sa.Column("revision", text, primary_key=True),
            sa.Column("message", sa.Text, nullable=False),
            sa.Column("file", text, nullable=False),
            sa.Column("checksum", sa.String(64), nullable=False),
            sa.Column("state", sa.String(20), nullable=False),
            sa.Column("origin", sa.String(20), nullable=False),
            sa.Column("started_at", sa.DateTime),
            sa.Column("finished_at", sa.DateTime),
            sa.Column("duration", sa.Float),
            sa.Column("who", text, nullable=False),
            sa.Column("host", text, nullable=False),
            sa.Column("tool", sa.String(50), nullable=False),
            sa.Column("error", sa.Text),
            schema=schema,
        )

    def exists(self, connection: sa.Connection) -> bool:
        """Whether the table is there."""
        return sa.inspect(connection).has_table(self.name, schema=self.schema)

    def create(self, connection: sa.Connection) -> None:
        """Create the table if it is not there."""
        self.table.create(connection, checkfirst=True)

    def rows(self, connection: sa.Connection) -> dict[str, Applied]:
        """The rows by revision; none where the table is not there yet.

        Leaves no transaction open.
        """
        if not self.exists(connection):
            connection.rollback()
            return {}
        found = connection.execute(sa.select(self.table))
        names = [item.name for item in fields(Applied)]
        rows = {
            row.revision: Applied(**{name: getattr(row, name) for name in names}) for row in found
        }
        connection.rollback()
        return rows

    def record(self, connection: sa.Connection, row: Applied) -> None:
        """Write a row, in place of an older one for the same revision."""
        values = asdict(row)
        if row.revision in self._present(connection, [row.revision]):
            self._update(connection, values)
        else:
            connection.execute(self.table.insert().inline(), values)

    def add(self, connection: sa.Connection, row: Applied) -> None:
        """Write the row of a revision that has none."""
        connection.execute(self.table.insert().inline(), asdict(row))

    def remove(self, connection: sa.Connection, revisions: Iterable[str]) -> None:
        """Take the rows of these revisions away."""
        names = [{"gone": revision} for revision in revisions]
        if names:
            gone = self.table.c.revision == sa.bindparam("gone")
            connection.execute(self.table.delete().where(gone), names)

    def _present(self, connection: sa.Connection, revisions: list[str]) -> set[str]:
        column = self.table.c.revision
        return set(connection.scalars(sa.select(column).where(column.in_(revisions))))

    def _update(self, connection: sa.Connection, values: dict[str, Any]) -> None:
        revision = values.pop("revision")
        changed = self.table.update().where(self.table.c.revision == revision)
        connection.execute(changed.values(values))


def now() -> datetime:
    """The time, in UTC and without a time zone, as the history keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


@cache
def provenance() -> dict[str, Any]:
    """Who runs this, on which host, with which version of the tool."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a user id without a name
        who = "unknown"
    try:
        tool = version("flask-schemamigrate")
    except PackageNotFoundError:
        tool = "unknown"
    return {"who": who, "host": socket.gethostname(), "tool": tool}
