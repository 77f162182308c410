"""The file ``head`` in a revision folder, there so that two branches conflict in git.

It holds the project's heads on one line. Every command that writes a revision rewrites that line,
so two people who did so on two branches meet when they merge, and not when they deploy.
"""

from __future__ import annotations

from pathlib import Path

from .disk import writing
from .graph import Graph

NAME = "head"


def read(folder: Path) -> tuple[str, ...] | None:
    """The heads in the file, or None without a file; more than a line is a conflict left over."""
    try:
        return tuple((folder / NAME).read_text(encoding="utf-8", errors="replace").split())
    except FileNotFoundError:
        return None


def write(folder: Path, graph: Graph) -> None:
    """Put the heads into the file; a file that says so already is not touched.

    What installed packages bring is left out, because it changes without a commit.
    """
    if read(folder) != graph.own_heads:
        line = f"{' '.join(graph.own_heads)}\n"
        with writing(folder / NAME):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / NAME).write_text(line, encoding="utf-8", newline="\n")


def is_stale(folder: Path, graph: Graph) -> bool:
    """Whether there is a file, and it names other heads than the project has."""
    heads = read(folder)
    return heads is not None and sorted(heads) != sorted(graph.own_heads)
