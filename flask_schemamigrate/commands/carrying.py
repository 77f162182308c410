"""Carrying out in one database what there is to do, under its lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from ..dialects.apart import connected_apart
from ..dialects.locks import MigrationLock
from ..errors.runs import OutOfOrder
from ..revisions import plan
from ..runner.events import Carried, Event, Working
from ..runner.politeness import Manners
from ..runner.run import Runner
from .adopting import TakenOver, provide, take_over
from .databases import Database, Standing, standing
from .deciding import Manner, Planner
from .edited import restyled
from .loading import loaded
from .stamping import stamped_row
from .telling import Telling

__all__ = ["Carried", "TakenOver", "carry_out"]


def carry_out(
    before: Standing, run: Planner, connection: sa.Connection, *, seen: Sequence[str]
) -> Iterator[Carried | TakenOver]:
    """Take the database over if it was Alembic's, and do what there is to do once it is ours.

    ``seen`` is what there was to do before.
    """
    database, graph, manner = before.database, before.graph, run.manner
    with database.locked(
        connection, manner.lock_wait, watch=manner.watch, stop=manner.stop
    ) as lock:
        # Somebody else may have migrated while we waited.
        where = standing(database, graph, connection)
        todo = run.todo(where)
        run.refuse_more(where, todo, seen)
        if manner.seen is not None:
            from .planning import refuse_further_losses

            refuse_further_losses(where, todo, manner.seen, connection)
        if manner.cancellable is not None:
            aside = partial(_aside, database)
            manner.cancellable(database.dialect.canceller(connection, aside))
        if where.is_inherited:
            yield take_over(where, connection)
        provide(where, todo, connection)
        if todo:
            under = replace(run, manner=_under(lock, manner))
            yield from _carried(where, todo, under, connection, lock)
            _note_restyled(where, connection)


def _aside(database: Database, sql: str) -> None:
    """Carry out a statement on a connection of its own."""

    def act() -> None:
        with connected_apart(database.bind.engine) as other:
            other.exec_driver_sql(sql)
            other.commit()

    database.environment.run(act)


def _under(lock: MigrationLock, manner: Manner) -> Manner:
    """The same, telling the lock what is done and looking whether it is still held."""

    def stop() -> None:
        lock.check()
        manner.stop()

    def watch(event: Event) -> None:
        if isinstance(event, Working):
            lock.tell(event.sql)
        manner.watch(event)

    return replace(manner, stop=stop, watch=watch)


def _carried(
    where: Standing,
    todo: list[str],
    run: Planner,
    connection: sa.Connection,
    lock: MigrationLock,
) -> Iterator[Carried]:
    graph, manner, is_up = where.graph, run.manner, run.direction == "upgrade"
    late = set(plan.out_of_order(graph, where.applied, todo))
    if late and is_up and manner.strict_order:
        raise OutOfOrder(where.database.label, graph.sorted(late))
    telling = Telling(where.database.environment.app, manner.watch)
    runner = _runner(where, connection, lock, replace(manner, watch=telling.watch))
    act: Any = runner.upgrade if is_up else runner.downgrade
    with telling.failed():
        revisions = loaded(where.database, graph, todo, connection, sums=is_up)
        for done in act(revisions, atomic=manner.atomic):
            is_late = is_up and done.revision in late
            told = replace(done, out_of_order=is_late)
            telling.applied(told)
            yield told


def _runner(
    where: Standing, connection: sa.Connection, lock: MigrationLock, manner: Manner
) -> Runner:
    """What carries revisions out on this connection."""
    database = where.database
    config = database.environment.config
    return Runner(
        database.dialect,
        connection,
        database.history,
        binds=database.names,
        naming_convention=database.naming_convention,
        opts=database.opts,
        shares_sessions=lock.shares_sessions,
        # What was only implied has been written meanwhile.
        rows={} if where.is_inherited else where.rows,
        manners=Manners(config.lock_timeout, config.statement_timeout, config.lock_retries),
        watch=manner.watch,
        stop=manner.stop,
    )


def _note_restyled(where: Standing, connection: sa.Connection) -> None:
    """Take files that were only formatted as they are now, so that no run parses them again."""
    rows = [stamped_row(where.graph, id) for id in restyled(where)]
    if rows:
        with where.database.dialect.transaction(connection):
            for row in rows:
                where.database.history.mark(
                    connection, row.revision, digest=row.digest, source=row.source
                )
