"""Carrying revisions out, and taking them back."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..environment import Environment
from ..errors.runs import Unfinished
from ..revisions import Graph
from .databases import Database, Standing, databases, standing, standings
from .deciding import Manner, Planner, downgrades, upgrades
from .edited import edited

if TYPE_CHECKING:
    from ..runner.events import Carried
    from .adopting import TakenOver

__all__ = ["Manner", "Noticed", "Result", "Results", "downgrade", "upgrade"]

Result: TypeAlias = "Carried | TakenOver | Noticed"
Results: TypeAlias = Generator[Result, None, None]


@dataclass(frozen=True)
class Noticed:
    """Something about a database's revisions that whoever runs them should know."""

    bind: str | None
    kind: Literal["edited", "unknown", "out of order"]
    revisions: tuple[str, ...]
    text: str = field(repr=False)


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
    undone: Collection[str] = (),
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
    manner: Manner | None = None,
) -> Results:
    """Take back what stands above a revision, the last one first; or those ``undone``, by id."""

    how = manner or Manner(lock_wait=lock_wait)
    yield from _drive(environment, binds, downgrades(revision, how, undone))


def _drive(environment: Environment, binds: Sequence[str], run: Planner) -> Results:
    graph = environment.graph()
    run.check(graph)
    found = databases(replace(environment, tag=run.manner.tag), binds)
    if run.steps_back and len(found) > 1:
        run.refuse_apart(standings(environment, graph, binds))
    for database in found:
        yield from environment.drive(_run(database, graph, run))


def _run(database: Database, graph: Graph, run: Planner) -> Results:
    with database.connect() as connection:
        where = standing(database, graph, connection)
        yield from _noticed(where, run)
        try:
            todo = run.todo(where)
            is_settled = not (todo or where.is_inherited)
        except Unfinished:
            # It may be at work at this moment, and then there is its end to wait for.
            todo, is_settled = [], False
        if not is_settled:
            from .carrying import carry_out

            yield from carry_out(where, run, connection, seen=todo)


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
            "'flask db show REV --diff' shows how, and 'flask db resolve REV --accept' takes a "
            "file as it is now.",
        )
    if run.manner.allow_unknown and where.unknown:
        yield notice("unknown", where.unknown, f"No file has: {', '.join(where.unknown)}.")
