"""Looking at revisions and databases; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..environment import Environment
from ..errors import DatabaseError, NotARange, SetupError
from ..revisions import Graph, drawing, identifiers, plan

# What asks a database is imported when one is asked: reading files takes a tenth of the time.
if TYPE_CHECKING:
    from .databases import Standing
    from .stops import Stop

FORMATS = {"text": drawing.text, "mermaid": drawing.mermaid, "dot": drawing.dot}


@dataclass(frozen=True)
class Entry:
    """A revision as a list shows it; ``short``, ``line`` and ``card`` are for people.

    ``is_current`` is None where no database was asked; ``current_in`` are the binds whose database
    is at it, if there are several.
    """

    revision: str
    parents: tuple[str, ...]
    depends_on: tuple[str, ...]
    message: str
    labels: tuple[str, ...]
    is_head: bool
    is_foreign: bool
    is_current: bool | None
    current_in: tuple[str, ...]
    path: str
    _graph: Graph = field(repr=False, compare=False)
    _current: drawing.Current | None = field(default=None, repr=False, compare=False)

    @property
    def short(self) -> str:
        """The id and what is special about it."""
        return drawing.short(self._graph, self.revision, self._current)

    @property
    def line(self) -> str:
        """The revision as ``a -> b (head), message``."""
        return drawing.line(self._graph, self.revision, self._current)

    @property
    def card(self) -> str:
        """All about the revision, in several lines."""
        return drawing.card(self._graph, self.revision, self._current)


@dataclass(frozen=True)
class Branch:
    """A revision with several children; ``short`` and ``card`` are for people."""

    revision: str
    children: tuple[str, ...]
    _graph: Graph = field(repr=False, compare=False)

    @property
    def short(self) -> str:
        """The revision and its children, a line each."""
        return drawing.branch(self._graph, self.revision)

    @property
    def card(self) -> str:
        """All about the revision, and its children."""
        return drawing.branch(self._graph, self.revision, verbose=True)


@dataclass(frozen=True)
class Current:
    """Where one database stands; ``lines`` and ``cards`` are for people."""

    bind: str | None
    label: str
    url: str
    revisions: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    unfinished: tuple[Stop, ...]
    _graph: Graph = field(repr=False, compare=False)

    @property
    def is_at_heads(self) -> bool:
        """Whether nothing is pending."""
        return not self.pending

    @property
    def lines(self) -> tuple[str, ...]:
        """Each revision that a file has, in a line."""
        return tuple(drawing.short(self._graph, id) for id in self.revisions if id in self._graph)

    @property
    def cards(self) -> tuple[str, ...]:
        """All about each revision that a file has."""
        return tuple(drawing.card(self._graph, id) for id in self.revisions if id in self._graph)


@dataclass(frozen=True)
class Status:
    """One database and how it stands to the revision files.

    ``shared_with`` are the further binds that lead to the same database. ``alembic`` is what
    Alembic's version table holds, if it tells otherwise than the history.
    """

    bind: str | None
    label: str
    url: str
    head: tuple[str, ...]
    current: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    unfinished: tuple[Stop, ...]
    edited: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    alembic: tuple[str, ...] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the database is where the files are: nothing pending, nothing odd."""
        odd = self.unknown or self.unfinished or self.alembic is not None
        return not (self.pending or odd)


@dataclass(frozen=True)
class Drawn:
    """A drawing of the graph. ``unmarked`` says why it does not show what is applied."""

    text: str
    unmarked: str | None = None


def current(
    environment: Environment, *, binds: Sequence[str] = ()
) -> Generator[Current, None, None]:
    """Where each database stands."""
    found = environment.graph()
    for where in _standings(environment, found, binds):
        bind = where.database.bind
        yield Current(
            bind=bind.name,
            label=bind.label,
            url=bind.url,
            revisions=where.current,
            pending=where.pending,
            unknown=where.unknown,
            unfinished=where.stops,
            _graph=found,
        )


def status(environment: Environment, *, binds: Sequence[str] = ()) -> Generator[Status, None, None]:
    """How each database stands to the revision files."""
    from .edited import edited

    found = environment.graph()
    for where in _standings(environment, found, binds):
        bind = where.database.bind
        yield Status(
            bind=bind.name,
            label=bind.label,
            url=bind.url,
            head=found.heads,
            current=where.current,
            pending=where.pending,
            unknown=where.unknown,
            unfinished=where.stops,
            edited=edited(where),
            out_of_order=plan.out_of_order(found, where.applied, where.pending),
            shared_with=where.database.further_labels,
            alembic=where.out_of_step,
        )


def history(
    environment: Environment,
    *,
    rev_range: str | None = None,
    indicate_current: bool = False,
    binds: Sequence[str] = (),
) -> list[Entry]:
    """The revisions, newest first; ``rev_range`` is ``A:B``, and may speak of ``current``."""
    found = environment.graph()
    if rev_range is not None:
        if ":" not in rev_range:
            raise NotARange(rev_range)
        identifiers.check(rev_range, found)
    asked = indicate_current or _is_relative(rev_range)
    standings = _standings(environment, found, binds) if asked else []
    ids: Sequence[str] = found.order
    if rev_range is not None:
        ids = identifiers.between(rev_range, found, _applied(standings, found))
    marks = _current(standings) if indicate_current else None
    return [_entry(found, id, marks) for id in reversed(ids)]


def heads(environment: Environment, *, resolve_dependencies: bool = False) -> list[Entry]:
    """The newest revision of each branch; only those nobody depends on, if asked for."""
    found = environment.graph()
    return [_entry(found, id) for id in (found.real_heads if resolve_dependencies else found.heads)]


def branches(environment: Environment) -> list[Branch]:
    """Where the revisions branch, and into what, the latest branch point first."""
    found = environment.graph()
    return [Branch(id, tuple(found.children[id]), found) for id in reversed(found.branch_points)]


def show(
    environment: Environment, revision: str = "head", *, binds: Sequence[str] = ()
) -> list[Entry]:
    """One revision, or all that an identifier such as ``heads`` or ``current`` names."""
    found = environment.graph()
    return [_entry(found, id) for id in named(environment, found, revision, binds=binds)]


def graph(
    environment: Environment,
    *,
    format: str = "text",
    binds: Sequence[str] = (),
    database: bool = True,
) -> Drawn:
    """The graph drawn as ``text``, ``mermaid`` or ``dot``, with what is applied marked.

    Of several databases, what is applied in all of them is. Where none can be asked, the drawing
    goes without marks and says why; without ``database`` none is asked.
    """
    found = environment.graph()
    draw = FORMATS[format]
    if not database:
        return Drawn(draw(found))
    try:
        standings = _standings(environment, found, binds)
    except (DatabaseError, SetupError) as error:
        return Drawn(draw(found), unmarked=error.message)
    applied = set.intersection(*(where.applied for where in standings)) if standings else None
    return Drawn(draw(found, applied))


def applied_anywhere(
    environment: Environment, graph: Graph, *, binds: Sequence[str] = ()
) -> set[str]:
    """The revisions that are applied, or begun, in any of the databases."""
    return {id for where in _standings(environment, graph, binds) for id in where.rows}


def named(
    environment: Environment, graph: Graph, text: str, *, binds: Sequence[str] = ()
) -> tuple[str, ...]:
    """The revisions an identifier names; a database is asked only if it speaks of one."""
    if text == "head":
        only = identifiers.single(text, graph)
        return () if only is None else (only,)
    identifiers.check(text, graph)
    asked = _standings(environment, graph, binds) if _is_relative(text) else []
    return identifiers.resolve(text, graph, _applied(asked, graph))


def _entry(graph: Graph, id: str, current: drawing.Current | None = None) -> Entry:
    revision = graph[id]
    return Entry(
        id,
        revision.parents,
        tuple(graph.dependencies.get(id, ())),
        revision.message,
        revision.labels,
        is_head=not graph.children[id],
        is_foreign=id in graph.foreign,
        is_current=None if current is None else id in current,
        current_in=tuple(current.get(id, ())) if current is not None else (),
        path=revision.file,
        _graph=graph,
        _current=current,
    )


def _is_relative(identifier: str | None) -> bool:
    """Whether an identifier, or an end of a range, speaks of the database."""
    for end in (identifier or "").split(":"):
        if end.strip():
            wanted = identifiers.Identifier.parse(end)
            if wanted.is_relative or wanted.symbol == "current":
                return True
    return False


def _applied(standings: Sequence[Standing], graph: Graph) -> set[str]:
    """What is applied in any of the databases."""
    return {id for where in standings for id in where.applied if id in graph}


def _current(standings: Sequence[Standing]) -> drawing.Current:
    """The revisions that databases are at, with their binds' names if there are several."""
    found: dict[str, list[str]] = {}
    for where in standings:
        for id in where.current:
            names = found.setdefault(id, [])
            if len(standings) > 1:
                names.append(where.database.label)
    return found


def _standings(environment: Environment, graph: Graph, binds: Sequence[str] = ()) -> list[Standing]:
    from .databases import standings

    return standings(environment, graph, binds)
