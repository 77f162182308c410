"""Writing revision files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..environment import Environment
from ..errors import RevisionError
from ..errors.files import NotAHead, NothingToMerge, RevisionExists
from ..revisions import Graph, headfile, identifiers, source


@dataclass(frozen=True)
class Content:
    """What a revision does: for each bind the code up and down, its imports, and it in words."""

    bodies: Mapping[str | None, tuple[str, str]]
    imports: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where in the graph, and in the folders, a new revision goes.

    ``head`` is what it stands on; ``splice`` lets that be a revision others stand on already.
    """

    head: str = "head"
    splice: bool = False
    branch_label: str | None = None
    version_path: str | None = None
    rev_id: str | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A revision file that was written; ``lines`` say what it does."""

    revision: str
    parents: tuple[str, ...]
    message: str
    path: Path
    lines: tuple[str, ...] = ()


def revision(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    content: Content | None = None,
) -> Written:
    """Write a revision, empty unless ``content`` is given. Raises `RevisionError`."""
    place = place or Place()
    graph = environment.graph()
    new = _new(environment, graph, message, place, _parents(graph, place), content)
    return _write(environment, graph, new, place, content)


def draft(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    content: Content | None = None,
) -> str:
    """What a revision's file would say, without writing it."""
    place = place or Place()
    graph = environment.graph()
    new = _new(environment, graph, message, place, _parents(graph, place), content)
    return source.text(new, _template(environment))


def merge(
    environment: Environment,
    *revisions: str,
    message: str = "",
    place: Place | None = None,
) -> Written:
    """Write a revision that stands on several: on all heads if none are named."""
    place = place or Place()
    graph = environment.graph()
    named = [id for text in revisions or ("heads",) for id in identifiers.resolve(text, graph)]
    parents = tuple(dict.fromkeys(named))
    if len(graph.tops(set(parents))) < 2:
        raise NothingToMerge(parents)
    if not place.splice:
        _refuse_inner(graph, parents)
    said = message or f"merge {' and '.join(parents)}"
    new = _new(environment, graph, said, place, parents, None)
    return _write(environment, graph, new, place, None)


def editable(environment: Environment, revision: str = "head") -> Path:
    """The file of a revision, to be opened in an editor."""
    graph = environment.graph()
    if revision == "current":
        from .looking import show

        return Path(show(environment, revision)[-1].path)
    found = identifiers.single(revision, graph)
    if found is None:
        raise RevisionError(
            f"'{revision}' names no revision to edit.", hint="List them with 'flask db history'."
        )
    return graph[found].path


def _parents(graph: Graph, place: Place) -> tuple[str, ...]:
    """What a new revision stands on."""
    if "," in place.head:
        texts = [text.strip() for text in place.head.split(",")]
        parents = tuple(id for text in texts for id in identifiers.resolve(text, graph))
    elif place.head == "heads":
        parents = graph.heads
    elif place.head == "head" and not graph:
        parents = ()
    else:
        found = identifiers.single(place.head, graph)
        parents = () if found is None else (found,)
    if not place.splice:
        _refuse_inner(graph, parents)
    return parents


def _refuse_inner(graph: Graph, parents: Sequence[str]) -> None:
    """Raise `NotAHead` if a parent has children already."""
    for parent in parents:
        if graph.children[parent]:
            raise NotAHead(parent, graph.children[parent])


def _new(
    environment: Environment,
    graph: Graph,
    message: str,
    place: Place,
    parents: tuple[str, ...],
    content: Content | None,
) -> source.NewRevision:
    """All that the new file will say. Raises `InvalidId` and `RevisionExists`."""
    id = place.rev_id or source.new_id(graph)
    source.check_id(id)
    if id in graph:
        raise RevisionExists(id, graph[id].path)
    content = content or Content({})
    return source.NewRevision(
        id=id,
        parents=parents,
        created=source.now(environment.config.timezone),
        message=message,
        depends_on=place.depends_on,
        labels=(place.branch_label,) if place.branch_label else (),
        bodies=content.bodies,
        imports=content.imports,
    )


def _write(
    environment: Environment,
    graph: Graph,
    new: source.NewRevision,
    place: Place,
    content: Content | None,
) -> Written:
    name = source.file_name(new, environment.config.file_template)
    path = _folder(environment, graph, place, new.parents) / name
    source.write(new, path, _template(environment))
    _check_written(environment, path)
    if environment.config.head_file:
        headfile.write(environment.directory, environment.graph())
    lines = () if content is None else content.lines
    return Written(new.id, new.parents, new.message, path, lines)


def _template(environment: Environment) -> Path:
    own = environment.config.template
    return source.DEFAULT_TEMPLATE if own is None else environment.root / own


def _folder(environment: Environment, graph: Graph, place: Place, parents: Sequence[str]) -> Path:
    """The folder of a new file: the one asked for, else its parent's, else the first."""
    if place.version_path is not None:
        wanted = (environment.root / place.version_path).resolve()
        for location in environment.locations:
            if wanted == location.resolve():
                return location
        raise RevisionError(
            f"'{place.version_path}' is not one of the folders that revisions are read from.",
            hint=f"They are: {', '.join(map(str, environment.locations))}; "
            "SCHEMAMIGRATE_VERSION_LOCATIONS lists them.",
        )
    for parent in parents:
        for location in environment.locations:
            if graph[parent].path.is_relative_to(location):
                return location
    return environment.locations[0]


def _check_written(environment: Environment, path: Path) -> None:
    """Import what was written and read it back into the graph; take it away if that fails."""
    from ..revisions.module import run

    try:
        run(path)
        environment.graph()
    except RevisionError:
        path.unlink()
        raise
