"""What the verbs print that write a revision: what it does, and where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .. import output

if TYPE_CHECKING:
    from ...commands.writing import Written


def print_written(written: Written, *, format: str) -> None:
    """Print a revision that was written."""
    output.write([written], format=format, text=_text)


def _text(written: Written) -> str:
    lines = [coloured(line) for line in written.lines]
    return "\n".join([*lines, f"Wrote {shown(written.path)}"])


def coloured(line: str) -> str:
    """A line of a list of changes, its mark in colour."""
    mark, _, text = line.partition(" ")
    return output.marked(mark, text) if mark in {"+", "-", "~"} else line


def shown(path: Path) -> str:
    """A path as short as it can be from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
