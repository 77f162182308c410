"""What a run is to do in each database, and how it is to go about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..errors.stopping import StandApart, TakesBackMore
from ..revisions import Graph, identifiers, plan
from ..revisions.revision import Direction
from ..runner.bystanders import go_on, nobody

if TYPE_CHECKING:
    from ..runner.events import Watch
    from ..runner.losses import Subject
    from .databases import Standing

Sight: TypeAlias = Mapping[str | None, Mapping[str, "Collection[Subject]"]]
"""By bind, the revisions that are taken back, and by each what it drops that had no rows."""


@dataclass(frozen=True)
class Manner:
    """How a run is done.

    ``atomic`` makes one transaction of it; ``allow_unknown`` lets the database know revisions that
    no file has, if nothing is to do; ``strict_order`` refuses revisions that are older than an
    applied one. ``seen`` are the revisions that may be taken back, since somebody agreed, with what
    they drop that had no rows then; if it is not given, those in sight before the lock was held.
    ``watch`` is called with what happens within a revision, ``stop`` is asked before each statement
    and raises `Stopped`. ``cancellable`` is given, before the first statement, what has the
    database end the one that is running, from another thread.
    """

    lock_wait: float | None = None
    tag: str | None = None
    atomic: bool = False
    allow_unknown: bool = False
    strict_order: bool = False
    seen: Sight | None = None
    watch: Watch = nobody
    stop: Callable[[], None] = go_on
    cancellable: Callable[[Callable[[], None]], None] | None = None


@dataclass(frozen=True)
class Planner:
    """Which revisions are to be reached, in which direction and manner; or to be ``undone``."""

    targets: tuple[str, ...]
    direction: Direction
    manner: Manner
    undone: tuple[str, ...] = ()

    def check(self, graph: Graph) -> None:
        """Raise what is wrong with the targets as far as the files tell, before anybody connects.

        Raises `RevisionError`.
        """
        for text in self.targets:
            # A range is well-formed, and yet nowhere to go.
            identifiers.Identifier.parse(text)
            identifiers.check(text, graph)

    def todo(self, where: Standing) -> list[str]:
        """What is to be done, if nothing stands in the way; an unfinished revision goes first."""
        where.refuse_misfit()
        applied = set(where.applied)
        unfinished = [row for row in where.unfinished if row.revision in where.graph]
        if self.direction == "downgrade":
            applied |= {row.revision for row in unfinished if row.direction == "downgrade"}
        for row in unfinished:
            if row.direction != self.direction:
                where.refuse_unfinished()
        if self.direction == "downgrade" and applied and applied.isdisjoint(where.graph):
            # No step leads down from them, and that is not because there are none.
            where.refuse_unknown()
        todo = self._found(where.graph, applied)
        for row in unfinished:
            if row.revision not in todo:
                where.refuse_unfinished()
            todo.remove(row.revision)
            todo.insert(0, row.revision)
        if todo or (self.direction == "upgrade" and not self.manner.allow_unknown):
            # On the way back, they may stand on what would be taken away below them.
            where.refuse_unknown()
        return todo

    def _found(self, graph: Graph, applied: Collection[str]) -> list[str]:
        """What leads there from what is applied."""
        if self.undone:
            return plan.without(graph, applied, self.undone)
        find = plan.upgrade if self.direction == "upgrade" else plan.downgrade
        return find(graph, applied, self.targets)

    @property
    def steps_back(self) -> bool:
        """Whether it is counted from where a database is how much is taken back."""
        wanted = map(identifiers.Identifier.parse, self.targets)
        counted = any(each.is_relative or each.symbol == "current" for each in wanted)
        return counted and self.direction == "downgrade"

    def refuse_apart(self, standings: Sequence[Standing]) -> None:
        """Raise `StandApart` if a step back would lead to different revisions.

        So a run that ended after the first of several databases can be typed again.
        """
        at = {where.database.label: where.begun_from for where in standings}
        if len({frozenset(revisions) for revisions in at.values()}) > 1:
            raise StandApart(", ".join(self.targets), at)

    def refuse_more(self, where: Standing, todo: Sequence[str], before: Sequence[str]) -> None:
        """Raise `TakesBackMore` if more is to be taken back than what was in sight ``before``."""
        bind, seen = where.database.bind, self.manner.seen
        allowed = before if seen is None else seen.get(bind.name, ())
        if self.direction == "downgrade" and (more := set(todo).difference(allowed)):
            raise TakesBackMore(bind.label, where.graph.sorted(more))


def upgrades(revisions: Sequence[str], manner: Manner | None = None) -> Planner:
    """An upgrade to these revisions, ``head`` if none is named."""
    return Planner(tuple(revisions) or ("head",), "upgrade", manner or Manner())


def downgrades(
    revision: str, manner: Manner | None = None, undone: Collection[str] = ()
) -> Planner:
    """A downgrade to this revision, or one after which those named in ``undone`` are gone."""
    targets = () if undone else (revision,)
    return Planner(targets, "downgrade", manner or Manner(), tuple(undone))
