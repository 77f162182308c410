"""What an upgrade or a downgrade would do, without doing it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ..environment import Environment
from ..errors.runs import LosesData
from ..revisions import Graph
from ..revisions.revision import Direction
from ..runner.losses import Loss
from ..runner.preview import Preview, Step
from .databases import Database, Standing, databases, standing, standings
from .deciding import Planner, Sight, downgrades, upgrades
from .loading import loaded

__all__ = ["Loss", "Planned", "downgrade_plan", "in_sight", "refuse_losses", "upgrade_plan"]


@dataclass(frozen=True)
class Planned:
    """One revision that would be carried out, or taken back, on one bind.

    ``partial`` says why not all of its steps can be told beforehand.
    """

    bind: str | None
    revision: str
    message: str
    direction: Direction
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    partial: str | None = None


def upgrade_plan(
    environment: Environment, *revisions: str, binds: Sequence[str] = ()
) -> Generator[Planned, None, None]:
    """What `upgrade` would do now."""
    yield from _plans(environment, binds, upgrades(revisions))


def downgrade_plan(
    environment: Environment, revision: str = "-1", *, binds: Sequence[str] = ()
) -> Generator[Planned, None, None]:
    """What `downgrade` would do now."""
    yield from _plans(environment, binds, downgrades(revision))


def in_sight(plans: Iterable[Planned]) -> Sight:
    """The revisions of these plans by bind, and what each loses, as `Manner.seen` takes them."""
    found: dict[str | None, dict[str, set[str]]] = {}
    for planned in plans:
        losses = {loss.subject for loss in planned.losses}
        found.setdefault(planned.bind, {})[planned.revision] = losses
    return found


def refuse_losses(plans: Iterable[Planned]) -> None:
    """Raise `LosesData` if there are rows that would be gone."""
    losses = [loss.text for planned in plans for loss in planned.losses]
    if losses:
        raise LosesData(losses)


def refuse_further_losses(
    where: Standing, todo: Sequence[str], seen: Sight, connection: sa.Connection
) -> None:
    """Raise `LosesData` for rows where there were none when it was ``seen`` what would be lost."""
    agreed = seen.get(where.database.bind.name, {})
    refuse_losses(
        replace(
            planned,
            losses=tuple(
                loss
                for loss in planned.losses
                if loss.subject not in agreed.get(planned.revision, ())
            ),
        )
        for planned in _planned(where, todo, "downgrade", connection)
    )


def _plans(
    environment: Environment, binds: Sequence[str], planner: Planner
) -> Generator[Planned, None, None]:
    graph = environment.graph()
    planner.check(graph)
    found = databases(environment, binds)
    if planner.steps_back and len(found) > 1:
        planner.refuse_apart(standings(environment, graph, binds))
    for database in found:
        yield from environment.drive(_plan(database, graph, planner))


def _plan(database: Database, graph: Graph, planner: Planner) -> Generator[Planned, None, None]:
    with database.connect() as connection:
        where = standing(database, graph, connection)
        yield from _planned(where, planner.todo(where), planner.direction, connection)


def _planned(
    where: Standing, todo: Sequence[str], direction: Direction, connection: sa.Connection
) -> Generator[Planned, None, None]:
    if not todo:
        return
    database, graph = where.database, where.graph
    preview = Preview(
        database.dialect,
        connection,
        database.names,
        database.naming_convention,
        database.opts,
    )
    for id in todo:
        (revision,) = loaded(database, graph, [id], connection)
        steps, losses, partial = preview.of(revision, direction)
        yield Planned(
            database.bind.name,
            id,
            graph[id].message,
            direction,
            tuple(steps),
            tuple(losses),
            partial,
        )
