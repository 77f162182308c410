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

from .journal import Journal
from .log import Log, Logged
from .version_table import VersionTable

APPLIED = "applied"
STARTED = "started"
UNDOING = "undoing"
STATES = {"upgrade": STARTED, "downgrade": UNDOING}
"""What a row says while its revision is carried out, or taken back."""


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

    @property
    def direction(self) -> str:
        """Which way an unfinished revision was going."""
        return "downgrade" if self.state == UNDOING else "upgrade"

    @property
    def logged(self) -> Logged:
        """The row as a line of the log, for when it is taken away."""
        return Logged(
            "upgrade" if self.origin == "run" else self.origin,
            self.revision,
            self.message,
            self.file,
            self.finished_at or self.started_at,
            self.duration,
            self.who,
            self.host,
            self.tool,
            self.error,
        )

    def describe(self) -> str:
        """When and from where it was applied, for people."""
        when = f"{self.finished_at or self.started_at:%Y-%m-%d %H:%M}" if self.started_at else "?"
        message = f" '{self.message}'" if self.message else ""
        return f"applied {when} by {self.who}@{self.host} from {self.file or 'no file'}{message}"


class History:
    """The history table of one database; ``companion`` is kept in step with it."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema
        self.companion: VersionTable | None = None
        self.journal = Journal(f"{name}_journal", schema)
        self.log = Log(f"{name}_log", schema)
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

    @property
    def names(self) -> frozenset[str]:
        """The tables that this project keeps for itself in the database."""
        return frozenset(
            {self.name, self.journal.table.name, self.log.table.name, f"{self.name}_lease"}
        )

    def exists(self, connection: sa.Connection) -> bool:
        """Whether the table is there."""
        return sa.inspect(connection).has_table(self.name, schema=self.schema)

    def is_complete(self, connection: sa.Connection) -> bool:
        """Whether all tables are there."""
        return not self._missing(connection)

    def create(self, connection: sa.Connection) -> None:
        """Create the tables that are not there."""
        for table in self._missing(connection):
            table.create(connection, checkfirst=False)

    def _missing(self, connection: sa.Connection) -> list[sa.Table]:
        there = set(sa.inspect(connection).get_table_names(schema=self.schema))
        tables = (self.table, self.journal.table, self.log.table)
        return [table for table in tables if table.name not in there]

    def rows(self, connection: sa.Connection) -> dict[str, Applied]:
        """The rows by revision; none where the table is not there yet.

        One query where it is there, and no write. Leaves no transaction open.
        """
        try:
            found = connection.execute(sa.select(self.table)).all()
        except sa.exc.DBAPIError:
            connection.rollback()
            found = []
            if self.exists(connection):
                # Another process may have made it meanwhile; whatever else is wrong stays wrong.
                found = connection.execute(sa.select(self.table)).all()
        connection.rollback()
        names = [item.name for item in fields(Applied)]
        return {
            row.revision: Applied(**{name: getattr(row, name) for name in names}) for row in found
        }

    def row(self, connection: sa.Connection, revision: str) -> Applied | None:
        """The row of one revision."""
        query = sa.select(self.table).where(self.table.c.revision == revision)
        found = connection.execute(query).first()
        names = [item.name for item in fields(Applied)]
        return None if found is None else Applied(**{name: getattr(found, name) for name in names})

    def record(self, connection: sa.Connection, row: Applied) -> None:
        """Write a row, in place of an older one for the same revision."""
        if self._update(connection, asdict(row)) == 0:
            self.add(connection, row)
        else:
            self._accompany(connection, row.revision, row.state)

    def add(self, connection: sa.Connection, row: Applied) -> None:
        """Write the row of a revision that has none."""
        connection.execute(self.table.insert().inline(), asdict(row))
        self._accompany(connection, row.revision, row.state)

    def take_over(self, connection: sa.Connection, rows: Iterable[Applied]) -> None:
        """Write the rows of revisions that the companion knows already."""
        values = [asdict(row) for row in rows]
        if values:
            connection.execute(self.table.insert().inline(), values)

    def mark(self, connection: sa.Connection, revision: str, **values: Any) -> None:
        """Change some of what a revision's row says."""
        self._update(connection, {"revision": revision, **values})
        self._accompany(connection, revision, values.get("state"))

    def remove(self, connection: sa.Connection, revisions: Iterable[str]) -> None:
        """Take the rows of these revisions away."""
        names = [{"gone": revision} for revision in revisions]
        if names:
            gone = self.table.c.revision == sa.bindparam("gone")
            connection.execute(self.table.delete().where(gone), names)
            if self.companion is not None:
                self.companion.removed(connection, [name["gone"] for name in names])

    def _accompany(self, connection: sa.Connection, revision: str, state: str | None) -> None:
        """Let the companion, in the same transaction, say what Alembic would."""
        if self.companion is not None and state == APPLIED:
            self.companion.added(connection, revision)

    def _update(self, connection: sa.Connection, values: dict[str, Any]) -> int:
        """The number of rows found, which MySQL's drivers are told to count by SQLAlchemy."""
        revision = values.pop("revision")
        changed = self.table.update().where(self.table.c.revision == revision)
        return connection.execute(changed.values(values)).rowcount


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
