"""The ways to name a revision: ``ab12``, ``head``, ``-1``, ``label@head``, ``ab12+1``, ``a:b``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..errors.revisions import (
    AmbiguousRevision,
    AmbiguousWalk,
    InvalidIdentifier,
    MultipleHeads,
    NotARange,
    NotOnBranch,
    RangeNotAllowed,
    RangeReversed,
    UnknownRevision,
    WalkTooFar,
)
from .graph import Graph
from .near import near

WORDS = frozenset({"head", "heads", "base", "current"})

_FORM = re.compile(
    r"(?:(?P<branch>[^@:+-]+)@)?(?P<symbol>[^@:+-]+)?(?P<steps>[+-][0-9]+)?", re.ASCII
)


@dataclass(frozen=True)
class Identifier:
    """The parts of ``branch@symbol+steps``, any of which may be missing but not all."""

    text: str
    branch: str | None
    symbol: str | None
    steps: int

    @classmethod
    def parse(cls, text: str) -> Identifier:
        """Take an identifier apart; raises ``InvalidIdentifier`` or ``RangeNotAllowed``."""
        if ":" in text:
            raise RangeNotAllowed(text)
        match = _FORM.fullmatch(text.strip())
        if match is None or not (match["symbol"] or match["steps"]):
            raise InvalidIdentifier(text)
        return cls(match[0], match["branch"], match["symbol"], int(match["steps"] or 0))

    @property
    def is_relative(self) -> bool:
        """Whether the steps are counted from what is applied."""
        return self.symbol is None


def resolve(text: str, graph: Graph, applied: Collection[str] = ()) -> tuple[str, ...]:
    """The revisions an identifier names, in order; ``base`` names none.

    ``applied`` is what ``current`` and steps without a start are counted from. A step is refused
    where several revisions could be meant.
    """
    wanted = Identifier.parse(text)
    within = lineage(wanted, graph)
    if wanted.is_relative and wanted.steps > 0:
        return _advanced(wanted, graph, set(applied), within)
    starts = _starts(wanted, graph, applied, within)
    if not wanted.steps:
        return starts
    if len(starts) > 1:
        raise AmbiguousWalk(wanted.text, starts)
    return _walked(wanted, graph, starts, within)


def check(text: str, graph: Graph) -> None:
    """Raise what is wrong with an identifier or a range as far as the files alone can tell.

    So a misspelt name is refused before a database is asked, and not after.
    """
    for end in text.split(":", 1) if ":" in text else [text]:
        if not end.strip() and ":" in text:
            continue
        wanted = Identifier.parse(end)
        within = lineage(wanted, graph)
        if not (wanted.is_relative or wanted.symbol == "current"):
            _starts(wanted, graph, (), within)


def single(text: str, graph: Graph) -> str | None:
    """The one revision an identifier names, None for the base; raises ``MultipleHeads``.

    ``head`` is the project's own head where it has any, whatever packages bring.
    """
    found = resolve(text, graph)
    if text.strip() == "head" and graph.own_heads:
        found = graph.own_heads
    if len(found) > 1:
        raise MultipleHeads(found, text)
    return found[0] if found else None


def span(
    text: str, graph: Graph, applied: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where a range ``A:B`` begins and ends; ``A:`` ends at the heads, ``:B`` begins at base."""
    start, colon, end = text.partition(":")
    if not colon or ":" in end:
        raise NotARange(text)
    lower = resolve(start, graph, applied) if start.strip() else ()
    upper = resolve(end, graph, applied) if end.strip() else graph.real_heads
    return lower, upper


def between(text: str, graph: Graph, applied: Collection[str] = ()) -> list[str]:
    """The revisions in a range, both ends included, in the order they run."""
    lower, upper = span(text, graph, applied)
    found = graph.ancestors(upper)
    if lower:
        if found.isdisjoint(lower):
            raise RangeReversed(text)
        found &= graph.descendants(lower)
    start = text.partition(":")[0]
    if "@" in start:
        found &= graph.lineage(named(start.partition("@")[0].strip(), graph))
    return list(graph.sorted(found))


def named(name: str, graph: Graph, within: Collection[str] | None = None) -> str:
    """The revision with this id, this label, or the only id that begins so."""
    if name in graph:
        return name
    if name in graph.labelled:
        return graph.labelled[name]
    candidates = graph.starting_with(name)
    if within is not None and len(candidates) > 1:
        candidates = [id for id in candidates if id in within] or candidates
    if len(candidates) > 1:
        raise AmbiguousRevision(name, candidates)
    if not candidates:
        raise UnknownRevision(name, near(name, [*graph, *graph.labelled, *WORDS]))
    return candidates[0]


def lineage(wanted: Identifier, graph: Graph) -> set[str] | None:
    """The revisions of the branch that an identifier is limited to; None if it names none."""
    return None if wanted.branch is None else graph.lineage(named(wanted.branch, graph))


def _starts(
    wanted: Identifier, graph: Graph, applied: Collection[str], within: set[str] | None
) -> tuple[str, ...]:
    """What the symbol of an identifier stands for, before any steps are taken."""
    match wanted.symbol:
        case "base":
            return ()
        case "heads":
            # A branch ends at its own head, even one that another branch depends on.
            return graph.real_heads if within is None else _inside(graph.heads, within)
        case "head":
            return _head(wanted, graph, within)
        case "current" | None:
            return _current(graph, {id for id in applied if id in graph}, within)
        case name:
            id = named(name, graph, within)
            if within is not None and id not in within:
                raise NotOnBranch(id, wanted.branch or "")
            return (id,)


def _head(wanted: Identifier, graph: Graph, within: set[str] | None) -> tuple[str, ...]:
    """The one head of a branch, or of the project; those of installed packages come along."""
    heads = graph.own_heads if within is None else _inside(graph.heads, within)
    if len(heads) > 1:
        raise MultipleHeads(heads, wanted.text)
    if within is not None or wanted.steps:
        return heads
    return graph.sorted((*heads, *graph.foreign_heads))


def _inside(ids: Iterable[str], within: set[str] | None) -> tuple[str, ...]:
    return tuple(id for id in ids if within is None or id in within)


def _walked(
    wanted: Identifier, graph: Graph, starts: tuple[str, ...], within: set[str] | None
) -> tuple[str, ...]:
    """Where the steps lead from one revision, or from the base; ``()`` is the base again."""
    edges = graph.children if wanted.steps > 0 else graph.parents
    at = starts[0] if starts else None
    for taken in range(abs(wanted.steps)):
        if at is not None:
            choices = _inside(edges[at], within)
        else:
            choices = _inside(graph.bases, within) if wanted.steps > 0 else ()
            if not choices:
                raise WalkTooFar(wanted.text, taken)
        if len(choices) > 1:
            raise AmbiguousWalk(wanted.text, choices)
        if not choices and wanted.steps > 0:
            raise WalkTooFar(wanted.text, taken)
        at = choices[0] if choices else None
    return () if at is None else (at,)


def _advanced(
    wanted: Identifier, graph: Graph, applied: set[str], within: set[str] | None
) -> tuple[str, ...]:
    """The revisions that the next N steps of an upgrade end at.

    A step goes from where the database is to the one revision that follows; what else that one
    stands on comes along uncounted. Where nothing follows, a step begins another branch.
    """
    done = {id for id in applied if id in graph}
    here = set(_current(graph, done, within))
    ends: list[str] = []
    for taken in range(wanted.steps):
        choices = _onward(graph, done, here, within)
        if len(choices) > 1:
            raise AmbiguousWalk(wanted.text, graph.sorted(choices))
        if not choices:
            raise WalkTooFar(wanted.text, taken)
        ends += choices
        here |= choices
        todo = [*choices]
        while todo:
            id = todo.pop()
            done.add(id)
            here.difference_update(graph.upstream[id])
            todo += (above for above in graph.upstream[id] if above not in done)
    return graph.tops(ends)


def _onward(graph: Graph, done: set[str], here: set[str], within: set[str] | None) -> set[str]:
    """What may come next: a child of where we are, else of anything applied, else a base."""
    for starts in (here, done if within is None else done & within):
        choices = {
            child
            for id in starts
            for child in graph.children[id]
            if child not in done and (within is None or child in within)
        }
        if choices:
            return choices
    return {id for id in _inside(graph.bases, within) if id not in done}


def _current(graph: Graph, known: set[str], within: set[str] | None) -> tuple[str, ...]:
    """Where the database is, on all branches or on one."""
    if within is None:
        return graph.tops(known)
    here = known & within
    return graph.sorted(id for id in here if here.isdisjoint(graph.children[id]))
