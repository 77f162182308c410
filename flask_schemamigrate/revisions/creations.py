"""Which tables, sequences and domains the revisions of a history create, as far as they say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .graph import Graph

_NAME = r"""(?:table_name\s*=\s*)?["']([^"']+)["']"""
_SAID = (
    re.compile(rf"\bcreate_(?:table|sequence|domain)\(\s*{_NAME}"),
    re.compile(rf"\brename_table\(\s*[^,]+,\s*(?:new_table_name\s*=\s*)?{_NAME}"),
    re.compile(
        r"\bCREATE\s+(?:TABLE|SEQUENCE|DOMAIN)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:[\"`\[]?[\w$]+[\"`\]]?\.)?[\"`\[]?[\w$]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\bRENAME\s+TO\s+([\"`\[]?[\w$]+)", re.IGNORECASE),
)


def tables(graph: Graph) -> frozenset[str]:
    """The names, without schemas, of what revisions say they create, and of tables they rename to.

    A name that is computed is not seen; such a table counts as somebody else's and is never
    dropped, which is the safe mistake to make. What the revisions of an installed package create
    is that package's.
    """
    own = (graph[id] for id in graph if id not in graph.foreign)
    return frozenset(_named(revision.path for revision in own))


def _named(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern in _SAID:
            for name in pattern.findall(text):
                yield name.rpartition(".")[2].strip('"`[]')
