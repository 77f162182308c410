"""Databases that are files: a copy is a copy of the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

# What makes a URL lead into memory, or to a file that must be there already.
_IN_MEMORY = ("uri", "mode", "cache", "vfs", "immutable")


class Files:
    """Scratch databases in a folder of their own."""

    def __init__(self, url: sa.URL, folder: Path) -> None:
        self._url = url
        self._folder = folder

    def create(self, name: str) -> sa.URL:
        """The URL of a file that the first connection makes."""
        return self._at(name)

    def copy(self, of: sa.URL, name: str) -> sa.URL:
        """A copy of the file, whose last connection, being closed, has written all it had."""
        url = self._at(name)
        if Path(str(of.database)).exists():
            shutil.copyfile(str(of.database), str(url.database))
        return url

    def drop(self, url: sa.URL) -> None:
        """Remove the file and what lies beside it."""
        path = Path(str(url.database))
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)

    def _at(self, name: str) -> sa.URL:
        url = self._url.difference_update_query(_IN_MEMORY)
        return url.set(database=str(self._folder / f"{name}.db"))
