"""Changing files beside the revisions, and saying in words why it cannot be done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from ..errors.files import CannotWrite, FileExists


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A block that writes this file. Raises `CannotWrite`."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


def create(path: Path, data: bytes) -> None:
    """Write a new file, folders included; never over one that is there.

    Raises `FileExists` or `CannotWrite`.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("xb")
        except FileExistsError:
            raise FileExists(path) from None
        try:
            with file:
                file.write(data)
        except BaseException:
            # Half a file would be in the way of every command.
            path.unlink(missing_ok=True)
            raise


def replace(path: Path, data: bytes) -> None:
    """Put other bytes into a file, so that a crash leaves the old ones or the new ones.

    A link stays one, and leads to the new ones. Raises `CannotWrite`.
    """
    with writing(path):
        path = path.resolve()
        mode = path.stat().st_mode
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            try:
                file.write(data)
                file.close()
                os.chmod(file.name, mode)
                os.replace(file.name, path)
            except BaseException:
                file.close()
                os.unlink(file.name)
                raise
