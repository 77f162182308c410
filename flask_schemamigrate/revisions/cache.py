"""Remembering the headers of files that have not changed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .revision import Revision

if TYPE_CHECKING:
    from .module import Transform

# Goes up when what is remembered of a file changes.
FORMAT = 3

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
        path, stat = entry.path, entry.stat()
        stamp = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        known = self._remembered.get(path)
        if known is not None and known[:4] == stamp:
            self._wanted[path] = known
            return _revision(path, known) if len(known) > 4 else None
        # Only now: where everything is remembered, nothing knows how headers are read.
        from . import header

        text = header.text(path)
        try:
            found = header.written(path, text)
        except header.Computed:
            # What such a header says may change while its file does not.
            return header.revision(path, text, transform=transform)
        changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
        if time.time_ns() - changed > RACY_NANOSECONDS:
            self._wanted[path] = stamp if found is None else [*stamp, *_facts(found)]
        return found

    def save(self) -> None:
        """Write what is worth remembering, if it is news; a reader sees the old file or the new."""
        if self._wanted == self._remembered or len(self._wanted) < self.least:
            return
        from tempfile import NamedTemporaryFile

        try:
            make_folder(self.path.parent)
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
        _spelled(revision.parents),
        _spelled(revision.depends_on),
        _spelled(revision.labels),
        revision.doc,
        revision.created,
        revision.digest,
    ]


def _revision(path: str, known: list[Any]) -> Revision:
    _, _, _, _, id, parents, depends_on, labels, doc, created, digest = known
    return Revision(
        id,
        _names(parents),
        # Most have neither, and for each of thousands it counts not to ask.
        _names(depends_on) if depends_on else (),
        _names(labels) if labels else (),
        doc,
        path,
        created,
        digest,
    )


def _spelled(names: Sequence[str]) -> Sequence[str] | str | None:
    """Names as a revision file spells them, which is read in half the time that lists take."""
    return names[0] if len(names) == 1 else names or None


def _names(spelled: Sequence[str] | str | None) -> tuple[str, ...]:
    if spelled is None:
        return ()
    return (spelled,) if isinstance(spelled, str) else tuple(spelled)


def make_folder(folder: Path) -> None:
    """Make the folder, and if it is new keep git from seeing it, as pytest and mypy do."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
