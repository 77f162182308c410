"""Changing a file in one step."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_file(path: Path, data: bytes) -> None:
    """Put other bytes into a file, so that a crash leaves the old ones or the new ones."""
    mode = path.stat().st_mode
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
    os.chmod(file.name, mode)
    os.replace(file.name, path)
