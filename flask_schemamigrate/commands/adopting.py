"""Taking a database over from Alembic: what its version table implies becomes our history."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from .databases import Standing
from .stamping import stamped_row

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TakenOver:
    """A database that was Alembic's: its version table, what that held, and what that implies."""

    bind: str | None
    table: str
    versions: tuple[str, ...]
    revisions: tuple[str, ...]


def take_over(where: Standing, connection: sa.Connection) -> TakenOver:
    """Record all that Alembic's version table implies, in one transaction, under the lock.

    Raises `UnknownVersions` for what no file has.
    """
    where.refuse_misfit()
    database, graph = where.database, where.graph
    revisions = graph.sorted(where.rows)
    # Read before the transaction, which is short so.
    rows = [stamped_row(graph, id, origin="alembic") for id in revisions]
    with database.dialect.transaction(connection):
        database.history.create(connection)
        database.history.take_over(connection, rows)
    table = database.version_table(graph).name
    logger.info("Took over %d applied revision(s) from %s", len(rows), table)
    return TakenOver(database.bind.name, table, where.versions or (), revisions)


def provide(where: Standing, todo: Sequence[str], connection: sa.Connection) -> None:
    """Create Alembic's version table where a revision that is about to run speaks of it.

    Such revisions read it, or widen its column, and were written where it always was there. One
    that is there learns what a script has done.
    """
    database, graph = where.database, where.graph
    table = database.version_table(graph)
    if where.lags:
        with database.dialect.transaction(connection):
            table.write(connection, table.wanted(where.applied))
    is_kept = database.environment.config.keep_alembic_version
    if not is_kept or where.versions is not None:
        return
    if any(table.table.name.encode() in graph[id].path.read_bytes() for id in todo):
        with database.dialect.transaction(connection):
            table.create(connection)
            table.write(connection, table.wanted(where.applied))
        database.history.companion = table
