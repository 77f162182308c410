"""Writing revision files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..environment import Environment, folders
from ..errors import (
    FileExists,
    FoldersNotRead,
    InvalidIdentifier,
    LabelExists,
    MultipleHeads,
    NotAHead,
    NothingToEdit,
    NothingToMerge,
    RevisionError,
    RevisionExists,
    UnknownFolder,
)
from ..revisions import Graph, Revision, headfile, identifiers, source, touches
from ..revisions.cache import make_folder
from ..revisions.graph import reach
from .after_writing import run_hooks


@dataclass(frozen=True)
class Content:
    """What a revision does: for each bind the code up and down, its imports, and it in words.

    ``without_model`` are the tables that it drops.
    """

    bodies: Mapping[str | None, tuple[str, str]]
    imports: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    without_model: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where in the graph, and in the folders, a new revision goes.

    ``head`` is what it stands on, several with commas between them; ``splice`` lets these be
    revisions others stand on already. ``depends_on`` are ids, beginnings of ids, or labels.
    """

    head: str = "head"
    splice: bool = False
    branch_label: str | None = None
    version_path: str | None = None
    rev_id: str | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A revision file that was written; ``lines`` say what it does.

    ``without_model`` are the tables that it drops, because no model was seen for them.
    """

    revision: str
    parents: tuple[str, ...]
    message: str
    path: Path
    lines: tuple[str, ...] = ()
    without_model: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amended(Written):
    """A revision that was written anew; ``was`` is where it was, ``kept`` what it was."""

    was: Path = Path()
    kept: Path = Path()


@dataclass(frozen=True)
class Merged(Written):
    """A merge that was written, and the tables that several of its branches touch.

    ``shared`` names for each such table the revisions that touch it, in their order.
    """

    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
    return source.text(new, revision_template(environment))


def rewrite(
    environment: Environment,
    old: Revision,
    message: str,
    *,
    place: Place,
    content: Content,
) -> Amended:
    """Write a revision anew that nobody applied. It keeps what ``place`` does not give.

    The file as it was is kept in the folder's cache, because somebody may have worked on it.
    """
    new = _anew(environment, old, message, place, content)
    path = old.path
    if (new.id, message) != (old.id, old.message):
        path = path.parent
        if "/" in environment.config.file_template:
            path = _folder(environment, environment.graph(), place, new.parents)
        path /= _file_name(environment, new)
    if path != old.path and path.exists():
        raise FileExists(path)
    written = source.text(new, revision_template(environment))
    kept = _kept(environment, old.path)
    try:
        old.path.unlink()
        source.put(written, path)
        graph = _read_back(environment, path)
    except BaseException:
        path.unlink(missing_ok=True)
        old.path.write_bytes(kept.read_bytes())
        raise
    update_head(environment, graph)
    run_hooks(environment.config.post_write_hooks, path, root=environment.root)
    said = _written(new, path, content)
    return Amended(**vars(said), was=old.path, kept=kept)


def redraft(
    environment: Environment, old: Revision, message: str, *, place: Place, content: Content
) -> str:
    """What `rewrite` would write."""
    return source.text(
        _anew(environment, old, message, place, content), revision_template(environment)
    )


def _anew(
    environment: Environment, old: Revision, message: str, place: Place, content: Content
) -> source.NewRevision:
    """A revision that does something else in the same place."""
    graph = environment.graph().without(old.id)
    new = _new(environment, graph, message, place, old.parents, content)
    labels, depends_on = new.labels or old.labels, new.depends_on or old.depends_on
    return replace(new, labels=labels, depends_on=depends_on)


def _kept(environment: Environment, path: Path) -> Path:
    """A copy of a revision file, where git does not see it."""
    folder = environment.directory / ".cache"
    make_folder(folder)
    kept = folder / "amended" / path.name
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(path.read_bytes())
    return kept


def merge(
    environment: Environment,
    *revisions: str,
    message: str = "",
    place: Place | None = None,
) -> Merged:
    """Write a revision that stands on several: on all of the project's heads if none are named."""
    place = place or Place()
    graph = environment.graph()
    if revisions:
        parents = tuple(dict.fromkeys(id for text in revisions for id in _named(text, graph)))
    else:
        parents = graph.own_heads
    below = {id for parent in parents for id in reach(graph.parents[parent], graph.parents)}
    if len(set(parents) - below) < 2:
        raise NothingToMerge(parents)
    if not place.splice:
        _refuse_inner(graph, parents)
    said = message or f"merge {', '.join(parents[:-1])} and {parents[-1]}"
    new = _new(environment, graph, said, place, parents, None)
    written = _write(environment, graph, new, place, None)
    return Merged(**vars(written), shared=touches.shared(graph, parents))


def editable(environment: Environment, revision: str = "head") -> Path:
    """The file of a revision, to be opened in an editor."""
    from .looking import named

    graph = environment.graph()
    found = named(environment, graph, revision)
    if not found:
        raise NothingToEdit(revision)
    if len(found) > 1:
        raise MultipleHeads(found, revision)
    return graph[found[0]].path


def update_head(environment: Environment, graph: Graph) -> None:
    """Write the project's heads into the file for them, unless that is switched off."""
    if environment.config.head_file:
        headfile.write(environment.directory, graph)


def _parents(graph: Graph, place: Place) -> tuple[str, ...]:
    """What a new revision stands on."""
    texts = [text.strip() for text in place.head.split(",")]
    parents: tuple[str, ...] = ()
    for text in texts:
        if text == "head":
            # What installed packages bring is no ground for the project's first revision.
            if len(graph.own_heads) > 1:
                raise MultipleHeads(graph.own_heads, text)
            parents += graph.own_heads
        elif text == "heads":
            parents += graph.own_heads
        elif text != "base":
            found = _named(text, graph)
            if len(texts) == 1 and len(found) > 1:
                raise MultipleHeads(found, text)
            parents += found
    parents = tuple(dict.fromkeys(parents))
    if not place.splice:
        _refuse_inner(graph, parents)
    return parents


def _named(text: str, graph: Graph) -> tuple[str, ...]:
    """The revisions an identifier names by the files alone, at least one."""
    wanted = identifiers.Identifier.parse(text)
    if text.strip() in {"head", "heads"}:
        found = graph.own_heads
    else:
        found = () if wanted.is_relative else identifiers.resolve(text, graph)
    if not found:
        raise InvalidIdentifier(text)
    return found


def _refuse_inner(graph: Graph, parents: Sequence[str]) -> None:
    """Raise `NotAHead` if a parent has children already, but for those that packages bring."""
    for parent in parents:
        children = [child for child in graph.children[parent] if child not in graph.foreign]
        if children:
            raise NotAHead(parent, children)


def _dependencies(graph: Graph, place: Place) -> tuple[str, ...]:
    """What a new revision depends on: a label as it is, because it may move, else whole ids."""
    found: list[str] = []
    for text in place.depends_on:
        found += [text] if text in graph.labelled else _named(text, graph)
    return tuple(dict.fromkeys(found))


def _refuse_taken(graph: Graph, id: str, label: str | None) -> None:
    """Raise `InvalidId`, `RevisionExists` or `LabelExists` for names a new revision cannot have."""
    source.check_id(id)
    if id in graph:
        raise RevisionExists(id, graph[id].path)
    if id in graph.labelled:
        owner = graph[graph.labelled[id]]
        raise LabelExists(id, owner.id, owner.path)
    if label is None:
        return
    source.check_id(label, "label")
    if label in graph or label == id:
        raise LabelExists(label, label, graph[label].path if label in graph else None, is_id=True)
    if label in graph.labelled:
        owner = graph[graph.labelled[label]]
        raise LabelExists(label, owner.id, owner.path)


def _new(
    environment: Environment,
    graph: Graph,
    message: str,
    place: Place,
    parents: tuple[str, ...],
    content: Content | None,
) -> source.NewRevision:
    """All that the new file will say. Raises `InvalidId`, `RevisionExists` and `LabelExists`."""
    id = place.rev_id or source.new_id({*graph, *graph.labelled})
    _refuse_taken(graph, id, place.branch_label)
    content = content or Content({})
    return source.NewRevision(
        id=id,
        parents=parents,
        created=source.now(environment.config.timezone),
        message=message,
        depends_on=_dependencies(graph, place),
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
    path = _folder(environment, graph, place, new.parents) / _file_name(environment, new)
    source.write(new, path, revision_template(environment))
    update_head(environment, _read_back(environment, path))
    run_hooks(environment.config.post_write_hooks, path, root=environment.root)
    return _written(new, path, content or Content({}))


def _written(new: source.NewRevision, path: Path, content: Content) -> Written:
    return Written(new.id, new.parents, new.message, path, content.lines, content.without_model)


def revision_template(environment: Environment) -> Path:
    """The file that new revisions are made from."""
    own = environment.config.template
    return source.DEFAULT_TEMPLATE if own is None else environment.root / own


def _file_name(environment: Environment, new: source.NewRevision) -> str:
    """The name of a new file, in a folder if the template says so and it is read from there."""
    template = environment.config.file_template
    if "/" in template and not environment.config.recursive:
        raise FoldersNotRead(template)
    return source.file_name(new, template)


def _folder(environment: Environment, graph: Graph, place: Place, parents: Sequence[str]) -> Path:
    """The folder of a new file: the one asked for, else its parent's, else the first.

    A folder that an installed package brings is only ever used if it is asked for.
    """
    if place.version_path is not None:
        return _asked_for(environment, place.version_path)
    # With a "/" in it, the template for names makes the folders inside.
    nested = environment.config.recursive and "/" not in environment.config.file_template
    for parent in parents:
        folder = graph[parent].path.parent
        for location in environment.locations:
            if folder.is_relative_to(location) and parent not in graph.foreign:
                return folder if nested else location
    return environment.locations[0]


def _asked_for(environment: Environment, text: str) -> Path:
    """A folder by its path, from the project root or from here, or as ``package:folder``."""
    wanted = [folders.location(text, environment.root), Path(os.path.abspath(text))]
    known = (*environment.locations, *environment.plugins.values())
    for path in wanted:
        for folder in known:
            if path is not None and path.resolve() == folder.resolve():
                return folder
        if environment.config.recursive and path is not None:
            for folder in environment.locations:
                if path.resolve().is_relative_to(folder.resolve()):
                    return path
    raise UnknownFolder(text, known)


def _read_back(environment: Environment, path: Path) -> Graph:
    """The graph with what was written, which is imported too; taken away if either fails."""
    from ..revisions.module import run

    try:
        run(path)
        return environment.graph()
    except RevisionError:
        path.unlink()
        raise
