"""Remembering the headers of files that have not changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import header
from .revision import Revision

if TYPE_CHECKING:
    from .module import Transform

# Goes up when what is remembered of a file changes.
FORMAT = 1

WORTHWHILE = 100
"""Files from which on reading headers takes longer than reading this: some two milliseconds."""

# A file changed this shortly ago could change again without its time changing: some file systems
# count in seconds, FAT in two. Git calls such files "racily clean".
RACY_NANOSECONDS = 3_000_000_000


class Cache:
    """Headers by file, each with the size and times the file had; anything else is read anew.

    The inode's change time is compared too, because it cannot be set back as a modification time
    can. A cache that cannot be read or written costs time and nothing else; one of fewer files
    than ``least`` is not written.
    """

    def __init__(self, path: Path, *, least: int = 0) -> None:
        self.path = path
        self.least = least
        self._remembered: dict[str, list[Any]] = _loaded(path)
        self._wanted: dict[str, list[Any]] = {}

    def read(self, entry: os.DirEntry[str], transform: Transform | None = None) -> Revision | None:
        """The revision in a file, from memory if the file is as it was; like ``header.read``."""
        stat = entry.stat()
        stamp = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        known = self._remembered.get(entry.path)
        if known is not None and known[0] == stamp:
            self._wanted[entry.path] = known
            return known[1] and _revision(entry.path, known[1])
        text = header.text(entry.path)
        try:
            found = header.written(entry.path, text)
        except header.Computed:
            # What such a header says may change while its file does not.
            return header.revision(entry.path, text, transform=transform)
        changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
        if time.time_ns() - changed > RACY_NANOSECONDS:
            self._wanted[entry.path] = [stamp, found and _facts(found)]
        return found

    def save(self) -> None:
        """Write what is worth remembering, if it is news; a reader sees the old file or the new."""
        if self._wanted == self._remembered or len(self._wanted) < self.least:
            return
        from tempfile import NamedTemporaryFile

        try:
            _make_folder(self.path.parent)
            with NamedTemporaryFile(
                "w", dir=self.path.parent, suffix=".tmp", delete=False, encoding="utf-8"
            ) as file:
                try:
                    json.dump({"format": FORMAT, "files": self._wanted}, file)
                    file.close()
                    os.replace(file.name, self.path)
                except BaseException:
                    file.close()
                    os.unlink(file.name)
                    raise
        except OSError:
            # A read-only or full disk; the next command reads the files again.
            return
        self._remembered = self._wanted


def _loaded(path: Path) -> dict[str, list[Any]]:
    try:
        stored = json.loads(path.read_bytes())
        if stored["format"] == FORMAT:
            files: dict[str, list[Any]] = stored["files"]
            return files
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return {}


def _facts(revision: Revision) -> list[Any]:
    return [
        revision.id,
        list(revision.parents),
        list(revision.depends_on),
        list(revision.labels),
        revision.doc,
        revision.created,
    ]


def _revision(path: str, facts: list[Any]) -> Revision:
    id, parents, depends_on, labels, doc, created = facts
    # A frozen dataclass sets each field by a function call, five times as long as this takes.
    revision = object.__new__(Revision)
    vars(revision).update(
        id=id,
        parents=tuple(parents),
        depends_on=tuple(depends_on),
        labels=tuple(labels),
        doc=doc,
        file=path,
        created=created,
    )
    return revision


def _make_folder(folder: Path) -> None:
    """Make the folder, and if it is new keep git from seeing it, as pytest and mypy do."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
