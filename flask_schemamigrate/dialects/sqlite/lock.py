"""One migrator at a time: an OS lock on a file beside the database, which the kernel releases."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from ..base import Holder

CLOEXEC = getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        # Far behind the text, because locked bytes cannot be read by others.
        os.lseek(file, 1 << 20, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        os.lseek(file, 1 << 20, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class FileLock:
    """A lock on a file of its own, which stays where it is: removing it would let two in.

    Its text says who has it.
    """

    def __init__(self, database: Path, doing: str = "") -> None:
        self.database = database
        self.doing = doing
        self._file: int | None = None

    @property
    def path(self) -> Path:
        """The file: beside the database, or where its folder may not be written, in the temporary.

        Its name there is made of the database's full path, so that all processes find the same.
        """
        beside = self.database.with_name(f"{self.database.name}-migrate.lock")
        if beside.exists() or os.access(beside.parent, os.W_OK):
            return beside
        digest = sha256(str(self.database).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"{self.database.name}-{digest}-migrate.lock"

    def acquire(self) -> bool:
        """Try once, without waiting; whether it is ours now."""
        if self._file is not None:
            return True
        file = self._opened()
        try:
            _lock(file)
        except OSError:
            os.close(file)
            return False
        since = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat(" ")
        _write(file, f"{os.getpid()}\n{socket.gethostname()}\n{since}\n{self.doing}\n")
        self._file = file
        return True

    def _opened(self) -> int:
        """The file, open; only for reading where it is another user's."""
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | CLOEXEC, 0o666)
        except PermissionError:
            return os.open(self.path, os.O_RDONLY | CLOEXEC)

    def holder(self) -> Holder | None:
        """Who holds it, as the file says; ``None`` if it says nothing or nobody does."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except OSError:
            return None
        if len(lines) < 3:
            return None
        return Holder(*lines[:4])

    def release(self) -> None:
        """Give it back; harmless when it is not ours."""
        if self._file is None:
            return
        file, self._file = self._file, None
        _write(file, "")
        _unlock(file)
        os.close(file)


def _write(file: int, text: str) -> None:
    """Replace the file's text, if it may be written; it only says who has the lock."""
    with suppress(OSError):
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, text.encode())
