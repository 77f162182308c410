"""Saying in words why a file beside the revisions cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors.files import CannotWrite


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A block that writes this file. Raises `CannotWrite`."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error
