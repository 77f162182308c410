"""Recording revisions as applied without carrying them out."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ..environment import Environment
from ..revisions import Graph, checksum, identifiers, plan
from ..revisions.decoding import decoded, keepable
from ..runner.history import Applied, now, provenance
from ..runner.log import Logged
from .databases import Database, Standing, databases, standing


@dataclass(frozen=True)
class Stamped:
    """What a stamp changed in one database's history.

    ``unverified`` says what could not be told when the database was to be looked at.
    """

    bind: str | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    current: tuple[str, ...]
    unverified: tuple[str, ...] = ()


def stamp(
    environment: Environment,
    *revisions: str,
    purge: bool = False,
    verify: bool = False,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
) -> Generator[Stamped, None, None]:
    """Declare each database to be at these revisions, ``head`` if none is named.

    ``purge`` forgets everything else, unknown revisions as well. With ``verify`` the database is
    looked at before: raises `LooksDifferent` where it is not what these revisions lead to.
    """
    graph = environment.graph()
    for text in revisions:
        # A misspelt revision is refused before any database is asked.
        identifiers.check(text, graph)
    for database in databases(environment, binds):
        yield from environment.drive(
            _stamped(
                database,
                graph,
                revisions or ("head",),
                purge=purge,
                verify=verify,
                lock_wait=lock_wait,
            )
        )


def _stamped(
    database: Database,
    graph: Graph,
    revisions: Sequence[str],
    *,
    purge: bool,
    verify: bool,
    lock_wait: float | None,
) -> Generator[Stamped, None, None]:
    with database.connect() as connection, database.locked(connection, lock_wait):
        where = standing(database, graph, connection)
        if not purge:
            where.refuse_unfinished()
        if not purge and where.unknown:
            where.refuse_unknown()
        target = plan.stamp(graph, where.applied, revisions, purge=purge)
        unverified: tuple[str, ...] = ()
        if verify:
            # What compares is imported where something is compared.
            from .verifying import verified

            unverified = verified(database, graph, graph.sorted(set(target)), connection)
        with database.dialect.transaction(connection):
            written = _written(where, target, connection)
        yield replace(written, unverified=unverified)


def _written(where: Standing, target: Sequence[str], connection: sa.Connection) -> Stamped:
    """The history put to what the stamp declares."""
    history = where.database.history
    history.create(connection)
    removed = [id for id in where.rows if id not in target]
    added = [id for id in target if id not in where.applied]
    if where.is_inherited:
        kept = [id for id in target if id in where.applied]
        rows = [stamped_row(where.graph, id, origin="alembic") for id in kept]
        history.take_over(connection, rows)
    history.remove(connection, removed)
    for id in added:
        history.record(connection, stamped_row(where.graph, id))
        history.journal.clear(connection, id)
    history.log.add(
        connection,
        *(where.rows[id].logged for id in removed if not where.is_inherited),
        *(logged("unstamp", where.rows[id]) for id in removed),
    )
    if history.companion is not None:
        # It may have been out of step before, which a stamp settles.
        history.companion.write(connection, history.companion.wanted(target))
    return Stamped(
        where.database.bind.name, tuple(added), tuple(removed), where.graph.tops(set(target))
    )


def logged(action: str, row: Applied) -> Logged:
    """A line of the log: this was done to the row of a revision, now."""
    return Logged(action, row.revision, row.message, row.file, now(), None, **provenance())


def stamped_row(
    graph: Graph, id: str, *, origin: str = "stamp", does: str | None = None
) -> Applied:
    """The row of a revision that was recorded and not carried out.

    ``does`` is the checksum of its file, where somebody has it already.
    """
    revision = graph[id]
    data = revision.path.read_bytes()
    return Applied(
        revision=id,
        message=revision.message,
        file=revision.path.name,
        checksum=checksum.of_source(data, revision.file) if does is None else does,
        digest=revision.digest,
        origin=origin,
        started_at=now(),
        finished_at=now(),
        source=keepable(decoded(data)),
        **provenance(),
    )
