"""Reading the folders of revision files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import header
from .graph import Graph
from .revision import Revision

if TYPE_CHECKING:
    from .cache import Cache
    from .module import Transform


def load(
    locations: Sequence[Path],
    *,
    brought: Sequence[Path] = (),
    recursive: bool = False,
    cache: Cache | None = None,
    transform: Transform | None = None,
) -> Graph:
    """The graph of all revision files in the given folders.

    ``brought`` are the folders of installed packages, whose revisions are foreign to the graph.
    A folder that does not exist is an empty one; a file that two locations lead to is read once.
    No revision is imported, except one whose header is computed: then through ``transform``.
    """
    seen: set[tuple[str, str]] = set()
    own = [*_revisions(_files(locations, seen, recursive), cache, transform)]
    # A package is read the same in every app, whatever the app does with folders of its own.
    foreign = [*_revisions(_files(brought, seen, False), cache, transform)]
    if cache is not None:
        cache.save()
    return Graph([*own, *foreign], foreign=[revision.id for revision in foreign])


def _revisions(
    files: Iterable[os.DirEntry[str]], cache: Cache | None, transform: Transform | None
) -> Iterator[Revision]:
    """The revisions in files, some of which may be helper modules."""
    for entry in files:
        if cache is None:
            found = header.read(entry.path, transform=transform)
        else:
            found = cache.read(entry, transform)
        if found is not None:
            yield found


def _files(
    locations: Sequence[Path], seen: set[tuple[str, str]], recursive: bool
) -> Iterator[os.DirEntry[str]]:
    """The Python files in the folders, each under one name only."""
    for location in locations:
        for folder, entries in _folders(os.path.abspath(location), recursive):
            real = os.path.realpath(folder)
            for entry in entries:
                where = (
                    os.path.split(os.path.realpath(entry.path))
                    if entry.is_symlink()
                    else (real, entry.name)
                )
                if where not in seen:
                    seen.add(where)
                    yield entry


def _folders(folder: str, recursive: bool) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """A folder, and with ``recursive`` those inside it, with the Python files of each by name."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (entry for entry in entries if not entry.name.startswith((".", "__"))),
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
