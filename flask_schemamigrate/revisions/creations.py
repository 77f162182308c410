"""What the revisions of a history create, and in which schemas, as far as they say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from .graph import Graph

_LITERAL = r"""("(?:[^"\\\n]|\\.)+"|'(?:[^'\\\n]|\\.)+')"""
_NAME = rf"(?:table_name\s*=\s*)?{_LITERAL}"
_SAID = (
    re.compile(rf"\bcreate_(?:table|sequence|domain)\(\s*{_NAME}"),
    re.compile(rf"\brename_table\(\s*[^,]+,\s*(?:new_table_name\s*=\s*)?{_NAME}"),
    re.compile(
        r"\bCREATE\s+(?:TABLE|SEQUENCE|DOMAIN)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:[\"`\[]?[\w$]+[\"`\]]?\.)?[\"`\[]?[\w$]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\bRENAME\s+TO\s+([\"`\[]?[\w$]+)", re.IGNORECASE),
)


_SCHEMA = (
    re.compile(rf"\bcreate_schema\(\s*{_LITERAL}"),
    re.compile(
        r"\bCREATE\s+(?:SCHEMA|DATABASE)\s+(?:IF\s+NOT\s+EXISTS\s+)?([\"`]?[\w$]+)", re.IGNORECASE
    ),
)
_QUOTE = re.compile(r'["`\[\]]')
_KEYWORD = re.compile(r"\bschema\s*=")
_CREATING = {"create_table", "create_sequence", "create_domain", "rename_table"}


@dataclass(frozen=True)
class Creations:
    """The names, without schemas, of tables, sequences and domains; and schemas.

    ``places`` are the schemas in which some of them are, ``schemas`` those created themselves.
    """

    names: frozenset[str]
    places: frozenset[str]
    schemas: frozenset[str]


def of(graph: Graph) -> Creations:
    """What revisions say they create, and what they rename tables to.

    A name that is computed is not seen; such a table counts as somebody else's and is never
    dropped, which is the safe mistake to make. What the revisions of an installed package create
    is that package's.
    """
    paths = [graph[id].path for id in graph if id not in graph.foreign]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    return Creations(
        frozenset(name.rpartition(".")[2] for name in _found(_SAID, texts)),
        frozenset(place for text in texts for place in _places(text)),
        frozenset(_found(_SCHEMA, texts)),
    )


def _found(patterns: Iterable[re.Pattern[str]], texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for pattern in patterns:
            yield from map(_name, pattern.findall(text))


def _name(found: str) -> str:
    """The name in a literal of Python's, or in SQL, of which no closing quote is found."""
    if found[-1] not in "\"'":
        return _QUOTE.sub("", found)
    with suppress(SyntaxError, ValueError):
        return str(ast.literal_eval(found))
    return found[1:-1]


def _places(text: str) -> Iterator[str]:
    """The schemas that calls give to what they create; few files say one at all."""
    if _KEYWORD.search(text) is None:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _CREATING:
            for keyword in node.keywords:
                if keyword.arg == "schema" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)
