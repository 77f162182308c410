"""Looking at revisions and databases; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from ..environment import Environment
from ..revisions import Graph, drawing, identifiers
from ..runner import Applied
from .databases import Standing, databases, standing


@dataclass(frozen=True)
class Entry:
    """A revision as a list shows it; ``line`` and ``card`` are for people."""

    revision: str
    parents: tuple[str, ...]
    message: str
    labels: tuple[str, ...]
    is_head: bool
    is_current: bool
    path: str
    short: str = field(repr=False)
    line: str = field(repr=False)
    card: str = field(repr=False)


@dataclass(frozen=True)
class Current:
    """Where one database stands."""

    bind: str | None
    label: str
    url: str
    revisions: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    unfinished: tuple[Applied, ...]
    lines: tuple[str, ...] = field(repr=False)
    cards: tuple[str, ...] = field(repr=False)

    @property
    def is_at_heads(self) -> bool:
        """Whether nothing is pending."""
        return not self.pending


@dataclass(frozen=True)
class Status:
    """One database and how it stands to the revision files."""

    bind: str | None
    label: str
    url: str
    head: tuple[str, ...]
    current: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    unfinished: tuple[Applied, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the database is where the files are: nothing pending, nothing odd."""
        return not (self.pending or self.unknown or self.unfinished)


def current(
    environment: Environment, *, binds: Sequence[str] = ()
) -> Generator[Current, None, None]:
    """Where each database stands."""
    graph = environment.graph()
    for where in _standings(environment, graph, binds):
        known = [id for id in where.current if id in graph]
        bind = where.database.bind
        yield Current(
            bind.name,
            bind.label,
            bind.url,
            where.current,
            where.pending,
            where.unknown,
            where.unfinished,
            lines=tuple(drawing.short(graph, id) for id in known),
            cards=tuple(drawing.card(graph, id) for id in known),
        )


def status(environment: Environment, *, binds: Sequence[str] = ()) -> Generator[Status, None, None]:
    """How each database stands to the revision files."""
    graph = environment.graph()
    for where in _standings(environment, graph, binds):
        bind = where.database.bind
        yield Status(
            bind.name,
            bind.label,
            bind.url,
            graph.heads,
            where.current,
            where.pending,
            where.unknown,
            where.unfinished,
        )


def history(
    environment: Environment, *, rev_range: str | None = None, indicate_current: bool = False
) -> list[Entry]:
    """The revisions, newest first; ``rev_range`` is ``A:B``, and may speak of ``current``."""
    graph = environment.graph()
    needs_current = indicate_current or "current" in (rev_range or "") or _is_relative(rev_range)
    applied = _applied(environment, graph) if needs_current else set()
    ids = list(graph.order) if rev_range is None else identifiers.between(rev_range, graph, applied)
    tops = set(graph.tops(applied)) if indicate_current else None
    return [_entry(graph, id, tops) for id in reversed(ids)]


def heads(environment: Environment, *, resolve_dependencies: bool = False) -> list[Entry]:
    """The newest revision of each branch; only those nobody depends on, if asked for."""
    graph = environment.graph()
    found = graph.real_heads if resolve_dependencies else graph.heads
    return [_entry(graph, id) for id in found]


def branches(environment: Environment, *, verbose: bool = False) -> str:
    """Where the revisions branch, and into what."""
    graph = environment.graph()
    if verbose:
        return "\n\n".join(drawing.card(graph, id) for id in reversed(graph.branch_points))
    return drawing.branches(graph)


def show(environment: Environment, revision: str = "head") -> list[Entry]:
    """One revision, or all that an identifier such as ``heads`` or ``current`` names."""
    graph = environment.graph()
    applied = _applied(environment, graph) if _is_relative(revision) else set()
    return [_entry(graph, id) for id in identifiers.resolve(revision, graph, applied)]


def _entry(graph: Graph, id: str, current: set[str] | None = None) -> Entry:
    revision = graph[id]
    return Entry(
        id,
        revision.parents,
        revision.message,
        revision.labels,
        is_head=id in graph.heads,
        is_current=current is not None and id in current,
        path=str(revision.path),
        short=drawing.short(graph, id, current),
        line=drawing.line(graph, id, current),
        card=drawing.card(graph, id),
    )


def _is_relative(identifier: str | None) -> bool:
    """Whether an identifier, or an end of a range, speaks of the database."""
    ends = (identifier or "").split(":")
    return any("current" in end or end.rpartition("@")[2][:1] in {"+", "-"} for end in ends if end)


def _applied(environment: Environment, graph: Graph) -> set[str]:
    """What is applied in any of the databases."""
    return {id for where in _standings(environment, graph) for id in where.applied if id in graph}


def _standings(environment: Environment, graph: Graph, binds: Sequence[str] = ()) -> list[Standing]:
    def read() -> list[Standing]:
        found = []
        for database in databases(environment, binds):
            with database.connect() as connection:
                found.append(standing(database, graph, connection))
        return found

    return environment.run(read)
