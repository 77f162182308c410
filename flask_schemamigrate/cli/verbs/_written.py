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
    from ...commands.migrating import Baseline
    from ...commands.writing import Amended

    lines = [coloured(line) for line in written.lines]
    lines.append(f"Wrote {shown(written.path)}")
    if written.without_model:
        tables = output.listed(written.without_model)
        lines.append(
            f"No model was seen for {tables}. If there is one, delete the file, and import the "
            "model's module where the app is made."
        )
    if isinstance(written, Amended):
        lines.append(f"Kept what it was as {shown(written.kept)}")
    if isinstance(written, Baseline):
        lines.append(f"Recorded as applied in {', '.join(written.recorded)}, which holds all of it")
    if isinstance(written, Baseline) and written.rest:
        lines.append("Still different, for another 'flask db migrate':")
        lines += [f"  {line}" for line in written.rest]
    return "\n".join(lines)


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
