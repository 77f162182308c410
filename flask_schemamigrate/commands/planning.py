"""What an upgrade or a downgrade would do, without doing it."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ..environment import Environment
from ..errors.runs import LosesData
from ..revisions import Graph
from ..revisions.revision import Direction
from ..runner.losses import Loss, Subject, counted
from ..runner.preview import Block, Preview, Step
from .databases import Database, Standing, databases, standing, standings
from .deciding import Planner, Sight, downgrades, upgrades
from .loading import loaded

__all__ = ["Loss", "Planned", "downgrade_plan", "in_sight", "refuse_losses", "upgrade_plan"]


@dataclass(frozen=True)
class Planned:
    """One revision that would be carried out, or taken back, on one bind.

    ``blocks`` are what others could not do for as long as tables of many rows are gone through;
    ``partial`` says why not all of its steps can be told beforehand.
    """

    bind: str | None
    revision: str
    message: str
    direction: Direction
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    partial: str | None = None
    blocks: tuple[Block, ...] = ()
    _empty: tuple[Subject, ...] = field(default=(), repr=False, compare=False)


def upgrade_plan(
    environment: Environment, *revisions: str, binds: Sequence[str] = ()
) -> Generator[Planned, None, None]:
    """What `upgrade` would do now."""
    yield from _plans(environment, binds, upgrades(revisions))


def downgrade_plan(
    environment: Environment,
    revision: str = "-1",
    *,
    undone: Collection[str] = (),
    binds: Sequence[str] = (),
) -> Generator[Planned, None, None]:
    """What `downgrade` would do now."""
    yield from _plans(environment, binds, downgrades(revision, undone=undone))


def in_sight(plans: Iterable[Planned]) -> Sight:
    """The revisions of these plans by bind, and what each drops without loss."""
    found: dict[str | None, dict[str, tuple[Subject, ...]]] = {}
    for planned in plans:
        found.setdefault(planned.bind, {})[planned.revision] = planned._empty
    return found


def refuse_losses(plans: Iterable[Planned]) -> None:
    """Raise `LosesData` if there are rows that would be gone."""
    _refuse(loss for planned in plans for loss in planned.losses)


def refuse_further_losses(
    where: Standing, todo: Sequence[str], seen: Sight, connection: sa.Connection
) -> None:
    """Raise `LosesData` for rows where there were none when it was ``seen`` what would be lost."""
    empty = seen.get(where.database.bind.name, {})
    losses = (counted(connection, subject) for id in todo for subject in empty.get(id, ()))
    _refuse(loss for loss in losses if loss.rows != 0)


def _refuse(losses: Iterable[Loss]) -> None:
    if texts := [loss.text for loss in losses]:
        raise LosesData(texts)


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
        todo = planner.todo(standing(database, graph, connection))
        if not todo:
            return
        preview = Preview(
            database.dialect,
            connection,
            database.names,
            database.naming_convention,
            database.opts,
        )
        for id in todo:
            (revision,) = loaded(database, graph, [id], connection)
            seen = preview.of(revision, planner.direction)
            yield Planned(
                bind=database.bind.name,
                revision=id,
                message=graph[id].message,
                direction=planner.direction,
                steps=seen.steps,
                losses=seen.losses,
                partial=seen.partial,
                blocks=seen.blocks,
                _empty=seen.empty,
            )
