"""Which revisions to run, or to undo, and in which order; all of it is arithmetic on sets.

``applied`` may hold ids that no file has. They take no part in a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..errors.revisions import AmbiguousWalk, NotApplied, WalkTooFar, WrongDirection
from .graph import Graph, reach
from .identifiers import Identifier, lineage, named, resolve

Targets = str | Iterable[str]


def upgrade(graph: Graph, applied: Collection[str], target: Targets) -> list[str]:
    """The revisions to run so that the targets and all they stand on are applied."""
    done = set(applied)
    wanted: set[str] = set()
    for text in _texts(target):
        identifier = Identifier.parse(text)
        if identifier.is_relative and identifier.steps < 0:
            raise WrongDirection(identifier.text, "upgrade")
        wanted.update(resolve(text, graph, done))
    # Mostly there is nothing to do, and no need to walk all the way down to know it.
    if done.issuperset(graph):
        return []
    return list(graph.sorted(graph.ancestors(wanted) - done))


def downgrade(graph: Graph, applied: Collection[str], target: Targets) -> list[str]:
    """The revisions to undo, the last first, so that the database is back at the targets.

    Whatever stands on an undone revision, as its child or by depending on it, is undone before it;
    other branches, and what an undone revision depended on, stay.
    """
    known = {id for id in applied if id in graph}
    undone: set[str] = set()
    for text in _texts(target):
        undone |= _undone(Identifier.parse(text), graph, known)
    return list(reversed(graph.sorted(undone)))


def without(graph: Graph, applied: Collection[str], ids: Iterable[str]) -> list[str]:
    """The applied revisions to undo, the last first, so that these are not applied any more."""
    return list(reversed(graph.sorted(graph.descendants(ids).intersection(applied))))


def stamp(
    graph: Graph, applied: Collection[str], target: Targets, *, purge: bool = False
) -> tuple[str, ...]:
    """What counts as applied once the database is declared to be at the targets.

    Every applied branch that a target lies on gives way to it, with what only that branch stood
    on; branches that have nothing to do with the targets stay, unless ``purge`` is set.
    """
    known = {id for id in applied if id in graph}
    named_now: set[str] = set()
    replaced: set[str] = set()
    for text in _texts(target):
        wanted = Identifier.parse(text)
        if wanted.is_relative and wanted.steps < 0:
            known -= _undone(wanted, graph, known)
            if purge:
                named_now.update(graph.tops(known))
            continue
        found = resolve(text, graph, known)
        named_now.update(found)
        if found:
            replaced |= graph.ancestors(found) | graph.descendants(found)
        elif wanted.branch is None:
            replaced.update(known)
        else:
            start = [named(wanted.branch, graph)]
            replaced |= graph.ancestors(start) | graph.descendants(start)
    kept = [top for top in graph.tops(known) if not (purge or top in replaced)]
    return graph.sorted((graph.ancestors(kept) & known) | graph.ancestors(named_now))


def out_of_order(graph: Graph, applied: Collection[str], plan: Iterable[str]) -> tuple[str, ...]:
    """The planned revisions that come before an applied one they share a history with.

    ``graph.order`` decides what comes before: that is creation time, as far as the edges allow.
    Two revisions share a history if they are joined, that is, if something stands on both of
    them. So a late merge of an older branch is out of order, and so is a parent that was
    skipped; a branch of its own that nothing joins is not.
    """
    # The last applied revision among the ancestors of each; then the latest that any joint
    # descendant knows of. Two passes, so that this stays linear.
    latest: dict[str, int] = {}
    for position, id in enumerate(graph.order):
        own = position if id in applied else -1
        latest[id] = max(own, max((latest[above] for above in graph.upstream[id]), default=-1))
    for id in reversed(graph.order):
        for below in graph.downstream[id]:
            latest[id] = max(latest[id], latest[below])
    return tuple(id for id in plan if latest[id] > graph.position[id])


def _texts(target: Targets) -> list[str]:
    return [target] if isinstance(target, str) else list(target)


def _undone(wanted: Identifier, graph: Graph, known: set[str]) -> set[str]:
    """The applied revisions that have to go so that ``wanted`` is where the database is."""
    if wanted.is_relative:
        if wanted.steps > 0:
            raise WrongDirection(wanted.text, "downgrade")
        return _last(wanted, graph, known)
    if wanted.symbol == "base" and not wanted.steps:
        return set(known) if wanted.branch is None else _branch(wanted.branch, graph, known)
    try:
        found = resolve(wanted.text, graph, known)
    except AmbiguousWalk:
        if wanted.steps > 0:
            raise
        return _below_a_merge(wanted, graph, known)
    if not found:
        return _branch(wanted.branch, graph, known) if wanted.branch else set(known)
    for id in found:
        if id not in known:
            raise NotApplied(id, graph.tops(known))
    within = lineage(wanted, graph)
    children = {child for id in found for child in graph.children[id]}
    if within is not None:
        children &= within
    return (graph.descendants(children) & known) - graph.ancestors(found)


def _last(wanted: Identifier, graph: Graph, known: set[str]) -> set[str]:
    """The last N applied revisions, on the branch if one is named, and what stands on them."""
    tops = resolve(f"{wanted.branch}@current" if wanted.branch else "current", graph, known)
    if not wanted.steps:
        return set()
    if len(tops) > 1:
        raise AmbiguousWalk(wanted.text, tops)
    return _cut(wanted, graph, tops, known)


def _below_a_merge(wanted: Identifier, graph: Graph, known: set[str]) -> set[str]:
    """The last N revisions up to a named one, where no single revision is N steps below it."""
    start = named(wanted.symbol or "", graph)
    if start not in known:
        raise NotApplied(start, graph.tops(known))
    return _cut(wanted, graph, [start], known)


def _cut(wanted: Identifier, graph: Graph, ends: Iterable[str], known: set[str]) -> set[str]:
    """The last N applied revisions of the line up to these, with all that stands on them."""
    line, within = reach(ends, graph.parents) & known, lineage(wanted, graph)
    if within is not None:
        line &= within
    steps = abs(wanted.steps)
    if steps > len(line):
        raise WalkTooFar(wanted.text, len(line))
    return graph.descendants(graph.sorted(line)[-steps:]) & known


def _branch(branch: str, graph: Graph, known: set[str]) -> set[str]:
    """A whole branch, with what stands on it and the trunk below it.

    The trunk stays as far as another applied branch stands on it.
    """
    start = named(branch, graph)
    own = graph.descendants(graph.stretch(start)) & known
    trunk = (reach([start], graph.parents) & known) - own
    others = known - own - trunk
    return own | (trunk - graph.ancestors(others))
