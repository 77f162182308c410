"""The databases a command is about, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..dialects import Dialect, for_engine
from ..environment import Bind, Environment
from ..errors.runs import Unfinished, UnknownApplied
from ..revisions import Graph
from ..runner import Applied, History, Runner, held


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

    @cached_property
    def history(self) -> History:
        """The table that remembers what was applied."""
        config = self.environment.config
        return History(config.history_table, config.history_schema)

    def connect(self) -> Any:
        """A connection, as a context manager."""
        return self.environment.connect(self.bind)

    @contextmanager
    def locked(self, wait: float | None) -> Iterator[None]:
        """Hold the migration lock; ``wait`` is in seconds, the configured time if ``None``."""
        config = self.environment.config
        lock = self.dialect.migration_lock(self.bind.engine, self.history.name)
        seconds = config.lock_wait if wait is None else wait
        with held(lock, bind=self.label, wait=seconds):
            yield

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
            "config": self.environment.config,
            "version_table_schema": self.history.schema,
            "x": self.environment.x,
            "tag": self.environment.tag,
        }

    def runner(self, connection: sa.Connection) -> Runner:
        """What carries revisions out on this connection."""
        from ..revisions import checksum

        return Runner(
            self.dialect,
            connection,
            self.history,
            binds=self.names,
            naming_convention=self.naming_convention,
            opts=self.opts,
            checksum=lambda revision: checksum.of(revision.path),
        )


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
    """What a database's history says, beside the revision files."""

    database: Database
    graph: Graph
    rows: Mapping[str, Applied]

    @property
    def applied(self) -> set[str]:
        """The ids that are wholly applied."""
        return {id for id, row in self.rows.items() if row.is_finished}

    @property
    def current(self) -> tuple[str, ...]:
        """The applied revisions on which no other applied one stands, and the unknown ones."""
        known = {id for id in self.applied if id in self.graph}
        return (*self.graph.tops(known), *sorted(self.unknown))

    @property
    def pending(self) -> tuple[str, ...]:
        """The revisions of the files that are not applied, in the order in which they run."""
        return self.graph.sorted(set(self.graph) - self.applied)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The applied ids that no file has."""
        return tuple(sorted(id for id in self.rows if id not in self.graph))

    @property
    def unfinished(self) -> tuple[Applied, ...]:
        """The rows of revisions that stopped midway."""
        return tuple(row for row in self.rows.values() if not row.is_finished)

    def refuse_unknown(self) -> None:
        """Raise `UnknownApplied` if the database knows revisions that no file has."""
        if self.unknown:
            raise UnknownApplied(
                self.database.label, [(id, self.rows[id].describe()) for id in self.unknown]
            )

    def refuse_unfinished(self) -> None:
        """Raise `Unfinished` if a revision stopped midway."""
        for row in self.unfinished:
            raise Unfinished(row.revision, self.database.label, reason=row.error)


def standing(database: Database, graph: Graph, connection: sa.Connection) -> Standing:
    """Where the database stands now."""
    return Standing(database, graph, database.history.rows(connection))
