"""Which tables the revisions of a history create, as far as their text says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .graph import Graph

_NAME = r"""(?:table_name\s*=\s*)?["']([^"']+)["']"""
_SAID = (
    re.compile(rf"\bcreate_table\(\s*{_NAME}"),
    re.compile(rf"\brename_table\(\s*[^,]+,\s*(?:new_table_name\s*=\s*)?{_NAME}"),
    re.compile(
        r"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:[\"`\[]?[\w$]+[\"`\]]?\.)?[\"`\[]?[\w$]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\bRENAME\s+TO\s+([\"`\[]?[\w$]+)", re.IGNORECASE),
)


def tables(graph: Graph) -> frozenset[str]:
    """The names, without schemas, of the tables that revisions say they create or rename to.

    A name that is computed is not seen; such a table counts as somebody else's and is never
    dropped, which is the safe mistake to make.
    """
    return frozenset(_named(revision.path for revision in graph.values()))


def _named(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern in _SAID:
            for name in pattern.findall(text):
                yield name.rpartition(".")[2].strip('"`[]')
