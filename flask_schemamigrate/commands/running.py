"""Carrying revisions out, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import sqlalchemy as sa

from ..environment import Environment
from ..errors.runs import OutOfOrder, Unfinished
from ..revisions import Graph, plan
from ..runner import Carried, Watch, nobody
from ..runner.politeness import go_on
from .adopting import TakenOver, provide, take_over
from .databases import Database, Standing, databases, standing
from .edited import edited
from .loading import loaded
from .telling import Telling

__all__ = ["Carried", "Manner", "Noticed", "TakenOver", "downgrade", "upgrade"]

Direction = Literal["upgrade", "downgrade"]
Planned = Callable[[Graph, set[str]], list[str]]


@dataclass(frozen=True)
class Manner:
    """How a run is done.

    ``atomic`` makes one transaction of it; ``allow_unknown`` lets the database know revisions that
    no file has, if nothing is to do; ``strict_order`` refuses revisions that are older than an
    applied one. ``watch`` is called with what happens within a revision, ``stop`` is asked before
    each statement and raises `Stopped`.
    """

    lock_wait: float | None = None
    tag: str | None = None
    atomic: bool = False
    allow_unknown: bool = False
    strict_order: bool = False
    watch: Watch = nobody
    stop: Callable[[], None] = go_on


@dataclass(frozen=True)
class Noticed:
    """Something about a database's revisions that whoever runs them should know."""

    bind: str | None
    kind: Literal["edited", "unknown", "out of order"]
    revisions: tuple[str, ...]
    text: str = field(repr=False)


Result = Carried | TakenOver | Noticed
Results = Generator[Result, None, None]


def upgrade(
    environment: Environment,
    *revisions: str,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
    manner: Manner | None = None,
) -> Results:
    """Carry out what is pending up to these revisions, ``head`` if none is named.

    Yields each revision as it is done, and before them that a database was taken over from
    Alembic, and what is odd. Databases with nothing to do are not locked. Raises `RevisionError`,
    `RunError` and its kin; what was yielded before stays applied.
    """

    how = manner or Manner(lock_wait=lock_wait)
    yield from _drive(environment, binds, upgrades(revisions, how))


def downgrade(
    environment: Environment,
    revision: str = "-1",
    *,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
    manner: Manner | None = None,
) -> Results:
    """Take back what stands above a revision, the last one first."""

    how = manner or Manner(lock_wait=lock_wait)
    yield from _drive(environment, binds, downgrades(revision, how))


def upgrades(revisions: Sequence[str], manner: Manner | None = None) -> Planner:
    """How to find what an upgrade to these revisions has to do."""

    def planned(graph: Graph, applied: set[str]) -> list[str]:
        return plan.upgrade(graph, applied, revisions or ("head",))

    return Planner(planned, "upgrade", manner or Manner())


def downgrades(revision: str, manner: Manner | None = None) -> Planner:
    """How to find what a downgrade to this revision has to do."""

    def planned(graph: Graph, applied: set[str]) -> list[str]:
        return plan.downgrade(graph, applied, revision)

    return Planner(planned, "downgrade", manner or Manner())


@dataclass(frozen=True)
class Planner:
    """What is to be done in each database."""

    planned: Planned
    direction: Direction
    manner: Manner

    def checking(self, check: Callable[[], None]) -> Planner:
        """The same, looking before each statement whether the lock is still held."""

        def stop() -> None:
            check()
            self.manner.stop()

        return replace(self, manner=replace(self.manner, stop=stop))

    def todo(self, where: Standing) -> list[str]:
        """What is to be done, if nothing stands in the way; an unfinished revision goes first."""
        where.refuse_misfit()
        applied = set(where.applied)
        unfinished = [row for row in where.unfinished if row.revision in where.graph]
        if self.direction == "downgrade":
            applied |= {row.revision for row in unfinished if row.direction == "downgrade"}
        todo = self.planned(where.graph, applied)
        for row in unfinished:
            if row.direction != self.direction or row.revision not in todo:
                raise Unfinished(
                    row.revision,
                    where.database.label,
                    direction=row.direction,
                    reason=row.error,
                )
            todo.remove(row.revision)
            todo.insert(0, row.revision)
        if self.direction == "upgrade" and (todo or not self.manner.allow_unknown):
            where.refuse_unknown()
        return todo


def _drive(environment: Environment, binds: Sequence[str], run: Planner) -> Results:
    graph = environment.graph()
    for database in databases(replace(environment, tag=run.manner.tag), binds):
        yield from environment.drive(_run(database, graph, run))


def _run(database: Database, graph: Graph, run: Planner) -> Results:
    with database.connect() as connection:
        where = standing(database, graph, connection)
        yield from _noticed(where, run)
        if not run.todo(where) and not where.is_inherited:
            return
        with database.locked(run.manner.lock_wait) as check:
            # Somebody else may have migrated while we waited.
            where = standing(database, graph, connection)
            todo = run.todo(where)
            if where.is_inherited:
                yield take_over(where, connection)
            provide(where, todo, connection)
            yield from _carried(where, todo, run.checking(check), connection)


def _noticed(where: Standing, run: Planner) -> Iterator[Noticed]:
    """What is odd and yet no reason to stop."""
    if run.direction == "downgrade":
        return
    bind = where.database.bind.name
    notice = partial(Noticed, bind)
    if changed := edited(where):
        yield notice(
            "edited",
            changed,
            f"Edited since they were applied: {', '.join(changed)}. "
            "'flask db resolve REV --accept' takes a file as it is now.",
        )
    if run.manner.allow_unknown and where.unknown:
        yield notice("unknown", where.unknown, f"No file has: {', '.join(where.unknown)}.")


def _carried(
    where: Standing, todo: list[str], run: Planner, connection: sa.Connection
) -> Iterator[Carried]:
    if not todo:
        return
    graph = where.graph
    late = set(plan.out_of_order(graph, where.applied, todo))
    if late and run.direction == "upgrade" and run.manner.strict_order:
        raise OutOfOrder(where.database.label, graph.sorted(late))
    manner = run.manner
    telling = Telling(where.database.environment.app, manner.watch)
    runner = where.database.runner(
        connection, where.unfinished, watch=telling.watch, stop=manner.stop
    )
    act: Any = runner.upgrade if run.direction == "upgrade" else runner.downgrade
    with telling.failed():
        for done in act(loaded(where.database, graph, todo, connection), atomic=manner.atomic):
            is_late = run.direction == "upgrade" and done.revision in late
            told = replace(done, out_of_order=is_late)
            telling.applied(told)
            yield told
