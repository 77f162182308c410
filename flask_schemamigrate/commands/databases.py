"""The databases a command is about, and where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..dialects import for_engine
from ..environment import Bind, Environment
from ..errors.runs import Unfinished, UnknownApplied
from ..errors.takeover import OutOfStep, UnknownVersions
from ..revisions import Graph
from ..runner.bystanders import go_on, nobody
from ..runner.history import Applied, History
from ..runner.version_table import VersionTable

if TYPE_CHECKING:
    from ..dialects.base import Dialect
    from ..dialects.locks import MigrationLock
    from ..environment.former import FormerConfig, FormerScripts
    from ..runner.events import Watch
    from .stops import Stop


@dataclass(frozen=True)
class Database:
    """One database: its first bind, and the names of all binds that lead to it."""

    environment: Environment
    bind: Bind
    names: tuple[str | None, ...]
    metadatas: tuple[sa.MetaData, ...]

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return self.bind.label

    @property
    def further_labels(self) -> tuple[str, ...]:
        """What the other binds that lead here are called."""
        further = (name for name in self.names if name != self.bind.name)
        return tuple(self.environment.bind(name).label for name in further)

    @cached_property
    def history(self) -> History:
        """The table that remembers what was applied."""
        config = self.environment.config
        return History(config.history_table, config.history_schema)

    def version_table(self, graph: Graph) -> VersionTable:
        """The table of Alembic that is taken over, and kept in step."""
        config = self.environment.config
        return VersionTable(config.alembic_version_table, config.alembic_version_schema, graph)

    def connect(self) -> Any:
        """A connection, as a context manager."""
        return self.environment.connect(self.bind)

    @contextmanager
    def locked(
        self,
        connection: sa.Connection,
        wait: float | None,
        *,
        watch: Watch = nobody,
        stop: Callable[[], None] = go_on,
    ) -> Iterator[MigrationLock]:
        """Hold the migration lock for what is to be done on this connection.

        ``wait`` is in seconds, the configured time if ``None``; while it waits, ``watch`` is told
        who holds the lock, and ``stop`` is asked.
        """
        from ..runner.events import Queued
        from ..runner.locking import held

        seconds = self.environment.config.lock_wait if wait is None else wait
        lock = self._lock(connection)

        def tell(waited: float, holder: str | None) -> None:
            watch(Queued(self.bind.name, holder, waited, seconds))

        with held(lock, bind=self.label, wait=seconds, tell=tell, stop=stop):
            yield lock

    def _lock(self, connection: sa.Connection) -> MigrationLock:
        """The lock of a session, or a lease where that does not hold."""
        engine, history = self.bind.engine, self.history
        if self._shares_sessions(connection):
            from ..dialects.lease import LeaseLock

            is_conflict = self.dialect.is_lock_timeout
            return LeaseLock(engine, history.name, history.schema, is_conflict=is_conflict)
        return self.dialect.migration_lock(engine, history.name, connection)

    def _shares_sessions(self, connection: sa.Connection) -> bool:
        """Whether others may get the same session, as is configured or was found."""
        choice = self.environment.config.lock
        if choice != "auto":
            return choice == "lease"
        hold = self.dialect.session_locks_hold(connection)
        connection.rollback()
        return not hold

    @property
    def dialect(self) -> Dialect:
        """What speaks its SQL; it knows the server's version once a connection was made."""
        return for_engine(self.bind.engine)

    @property
    def naming_convention(self) -> Mapping[str, str] | None:
        """How its constraints without a name are named."""
        for metadata in self.metadatas:
            if set(metadata.naming_convention) - {"ix"}:
                return {str(key): str(value) for key, value in metadata.naming_convention.items()}
        return self.environment.config.naming_convention

    @property
    def opts(self) -> dict[str, Any]:
        """What ``op.get_context().opts`` holds."""
        return {
            "target_metadata": self.metadatas[0] if self.metadatas else None,
            "config": self._former_config,
            "script": self._former_scripts,
            "version_table_schema": self.history.schema,
            "x": self.environment.x,
            "tag": self.environment.tag,
        }

    @property
    def _former_config(self) -> FormerConfig:
        from ..environment.former import FormerConfig

        environment = self.environment
        url = self.bind.engine.url.render_as_string(hide_password=False)
        return FormerConfig(environment.config, environment.directory, url, environment.x)

    @property
    def _former_scripts(self) -> FormerScripts:
        from ..environment.former import FormerScripts

        return FormerScripts(self.environment)


def databases(environment: Environment, names: Sequence[str] = ()) -> list[Database]:
    """The databases of these binds, or of all; binds that lead to one database are one.

    Raises `UnknownBind`.
    """
    binds = environment.binds
    wanted = [environment.bind(name).name for name in names] or list(binds)
    groups: dict[str | None, list[Bind]] = {}
    for name, bind in binds.items():
        first = name if bind.same_as is None else bind.same_as.name
        groups.setdefault(first, []).append(bind)
    return [
        Database(
            environment,
            group[0],
            tuple(bind.name for bind in group),
            tuple(dict.fromkeys(metadata for bind in group for metadata in bind.metadatas)),
        )
        for group in groups.values()
        if any(bind.name in wanted for bind in group)
    ]


@dataclass(frozen=True)
class Standing:
    """What a database's history says, beside the revision files.

    ``versions`` is what Alembic's version table holds, where it is kept in step. A history that is
    inherited is what that table implies: nothing was taken over yet.
    """

    database: Database
    graph: Graph
    rows: Mapping[str, Applied]
    versions: tuple[str, ...] | None = None
    is_inherited: bool = False
    stops: tuple[Stop, ...] = ()

    @cached_property
    def applied(self) -> set[str]:
        """The ids that are wholly applied."""
        return {id for id, row in self.rows.items() if row.is_finished}

    @property
    def current(self) -> tuple[str, ...]:
        """The applied revisions on which no other applied one stands, and the unknown ones."""
        known = {id for id in self.applied if id in self.graph}
        return (*self.graph.tops(known), *(id for id in self.unknown if id in self.applied))

    @property
    def begun_from(self) -> tuple[str, ...]:
        """The same as before what is being taken back, or was when that stopped."""
        undoing = {row.revision for row in self.unfinished if row.direction == "downgrade"}
        return self.graph.tops({id for id in self.applied | undoing if id in self.graph})

    @cached_property
    def pending(self) -> tuple[str, ...]:
        """The revisions of the files that are not applied, in the order in which they run."""
        return self.graph.sorted(set(self.graph) - self.applied)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The applied ids that no file has."""
        return tuple(sorted(id for id in self.rows if id not in self.graph))

    @property
    def unfinished(self) -> tuple[Applied, ...]:
        """The rows of revisions that stopped midway."""
        return tuple(row for row in self.rows.values() if not row.is_finished)

    def refuse_unknown(self) -> None:
        """Raise `UnknownApplied` if the database knows revisions that no file has.

        `UnknownVersions` or `OutOfStep` if it is Alembic's table that does not fit.
        """
        self.refuse_misfit()
        if self.unknown:
            raise UnknownApplied(
                self.database.label,
                [(id, self.rows[id].describe()) for id in self.unknown],
                unfinished=[
                    row.revision for row in self.unfinished if row.revision in self.unknown
                ],
                empty=None if self.graph.order else str(self.database.environment.locations[0]),
            )

    def refuse_misfit(self) -> None:
        """Raise `UnknownVersions` or `OutOfStep` if Alembic's version table tells otherwise."""
        if self.is_inherited and self.unknown:
            raise UnknownVersions(
                self.database.label, self.database.version_table(self.graph).name, self.unknown
            )
        if self.out_of_step is not None:
            raise OutOfStep(
                self.database.label,
                self.database.version_table(self.graph).name,
                versions=self.out_of_step,
                expected=self._expected_versions(),
                unknown=[id for id in self.out_of_step if id not in self.graph],
            )

    @property
    def out_of_step(self) -> tuple[str, ...] | None:
        """What Alembic's version table holds, if it tells otherwise than the history."""
        if self.versions is None or set(self.versions) == set(self._expected_versions()):
            return None
        return None if self.lags else self.versions

    @property
    def lags(self) -> bool:
        """Whether Alembic's version table knows all but what SQL scripts have done."""
        if self.versions is None or set(self.versions) == set(self._expected_versions()):
            return False
        ran = (id for id, row in self.rows.items() if row.origin != "script")
        return set(self.versions) == set(self.database.version_table(self.graph).wanted(ran))

    def _expected_versions(self) -> tuple[str, ...]:
        """What Alembic's version table should hold; a revision counts until it is taken back."""
        if self.unknown:
            return self.versions or ()
        return self.database.version_table(self.graph).wanted(
            id for id, row in self.rows.items() if row.is_finished or row.direction == "downgrade"
        )

    def refuse_unfinished(self) -> None:
        """Raise `Unfinished` if a revision stopped midway."""
        for row in self.unfinished:
            raise Unfinished(
                row.revision, self.database.label, direction=row.direction, reason=row.error
            )


def standing(database: Database, graph: Graph, connection: sa.Connection) -> Standing:
    """Where the database stands now; one that Alembic migrated so far, as if it was taken over."""
    config, history = database.environment.config, database.history
    table = database.version_table(graph)
    history.companion = table if config.keep_alembic_version else None
    rows = history.rows(connection)
    if not config.keep_alembic_version and (rows or history.log.tells_of_revisions(connection)):
        # A history that tells of nothing was only created, by a process that came no further.
        connection.rollback()
        return Standing(database, graph, rows, stops=_stops(history, connection, rows))
    versions = table.versions(connection)
    # A history that was emptied is at base, whatever Alembic's table came to tell since.
    is_ours = bool(rows) or (bool(versions) and history.log.tells_of_revisions(connection))
    connection.rollback()
    if is_ours or not versions:
        stopped = _stops(history, connection, rows)
        return Standing(database, graph, rows, versions, stops=stopped)
    implied = graph.ancestors(id for id in versions if id in graph)
    inherited = {id: Applied(id, origin="alembic") for id in (*graph.sorted(implied), *versions)}
    return Standing(database, graph, inherited, versions, is_inherited=True)


def standings(environment: Environment, graph: Graph, binds: Sequence[str] = ()) -> list[Standing]:
    """Where the databases of these binds stand, or all."""

    def read() -> list[Standing]:
        found = []
        for database in databases(environment, binds):
            with database.connect() as connection:
                found.append(standing(database, graph, connection))
        return found

    return environment.run(read)


def _stops(
    history: History, connection: sa.Connection, rows: Mapping[str, Applied]
) -> tuple[Stop, ...]:
    """Where revisions stopped that are not finished."""
    unfinished = [row for row in rows.values() if not row.is_finished]
    if not unfinished:
        return ()
    from .stops import stops

    return stops(history, connection, unfinished)
