"""The table in which Alembic remembers its heads, read for taking over and then kept in step."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ..revisions import Graph
from .prepared import Prepared


class VersionTable:
    """Alembic's version table of one database.

    Only giving a database back creates it, and nothing drops it. While it is there, it holds after
    each revision what Alembic would have written: the applied revisions on which no other applied
    one stands, dependencies considered.
    """

    def __init__(self, name: str, schema: str | None, graph: Graph) -> None:
        self.graph = graph
        self.table = sa.Table(
            name,
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), primary_key=True),
            schema=schema,
        )
        is_old = self.table.c.version_num == sa.bindparam("old")
        self._move = Prepared(self.table.update().where(is_old), ["version_num"])
        self._is_there: bool | None = None

    @property
    def name(self) -> str:
        """The table's name, with its schema if it has one."""
        return self.table.fullname

    def exists(self, connection: sa.Connection) -> bool:
        """Whether the table is there; asked once."""
        if self._is_there is None:
            table = self.table
            self._is_there = sa.inspect(connection).has_table(table.name, schema=table.schema)
        return self._is_there

    def versions(self, connection: sa.Connection) -> tuple[str, ...] | None:
        """What it holds, in alphabetical order; ``None`` where there is no such table."""
        if not self.exists(connection):
            return None
        return tuple(sorted(connection.scalars(sa.select(self.table.c.version_num))))

    def wanted(self, applied: Iterable[str]) -> tuple[str, ...]:
        """What Alembic would have written where these are applied."""
        # Of revisions that installed packages brought, Alembic knows nothing.
        return self.graph.tops({id for id in applied if id not in self.graph.foreign})

    def added(self, connection: sa.Connection, revision: str) -> None:
        """A revision was applied."""
        is_own = revision in self.graph and revision not in self.graph.foreign
        if not is_own or not self.exists(connection):
            return
        below = self.graph.upstream[revision]
        if len(below) == 1 and self._moved(connection, below[0], revision):
            return
        versions = self.versions(connection) or ()
        heads = {id for id in versions if id in self.graph}
        position = self.graph.position
        later = {id for id in heads if position[id] >= position[revision]}
        # One that fills a gap is implied by what stands on it.
        if later and not later.isdisjoint(self.graph.descendants([revision])):
            return
        self._write(connection, heads, heads - {*self.graph.upstream[revision]} | {revision})

    def removed(self, connection: sa.Connection, revisions: Iterable[str]) -> None:
        """Revisions were taken back, or are no longer taken as applied."""
        gone = set(revisions)
        if not gone or not self.exists(connection):
            return
        last = next(iter(gone))
        below = self._only_below(last) if len(gone) == 1 else None
        if below is not None and self._moved(connection, last, below):
            return
        versions = self.versions(connection) or ()
        left = self.graph.ancestors(id for id in versions if id in self.graph) - gone
        unknown = {id for id in versions if id not in self.graph and id not in gone}
        self._write(connection, set(versions), unknown.union(self.wanted(left)))

    def create(self, connection: sa.Connection) -> bool:
        """Create it as Alembic does, unless it is there; whether it had to be."""
        if self.exists(connection):
            return False
        self.as_created.create(connection)
        self._is_there = True
        return True

    @property
    def as_created(self) -> sa.Table:
        """The table as Alembic makes it, with room for every id of the graph."""
        name, schema = self.table.name, self.table.schema
        width = max(32, *map(len, self.graph)) if self.graph else 32
        return sa.Table(
            name,
            sa.MetaData(),
            sa.Column("version_num", sa.String(width), nullable=False),
            sa.PrimaryKeyConstraint("version_num", name=f"{name}_pkc"),
            schema=schema,
        )

    def write(self, connection: sa.Connection, versions: Iterable[str]) -> None:
        """Let it hold exactly these, where it is there."""
        before = self.versions(connection)
        if before is not None:
            self._write(connection, set(before), set(versions))

    def _only_below(self, revision: str) -> str | None:
        """What a revision stands on, if it stands on one that nothing else stands on."""
        below = self.graph.upstream[revision] if revision in self.graph else ()
        is_only = len(below) == 1 and len(self.graph.downstream[below[0]]) == 1
        return below[0] if is_only else None

    def _moved(self, connection: sa.Connection, old: str, new: str) -> bool:
        """Turn one row into another, as is right nearly always; whether that row was there.

        A row says that nothing above it is applied, so no other row has to be looked at.
        """
        return self._move(connection, {"old": old, "version_num": new}).rowcount == 1

    def _write(self, connection: sa.Connection, before: set[str], after: set[str]) -> None:
        gone, new = sorted(before - after), sorted(after - before)
        column = self.table.c.version_num
        if gone:
            connection.execute(self.table.delete().where(column.in_(gone)))
        if new:
            rows = [{"version_num": id} for id in new]
            connection.execute(self.table.insert().inline(), rows)
