"""Settling by hand what the database cannot tell by itself."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from ..environment import Environment
from ..errors.runs import NothingToResolve
from ..revisions import Graph, identifiers
from ..runner.history import APPLIED, Applied, now
from ..runner.journal import DONE, PLANNED, RUNNING
from ..runner.ledger import OWN
from .databases import Database, Standing, databases, standing
from .stamping import logged, stamped_row

How = Literal["applied", "rolled-back", "retry", "skip", "accept"]


@dataclass(frozen=True)
class Resolved:
    """A revision that was settled in one database, and what that means."""

    bind: str | None
    revision: str
    how: How
    text: str


def resolve(
    environment: Environment,
    revision: str,
    how: How,
    *,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
) -> Generator[Resolved, None, None]:
    """Settle a revision, under the lock, in each database where there is something to settle.

    ``applied`` and ``rolled-back`` say what an unfinished revision now is; ``retry`` and ``skip``
    that the statement it was cut off at did not happen, or did; ``accept`` takes the file of an
    applied revision as it is now. Raises `NothingToResolve`.
    """
    graph = environment.graph()
    settled = 0
    for database in databases(environment, binds):
        run = environment.drive(_resolved(database, graph, revision, how, lock_wait))
        for done in run:
            settled += 1
            yield done
    if not settled:
        raise NothingToResolve(revision, how)


def _resolved(
    database: Database, graph: Graph, revision: str, how: How, lock_wait: float | None
) -> Generator[Resolved, None, None]:
    with database.connect() as connection, database.locked(connection, lock_wait):
        where = standing(database, graph, connection)
        id = revision if revision in where.rows else _named(revision, graph)
        row = where.rows.get(id)
        if row is None:
            return
        with database.dialect.transaction(connection):
            text = _settle(where, row, how, connection)
            if text is not None:
                database.history.log.add(connection, logged(how, row))
        if text is not None:
            yield Resolved(database.bind.name, id, how, text)


def _settle(where: Standing, row: Applied, how: How, connection: sa.Connection) -> str | None:
    """Write what is now the case; what that means, or ``None`` where there is nothing to settle."""
    history, id = where.database.history, row.revision
    if how == "accept":
        if id not in where.graph or not row.is_finished:
            return None
        read = stamped_row(where.graph, id)
        if read.checksum == row.checksum:
            return None
        taken = {name: getattr(read, name) for name in ("checksum", "digest", "file", "source")}
        history.mark(connection, id, **taken)
        return "its file is taken as it is now"
    if row.is_finished:
        return None
    if how == "applied":
        history.journal.clear(connection, id)
        history.mark(connection, id, state=APPLIED, error=None, finished_at=now())
        return "it counts as applied"
    if how == "rolled-back":
        history.journal.clear(connection, id)
        history.remove(connection, [id])
        return "it counts as not applied"
    return _unblock(where, row, how, connection)


def _unblock(where: Standing, row: Applied, how: How, connection: sa.Connection) -> str | None:
    """Say how the statement ended that a revision was cut off at."""
    journal = where.database.history.journal
    entries = journal.entries(connection, row.revision)
    own = [entry.operation for entry in entries if entry.kind == OWN]
    unknown = [entry for entry in entries if entry.state == RUNNING]
    if how == "retry":
        if not unknown and not own:
            return None
        for entry in unknown:
            journal.change(connection, entry, state=PLANNED)
        journal.forget(connection, row.revision, own)
        return "the next run repeats what it was cut off at"
    left = unknown or [entry for entry in entries if not entry.is_done]
    if not left:
        return None
    for entry in left:
        journal.change(connection, entry, state=DONE, finished_at=now())
    return "the next run goes on behind what it was cut off at"


def _named(revision: str, graph: Graph) -> str:
    """The one revision that is meant."""
    found = identifiers.resolve(revision, graph)
    return found[0] if len(found) == 1 else revision
