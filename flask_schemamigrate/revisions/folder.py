"""Reading the folders of revision files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import collecting
from .graph import Graph
from .revision import Revision

if TYPE_CHECKING:
    from .cache import Cache
    from .module import Transform

# The names of files that were found, by the folder they are really in.
Seen = dict[str, set[str]]


def load(
    locations: Sequence[Path],
    *,
    brought: Sequence[Path] = (),
    recursive: bool = False,
    cache: Cache | None = None,
    transform: Transform | None = None,
) -> Graph:
    """The graph of all revision files in the given folders, which `read` reads."""
    with collecting.paused():
        own, foreign = read(
            locations, brought=brought, recursive=recursive, cache=cache, transform=transform
        )
        return Graph([*own, *foreign], foreign=[revision.id for revision in foreign])


def read(
    locations: Sequence[Path],
    *,
    brought: Sequence[Path] = (),
    recursive: bool = False,
    cache: Cache | None = None,
    transform: Transform | None = None,
) -> tuple[list[Revision], list[Revision]]:
    """The project's own revisions and the foreign ones, whether or not they make a graph.

    ``brought`` are the folders of installed packages, whose revisions are the foreign ones.
    A folder that does not exist is an empty one; a file that two locations lead to is read once.
    No revision is imported, except one whose header is computed: then through ``transform``.
    """
    seen: Seen = {}
    own = [*_revisions(_files(locations, seen, recursive), cache, transform)]
    # A package is read the same in every app, whatever the app does with folders of its own.
    foreign = [*_revisions(_files(brought, seen, False), cache, transform)]
    if cache is not None:
        cache.save()
    return own, foreign


def _revisions(
    files: Iterable[os.DirEntry[str]], cache: Cache | None, transform: Transform | None
) -> Iterator[Revision]:
    """The revisions in files, some of which may be helper modules."""
    read = _read if cache is None else cache.read
    for entry in files:
        found = read(entry, transform)
        if found is not None:
            yield found


def _read(entry: os.DirEntry[str], transform: Transform | None) -> Revision | None:
    from . import header

    return header.read(entry.path, transform=transform)


def _files(locations: Sequence[Path], seen: Seen, recursive: bool) -> Iterator[os.DirEntry[str]]:
    """The Python files in the folders, each under one name only."""
    for location in locations:
        for folder, entries in _folders(os.path.abspath(location), recursive):
            here = seen.setdefault(os.path.realpath(folder), set())
            for entry in entries:
                names, name = here, entry.name
                if entry.is_symlink():
                    there, name = os.path.split(os.path.realpath(entry.path))
                    names = seen.setdefault(there, set())
                if name not in names:
                    names.add(name)
                    yield entry


def _folders(folder: str, recursive: bool) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """A folder, and with ``recursive`` those inside it, with the Python files of each by name."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (entry for entry in entries if not entry.name.startswith((".", "_"))),
                key=lambda entry: entry.name,
            )
    except (FileNotFoundError, NotADirectoryError):
        return
    yield folder, [entry for entry in found if entry.name.endswith(".py") and entry.is_file()]
    if recursive:
        for entry in found:
            # Following links to folders could lead round in a circle.
            if entry.is_dir(follow_symlinks=False):
                yield from _folders(entry.path, recursive)
