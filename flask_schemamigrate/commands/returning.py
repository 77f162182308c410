"""Giving databases back to Alembic: its version table says what the history says."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from ..environment import Environment
from ..revisions import Graph
from .databases import Database, databases, standing


@dataclass(frozen=True)
class Returned:
    """One database, its version table, and what that holds now; ``is_new`` if it was made."""

    bind: str | None
    label: str
    table: str
    versions: tuple[str, ...]
    is_new: bool


def give_back(
    environment: Environment, *, binds: Sequence[str] = (), lock_wait: float | None = None
) -> Generator[Returned, None, None]:
    """Write Alembic's version table of each database, under the lock; create it if need be.

    The history stays where it is. Raises `UnknownApplied` and `Unfinished` for what Alembic could
    not know.
    """
    graph = environment.graph()
    for database in databases(environment, binds):
        yield from environment.drive(_given_back(database, graph, lock_wait))


def _given_back(
    database: Database, graph: Graph, lock_wait: float | None
) -> Generator[Returned, None, None]:
    with database.connect() as connection, database.locked(connection, lock_wait):
        where = standing(database, graph, connection)
        if where.unknown:
            where.refuse_unknown()
        where.refuse_unfinished()
        table = database.version_table(graph)
        versions = table.wanted(where.applied)
        with database.dialect.transaction(connection):
            is_new = table.create(connection)
            table.write(connection, versions)
    yield Returned(database.bind.name, database.label, table.name, versions, is_new)
