"""Whether a database looks like the revisions that are said to be applied to it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ..autogenerate.expected import unlike
from ..autogenerate.resolve import lines
from ..environment.former import refuse_unanswered
from ..errors.runs import LooksDifferent
from ..revisions import Graph
from ..runner.replay import Replay
from .databases import Database
from .loading import loaded
from .options import for_revisions


def verified(
    database: Database, graph: Graph, revisions: Sequence[str], connection: sa.Connection
) -> tuple[str, ...]:
    """Hold a database against what these revisions lead to; what cannot be told about it.

    The revisions are replayed in memory. A table is left out if a revision may have changed it by
    SQL of its own, or by asking the database. Raises `LooksDifferent`.
    """
    environment = database.environment
    refuse_unanswered(environment.directory, environment.hooks, environment.config.ignored_hooks)
    replay = Replay(
        database.dialect,
        binds=database.names,
        naming_convention=database.naming_convention,
        opts=database.opts,
    )
    for revision in loaded(database, graph, revisions):
        replay.take(revision)
    expected = replay.schema
    there = database.dialect.read(connection, tables=None)
    connection.rollback()
    doubts = {
        key: found
        for key in sorted({*expected.tables, *there.tables} - database.history.names)
        if (found := replay.doubts(key))
    }
    difference = unlike(
        database.dialect,
        connection,
        expected,
        doubtful=doubts,
        options=for_revisions(database, graph),
    )
    connection.rollback()
    if found := lines(difference):
        at = graph.tops(set(revisions)) or ("<base>",)
        raise LooksDifferent(database.label, at, found)
    return tuple(
        f"{table}: {', '.join(ids)} may have changed it in a way that only a database can tell"
        for table, ids in doubts.items()
    )
