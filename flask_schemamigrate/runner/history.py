"""The history: the set of applied revisions, a row each, in a table of the database itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ..dialects.texts import ALPHABET
from .moment import Moment
from .prepared import Prepared

# Most commands only read the rows, so what else there is comes when it is asked for.
if TYPE_CHECKING:
    from .journal import Journal
    from .log import Log, Logged
    from .version_table import VersionTable

APPLIED = "applied"
STARTED = "started"
UNDOING = "undoing"
STATES = {"upgrade": STARTED, "downgrade": UNDOING}
"""What a row says while its revision is carried out, or taken back."""


# There may be thousands, and a tuple is made ten times as quickly as a frozen dataclass.
class Applied(NamedTuple):
    """A row of the history. Times are UTC; ``duration`` is in seconds.

    ``checksum`` is of what the file does, ``digest`` of its text: where that is the same, nobody
    has to look at what it does. ``source`` is that text, which is only ever read by itself.
    """

    revision: str
    message: str = ""
    file: str = ""
    checksum: str = ""
    digest: str = ""
    state: str = APPLIED
    origin: str = "run"
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration: float | None = None
    who: str = ""
    host: str = ""
    tool: str = ""
    error: str | None = None
    source: str | None = None

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
        from .log import Logged

        return Logged(
            action="upgrade" if self.origin == "run" else self.origin,
            revision=self.revision,
            message=self.message,
            file=self.file,
            at=self.finished_at or self.started_at,
            seconds=self.duration,
            who=self.who,
            host=self.host,
            tool=self.tool,
            error=self.error,
        )

    def describe(self) -> str:
        """When and from where it was applied, or begun, for people."""
        message = f" '{self.message}'" if self.message else ""
        return f"{self.describe_run()} from {self.file or 'no file'}{message}"

    def describe_run(self) -> str:
        """When and by whom it was applied, or begun, for people."""
        when = f"{self.finished_at or self.started_at:%Y-%m-%d %H:%M}" if self.started_at else "?"
        done = "applied" if self.is_finished else "unfinished since"
        return f"{done} {when} by {self.who}@{self.host}"


class History:
    """The history table of one database; ``companion`` is kept in step with it."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema
        self.companion: VersionTable | None = None
        text = sa.String(255)
        self.table = sa.Table(
            name,
            sa.MetaData(),
            sa.Column("revision", text, primary_key=True),
            sa.Column("message", sa.Text, nullable=False),
            sa.Column("file", text, nullable=False),
            sa.Column("checksum", sa.String(64), nullable=False),
            sa.Column("digest", sa.String(64), nullable=False),
            sa.Column("state", sa.String(20), nullable=False),
            sa.Column("origin", sa.String(20), nullable=False),
            sa.Column("started_at", Moment),
            sa.Column("finished_at", Moment),
            sa.Column("duration", sa.Float),
            sa.Column("who", text, nullable=False),
            sa.Column("host", text, nullable=False),
            sa.Column("tool", sa.String(50), nullable=False),
            sa.Column("error", sa.Text),
            sa.Column("source", sa.Text),
            schema=schema,
            **ALPHABET,
        )

    @cached_property
    def journal(self) -> Journal:
        """What unfinished revisions have done so far."""
        from .journal import Journal

        return Journal(f"{self.name}_journal", self.schema)

    @cached_property
    def log(self) -> Log:
        """What was ever done."""
        from .log import Log

        return Log(f"{self.name}_log", self.schema)

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
        return not (self._missing(connection) or self._lacks_source(connection))

    def create(self, connection: sa.Connection) -> None:
        """Create the tables that are not there, and the column that older ones do not have."""
        for table in self._missing(connection):
            table.create(connection, checkfirst=False)
        if self._lacks_source(connection):
            column = sa.schema.CreateColumn(self.table.c.source).compile(dialect=connection.dialect)
            name = connection.dialect.identifier_preparer.format_table(self.table)
            connection.exec_driver_sql(f"ALTER TABLE {name} ADD {column}")

    def _missing(self, connection: sa.Connection) -> list[sa.Table]:
        there = set(sa.inspect(connection).get_table_names(schema=self.schema))
        tables = (self.table, self.journal.table, self.log.table)
        return [table for table in tables if table.name not in there]

    def _lacks_source(self, connection: sa.Connection) -> bool:
        """Whether the table is one of a release that did not keep sources yet."""
        columns = sa.inspect(connection).get_columns(self.name, schema=self.schema)
        return all(column["name"] != "source" for column in columns)

    def rows(self, connection: sa.Connection) -> dict[str, Applied]:
        """The rows by revision; none where the table is not there yet.

        One query where it is there, and no write. Leaves no transaction open. Raises
        `CannotReadHistory`.
        """
        try:
            found = connection.execute(self._all).all()
        except sa.exc.DBAPIError:
            connection.rollback()
            found = []
            if self.exists(connection):
                # Another process may have made it meanwhile.
                found = self._read_again(connection)
        connection.rollback()
        return {row[0]: Applied(*row) for row in found}

    def _read_again(self, connection: sa.Connection) -> Sequence[sa.Row[Any]]:
        try:
            return connection.execute(self._all).all()
        except sa.exc.DBAPIError as error:
            from ..errors.runs import CannotReadHistory
            from .politeness import reason_of

            raise CannotReadHistory(table=self.name, reason=reason_of(error)) from error

    def row(self, connection: sa.Connection, revision: str) -> Applied | None:
        """The row of one revision."""
        query = self._all.where(self.table.c.revision == revision)
        found = connection.execute(query).first()
        return None if found is None else Applied(*found)

    def sources(self, connection: sa.Connection, revisions: Iterable[str]) -> dict[str, str]:
        """What was kept of the source of these revisions, by revision. Leaves no transaction open.

        `restored` in `revisions.decoding` turns it into what a file holds.
        """
        wanted, column = [*revisions], self.table.c.source
        if not wanted:
            return {}
        query = sa.select(self.table.c.revision, column).where(
            self.table.c.revision.in_(wanted), column.is_not(None)
        )
        try:
            return {row.revision: row.source for row in connection.execute(query)}
        except sa.exc.DBAPIError:
            # It has no such column before this release carried something out.
            return {}
        finally:
            connection.rollback()

    @property
    def _all(self) -> sa.Select[Any]:
        """All rows, their columns in the order that `Applied` has, but for the source."""
        return sa.select(*(self.table.c[name] for name in Applied._fields[:-1]))

    def record(self, connection: sa.Connection, row: Applied) -> None:
        """Write a row, in place of an older one for the same revision."""
        if self._update(connection, row._asdict()) == 0:
            self.add(connection, row)
        else:
            self._accompany(connection, row.revision, row.state)

    def add(self, connection: sa.Connection, row: Applied) -> None:
        """Write the row of a revision that has none."""
        self._insert(connection, row._asdict())
        self._accompany(connection, row.revision, row.state)

    def take_over(self, connection: sa.Connection, rows: Iterable[Applied]) -> None:
        """Write the rows of revisions that the companion knows already."""
        values = [row._asdict() for row in rows]
        if values:
            self._insert(connection, *values)

    def mark(self, connection: sa.Connection, revision: str, **values: Any) -> None:
        """Change some of what a revision's row says."""
        self._update(connection, {"revision": revision, **values})
        self._accompany(connection, revision, values.get("state"))

    def remove(self, connection: sa.Connection, revisions: Iterable[str]) -> bool:
        """Take the rows of these revisions away; ``False`` if there were none."""
        names = [{"of": revision} for revision in revisions]
        if not names:
            return False
        gone = self._delete(connection, *names)
        if self.companion is not None:
            self.companion.removed(connection, [name["of"] for name in names])
        # Drivers that do not count say -1.
        return gone.rowcount != 0

    def sweep(self, connection: sa.Connection) -> None:
        """Take away what finished revisions left in the journal."""
        unfinished = sa.select(self.table.c.revision).where(self.table.c.state != APPLIED)
        self.journal.keep(connection, unfinished)

    def _accompany(self, connection: sa.Connection, revision: str, state: str | None) -> None:
        """Let the companion, in the same transaction, say what Alembic would."""
        if self.companion is not None and state == APPLIED:
            self.companion.added(connection, revision)

    def _update(self, connection: sa.Connection, values: dict[str, Any]) -> int:
        """The number of rows found, which MySQL's drivers are told to count by SQLAlchemy."""
        columns = tuple(name for name in values if name != "revision")
        update = self._updates.get(columns)
        if update is None:
            update = self._updates[columns] = Prepared(
                self.table.update().where(self._one), columns
            )
        return update(connection, {**values, "of": values["revision"]}).rowcount

    @property
    def _one(self) -> sa.ColumnElement[bool]:
        return self.table.c.revision == sa.bindparam("of")

    @cached_property
    def _insert(self) -> Prepared:
        return Prepared(self.table.insert().inline(), Applied._fields)

    @cached_property
    def _delete(self) -> Prepared:
        return Prepared(self.table.delete().where(self._one))

    @cached_property
    def _updates(self) -> dict[tuple[str, ...], Prepared]:
        """By the columns that are given values."""
        return {}


def now() -> datetime:
    """The time, in UTC and without a time zone, as the history keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


@cache
def provenance() -> dict[str, Any]:
    """Who runs this, on which host, with which version of the tool."""
    import getpass
    import socket
    from importlib.metadata import PackageNotFoundError, version

    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a user id without a name
        who = "unknown"
    try:
        tool = version("flask-schemamigrate")
    except PackageNotFoundError:
        tool = "unknown"
    return {"who": who, "host": socket.gethostname(), "tool": tool}
