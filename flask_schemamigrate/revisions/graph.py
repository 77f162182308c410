"""The revisions of a project and how they stand on each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

from ..errors.revisions import (
    AmbiguousDependency,
    Cycle,
    DuplicateLabel,
    DuplicateRevision,
    InvalidId,
    LabelIsRevision,
    SelfParent,
    UnknownDependency,
    UnknownParent,
)
from .near import near
from .revision import Revision

Edges = Mapping[str, Sequence[str]]

# These four separate the parts of an identifier, as in "label@ab12+1" and "ab12:cd34".
SEPARATORS = "@-+:"
LONGEST = 255
"""The characters that the history has room for."""


class Graph(Mapping[str, Revision]):
    """Revisions by id, checked to be one acyclic graph and iterated in ``order``.

    There are two kinds of edges. ``parents`` (from ``down_revision``) and their reverse,
    ``children``, say how a branch grew. ``upstream`` adds the dependencies to the parents, and
    ``downstream`` is its reverse: what has to run before a revision, and be undone before it.

    ``foreign`` are the ids that installed packages brought; the others are the project's own.
    """

    def __init__(self, revisions: Iterable[Revision] = (), foreign: Iterable[str] = ()) -> None:
        self._revisions = _by_id(revisions)
        self.foreign = frozenset(foreign)
        self.labelled: Mapping[str, str] = _labelled(self._revisions)
        self.parents: Edges = _parents(self._revisions)
        self.dependencies: Edges = self._dependencies()
        self.upstream: Edges = _joined(self.parents, self.dependencies)
        self.children: Edges = _reverse(self.parents)
        self.downstream: Edges = _reverse(self.upstream) if self.dependencies else self.children
        self.order: tuple[str, ...] = self._order()

    def __getitem__(self, id: str) -> Revision:
        return self._revisions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.order)

    def __len__(self) -> int:
        return len(self._revisions)

    def __contains__(self, id: object) -> bool:
        return id in self._revisions

    def __repr__(self) -> str:
        return f"<Graph of {len(self)} revisions, heads {', '.join(self.heads) or 'none'}>"

    def without(self, id: str) -> Graph:
        """The same graph without a revision that nothing stands on."""
        rest = (revision for revision in self.values() if revision.id != id)
        return Graph(rest, self.foreign - {id})

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The revisions that are nobody's parent."""
        return tuple(id for id in self.order if not self.children[id])

    @cached_property
    def own_heads(self) -> tuple[str, ...]:
        """The heads that are the project's own: what it keeps to one by merging."""
        return tuple(id for id in self.heads if id not in self.foreign)

    @cached_property
    def foreign_heads(self) -> tuple[str, ...]:
        """The heads that installed packages brought."""
        return tuple(id for id in self.heads if id in self.foreign)

    @cached_property
    def real_heads(self) -> tuple[str, ...]:
        """The heads that no other revision depends on either: together they imply all revisions."""
        return tuple(id for id in self.order if not self.downstream[id])

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The revisions without a parent."""
        return tuple(id for id in self.order if not self.parents[id])

    @cached_property
    def branch_points(self) -> tuple[str, ...]:
        """The revisions with several children."""
        return tuple(id for id in self.order if len(self.children[id]) > 1)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where each id stands in ``order``."""
        return {id: index for index, id in enumerate(self.order)}

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The labels whose branch covers a revision, by its id; most have none."""
        covered: dict[str, list[str]] = {}
        for label in sorted(self.labelled):
            for id in self.branch(label):
                covered.setdefault(id, []).append(label)
        return {id: tuple(labels) for id, labels in covered.items()}

    def ancestors(self, ids: Iterable[str]) -> set[str]:
        """The given revisions and all that has to run before them."""
        return reach(ids, self.upstream)

    def descendants(self, ids: Iterable[str]) -> set[str]:
        """The given revisions and all that has to be undone before them."""
        return reach(ids, self.downstream)

    def lineage(self, id: str) -> set[str]:
        """What grew into this revision and what grew out of it, dependencies left aside."""
        return reach([id], self.parents) | reach([id], self.children)

    def stretch(self, id: str) -> set[str]:
        """The revision and the line below it, down to where another branch leaves or joins."""
        found = {id}
        while len(self.parents[id]) == 1:
            id = self.parents[id][0]
            if len(self.children[id]) > 1 or len(self.parents[id]) > 1:
                break
            found.add(id)
        return found

    def branch(self, label: str) -> set[str]:
        """The revisions a label covers: its own stretch and everything that grew out of it."""
        id = self.labelled[label]
        return reach([id], self.children) | self.stretch(id)

    def tops(self, ids: Collection[str]) -> tuple[str, ...]:
        """Those of ``ids`` on which none of the others stands, in order."""
        known = {id for id in ids if id in self._revisions}
        tops = (id for id in known if known.isdisjoint(self.downstream[id]))
        return self.sorted(tops)

    def sorted(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The given ids, each before those that stand on it."""
        return tuple(sorted(ids, key=self.position.__getitem__))

    def starting_with(self, prefix: str) -> list[str]:
        """All ids that begin with ``prefix``, in alphabetical order."""
        found = []
        for index in range(bisect_left(self._alphabet, prefix), len(self._alphabet)):
            if not self._alphabet[index].startswith(prefix):
                break
            found.append(self._alphabet[index])
        return found

    @cached_property
    def _alphabet(self) -> list[str]:
        return sorted(self._revisions)

    def _dependencies(self) -> Edges:
        return {
            revision.id: tuple(
                dict.fromkeys(self._depended_on(revision, name) for name in revision.depends_on)
            )
            for revision in self._revisions.values()
            if revision.depends_on
        }

    def _depended_on(self, revision: Revision, name: str) -> str:
        found = name if name in self._revisions else self.labelled.get(name)
        if found is None:
            candidates = self.starting_with(name)
            if len(candidates) > 1:
                raise AmbiguousDependency(name, revision.id, revision.path, candidates)
            if not candidates:
                suggestions = near(name, [*self._alphabet, *self.labelled])
                raise UnknownDependency(name, revision.id, revision.path, suggestions)
            found = candidates[0]
        if found == revision.id:
            raise SelfParent(revision.id, revision.path, "depends_on")
        return found

    def _order(self) -> tuple[str, ...]:
        """Kahn's order; of the revisions that could come next, the one created first does."""
        ids = sorted(self._revisions, key=lambda id: (self._revisions[id].created or "", id))
        rank = {id: index for index, id in enumerate(ids)}
        waiting = {id: len(above) for id, above in self.upstream.items()}
        ready = [rank[id] for id, count in waiting.items() if not count]
        heapify(ready)
        order = []
        while ready:
            id = ids[heappop(ready)]
            order.append(id)
            for next in self.downstream[id]:
                waiting[next] -= 1
                if not waiting[next]:
                    heappush(ready, rank[next])
        if len(order) < len(ids):
            cycle = _cycle(self.upstream, {id for id, count in waiting.items() if count})
            raise Cycle({id: self._revisions[id].path for id in cycle})
        return tuple(order)


def reach(start: Iterable[str], edges: Edges) -> set[str]:
    """Everything that can be walked to along the edges, the start included."""
    found = set(start)
    todo = list(found)
    while todo:
        for next in edges[todo.pop()]:
            if next not in found:
                found.add(next)
                todo.append(next)
    return found


def _by_id(revisions: Iterable[Revision]) -> dict[str, Revision]:
    found: dict[str, Revision] = {}
    for revision in revisions:
        id = revision.id
        if id in found:
            raise DuplicateRevision(id, sorted([found[id].path, revision.path]))
        if not 0 < len(id) <= LONGEST or (not id.isalnum() and any(map(id.count, SEPARATORS))):
            raise InvalidId(id, revision.path)
        found[id] = revision
    return found


def _labelled(revisions: Mapping[str, Revision]) -> dict[str, str]:
    found: dict[str, str] = {}
    for revision in revisions.values():
        for label in revision.labels:
            if label in revisions:
                raise LabelIsRevision(label, revision.path, revisions[label].path)
            first = found.setdefault(label, revision.id)
            if first != revision.id:
                raise DuplicateLabel(label, sorted([revisions[first].path, revision.path]))
            if not label or any(character in label for character in SEPARATORS):
                raise InvalidId(label, revision.path, "label")
    return found


def _parents(revisions: Mapping[str, Revision]) -> Edges:
    for revision in revisions.values():
        for parent in revision.parents:
            if parent not in revisions:
                raise UnknownParent(parent, revision.id, revision.path, near(parent, revisions))
            if parent == revision.id:
                raise SelfParent(revision.id, revision.path, "down_revision")
    return {id: revision.parents for id, revision in revisions.items()}


def _joined(parents: Edges, dependencies: Edges) -> Edges:
    if not dependencies:
        return parents
    joined = dict(parents)
    for id, names in dependencies.items():
        joined[id] = tuple(dict.fromkeys((*parents[id], *names)))
    return joined


def _reverse(edges: Edges) -> Edges:
    reverse: dict[str, list[str]] = {id: [] for id in edges}
    for id, above in edges.items():
        for next in above:
            reverse[next].append(id)
    for below in reverse.values():
        if len(below) > 1:
            below.sort()
    return reverse


def _cycle(edges: Edges, stuck: Collection[str]) -> list[str]:
    """One cycle among revisions of which each waits for another of them."""
    id = min(stuck)
    path: dict[str, None] = {}
    while id not in path:
        path[id] = None
        id = min(next for next in edges[id] if next in stuck)
    ids = list(path)
    return ids[ids.index(id) :]
