"""Which files were edited after they were applied, found without reading each one every time."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import RevisionError
from ..revisions import checksum

if TYPE_CHECKING:
    from ..revisions import Revision
    from .databases import Standing

Stamp = tuple[int, int]


def edited(where: Standing) -> tuple[str, ...]:
    """The applied revisions whose file does something else than when it ran."""
    environment = where.database.environment
    path = environment.directory / ".cache" / "checksums.json" if environment.config.cache else None
    kept = Checksums(path)
    found = []
    for id, row in where.rows.items():
        if row.is_finished and row.checksum and id in where.graph:
            with suppress(RevisionError, OSError):
                if kept.of(where.graph[id]) != row.checksum:
                    found.append(id)
    kept.save()
    return where.graph.sorted(set(found))


class Checksums:
    """The checksums of files, kept for as long as a file has the same size and time."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._known: dict[str, tuple[int, int, str]] = {}
        self._is_new = False
        if path is not None:
            with suppress(OSError, ValueError):
                loaded = json.loads(path.read_text("utf-8"))
                self._known = loaded if isinstance(loaded, dict) else {}

    def of(self, revision: Revision) -> str:
        """The checksum of a revision's file."""
        status = os.stat(revision.file)
        known = self._known.get(revision.file)
        if known is not None and (known[0], known[1]) == (status.st_size, status.st_mtime_ns):
            return known[2]
        found = checksum.of(revision.path)
        self._known[revision.file] = (status.st_size, status.st_mtime_ns, found)
        self._is_new = True
        return found

    def save(self) -> None:
        """Keep what was read for the next command, where the folder can be written."""
        if self.path is None or not self._is_new:
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.path.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            temporary = self.path.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps(self._known), "utf-8")
            temporary.replace(self.path)
