"""Which files were edited after they were applied, found without parsing what is untouched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ..errors import RevisionError
from .databases import Standing


def edited(where: Standing) -> tuple[str, ...]:
    """The applied revisions whose file does something else than when it ran."""
    touched = _touched(where)
    return where.graph.sorted(id for id in touched if _does(where, id) != where.rows[id].checksum)


def restyled(where: Standing) -> tuple[str, ...]:
    """The applied revisions whose file reads differently, and does the same as when it ran."""
    touched = _touched(where)
    return where.graph.sorted(id for id in touched if _does(where, id) == where.rows[id].checksum)


def _touched(where: Standing) -> Iterator[str]:
    """The applied revisions whose file is not, to the letter, as it was."""
    for id, row in where.rows.items():
        revision = where.graph.get(id)
        is_same = revision is None or revision.digest == row.digest
        if not is_same and row.is_finished and row.checksum:
            yield id


def _does(where: Standing, id: str) -> str:
    """The checksum of what a file does now; none where it is no Python any more."""
    from ..revisions import checksum

    with suppress(RevisionError, OSError):
        return checksum.of(where.graph[id].path)
    return ""
