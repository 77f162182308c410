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

from ..locks import Holder, MigrationLock

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


class FileLock(MigrationLock):
    """A lock on a file of its own, which is there only as long as somebody holds it.

    Its text says who that is.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self._file: int | None = None
        self._held_at: Path | None = None
        self._who = b""

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
        path = self.path
        while (file := _opened(path)) is not None:
            try:
                _lock(file)
            except OSError:
                os.close(file)
                return False
            if _is_at(path, file):
                break
            # Its holder took the file away after we had opened it, so others lock a new one.
            os.close(file)
        if file is None:
            return False
        since = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat(" ")
        self._file, self._held_at = file, path
        self._who = f"{os.getpid()}\n{socket.gethostname()}\n{since}\n".encode()
        with suppress(OSError):
            os.ftruncate(file, 0)
        self.tell("")
        return True

    def tell(self, doing: str) -> None:
        """Write into the file who has the lock and what for."""
        if self._file is None:
            return
        with suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            # What an older text leaves behind comes after the lines that are read.
            os.write(self._file, self._who + f"{' '.join(doing.split(None, 200))[:200]}\n".encode())

    def holder(self) -> Holder | None:
        """Who holds it, as the file says; ``None`` if it says nothing or nobody does."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        if len(lines) < 3:
            return None
        return Holder(*lines[:4])

    def release(self) -> None:
        """Give it back; harmless when it is not ours."""
        if self._file is None or self._held_at is None:
            return
        file, self._file = self._file, None
        # Windows removes no file that is open; another user's may not be ours to remove.
        with suppress(OSError):
            self._held_at.unlink()
        with suppress(OSError):
            os.ftruncate(file, 0)
        _unlock(file)
        os.close(file)


def _opened(path: Path) -> int | None:
    """The file, open, only for reading where it is another user's; ``None`` if it just went."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | CLOEXEC, 0o666)
    except PermissionError:
        try:
            return os.open(path, os.O_RDONLY | CLOEXEC)
        except FileNotFoundError:
            return None


def _is_at(path: Path, file: int) -> bool:
    """Whether the open file is the one that others find."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False
