"""Carrying revisions out, and taking them back."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from ..environment import Environment
from ..revisions import Graph, plan
from ..revisions.module import LoadedRevision, load
from ..runner import Carried, Runner
from .databases import Database, Standing, databases, standing

__all__ = ["Carried", "downgrade", "upgrade"]


class Planned(Protocol):
    """A way to plan: the graph and what is applied, to the revisions in the order they run."""

    def __call__(self, graph: Graph, applied: set[str]) -> list[str]: ...


def upgrade(
    environment: Environment,
    *revisions: str,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
    tag: str | None = None,
) -> Generator[Carried, None, None]:
    """Carry out what is pending up to these revisions, ``head`` if none is named.

    Yields each revision as it is done. Databases with nothing to do are not locked. Raises
    `RevisionError`, `RunError` and its kin; what was yielded before stays applied.
    """

    def planned(graph: Graph, applied: set[str]) -> list[str]:
        return plan.upgrade(graph, applied, revisions or ("head",))

    yield from _drive(environment, planned, "upgrade", binds, lock_wait, tag)


def downgrade(
    environment: Environment,
    revision: str = "-1",
    *,
    binds: Sequence[str] = (),
    lock_wait: float | None = None,
    tag: str | None = None,
) -> Generator[Carried, None, None]:
    """Take back what stands above a revision, the last one first."""

    def planned(graph: Graph, applied: set[str]) -> list[str]:
        return plan.downgrade(graph, applied, revision)

    yield from _drive(environment, planned, "downgrade", binds, lock_wait, tag)


def _drive(
    environment: Environment,
    planned: Planned,
    direction: str,
    binds: Sequence[str],
    lock_wait: float | None,
    tag: str | None,
) -> Generator[Carried, None, None]:
    graph = environment.graph()
    for database in databases(replace(environment, tag=tag), binds):
        run = partial(_run, database, graph, planned, direction, lock_wait)
        yield from environment.drive(run())


def _run(
    database: Database, graph: Graph, planned: Planned, direction: str, lock_wait: float | None
) -> Generator[Carried, None, None]:
    with database.connect() as connection:
        if not _todo(standing(database, graph, connection), planned, direction):
            return
        with database.locked(lock_wait):
            # Somebody else may have migrated while we waited.
            todo = _todo(standing(database, graph, connection), planned, direction)
            loaded = [load(graph[id]) for id in todo]
            yield from _carried(database.runner(connection), loaded, direction)


def _todo(where: Standing, planned: Planned, direction: str) -> list[str]:
    """What is to be done, if nothing stands in the way."""
    where.refuse_unfinished()
    if direction == "upgrade":
        where.refuse_unknown()
    return planned(where.graph, where.applied)


def _carried(runner: Runner, loaded: list[LoadedRevision], direction: str) -> Iterator[Carried]:
    if loaded:
        act: Any = runner.upgrade if direction == "upgrade" else runner.downgrade
        yield from act(loaded)
