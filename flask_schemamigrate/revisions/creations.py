"""What the revisions of a history create, and in which schemas, as far as they say."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from .graph import Graph

_LITERAL = r"""("(?:[^"\\\n]|\\.)+"|'(?:[^'\\\n]|\\.)+')"""
_NAME = rf"(?:table_name\s*=\s*)?{_LITERAL}"
_CALLS = (
    re.compile(rf"\bcreate_(?:table|sequence|domain)\(\s*{_NAME}"),
    re.compile(rf"\brename_table\(\s*[^,]+,\s*(?:new_table_name\s*=\s*)?{_NAME}"),
)
_SQL = (
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
_KEYWORD = re.compile(r"\bschema\s*=|\*\*")
# A function that a decorator gives to a bind, or a plain one, up to what begins the next line that
# is not indented.
_FUNCTION = re.compile(
    rf"^(?:@(?:\w+\.)?(?:up|down)grade\(\s*(?P<bind>{_LITERAL})\s*\)\s*\n)?"
    r"def[ ](?P<name>\w+)\((?P<parameters>[^)]*)\).*?(?=^\S|\Z)",
    re.MULTILINE | re.DOTALL,
)
# The place of the name among the arguments, and the keyword for it.
_CREATING = {
    "create_table": (0, "table_name"),
    "create_sequence": (0, "name"),
    "create_domain": (0, "name"),
    "rename_table": (1, "new_table_name"),
}


@dataclass(frozen=True)
class Creations:
    """The tables, sequences and domains, as ``schema.name`` where a schema is said; and schemas.

    ``anywhere`` are names that may be in any schema. ``places`` are the schemas that are said,
    ``schemas`` those created themselves.
    """

    names: frozenset[str]
    anywhere: frozenset[str]
    places: frozenset[str]
    schemas: frozenset[str]

    def has(self, key: str, home: str | None) -> bool:
        """Whether they include a table; ``home`` is the schema of those whose key has none."""
        schema, _, name = key.rpartition(".")
        keys = (key,) if schema else (key, f"{home}.{key}")
        return name in self.anywhere or not self.names.isdisjoint(keys)


def of(graph: Graph, binds: Collection[str | None] = (None,)) -> Creations:
    """What revisions say they create in these binds, and what they rename tables to.

    A name that is computed is not seen; such a table counts as somebody else's and is never
    dropped, which is the safe mistake to make. What the revisions of an installed package create
    is that package's.
    """
    paths = [graph[id].path for id in graph if id not in graph.foreign]
    files = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    texts = [_of_binds(text, binds) for text in files]
    calls = [call for text in texts for call in _calls(text)]
    spoken = set(_found(_SQL, texts))
    return Creations(
        names=frozenset(
            [name if place is None else f"{place}.{name}" for place, name in calls if place != ""]
            + [name for name in spoken if "." in name]
        ),
        anywhere=frozenset(
            [name for place, name in calls if place == ""]
            + [name for name in spoken if "." not in name]
        ),
        places=frozenset(place for place, _ in calls if place),
        schemas=frozenset(_found(_SCHEMA, texts)),
    )


def _of_binds(text: str, binds: Collection[str | None]) -> str:
    """The text without the functions that are for other binds, as far as it says so."""
    if None in binds and "\n@" not in text:
        return text

    def kept(function: re.Match[str]) -> str:
        bind = function["bind"]
        if bind is not None:
            is_other = _name(bind) not in binds
        else:
            is_plain = function["name"] in ("upgrade", "downgrade") and not function["parameters"]
            is_other = is_plain and None not in binds
        return "" if is_other else function[0]

    return _FUNCTION.sub(kept, text)


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


def _calls(text: str) -> Iterator[tuple[str | None, str]]:
    """What calls create, each with its schema: ``None`` for the default one, ``""`` for any.

    Few files say a schema at all, and only these are parsed.
    """
    place: str | None = None
    if _KEYWORD.search(text) is not None:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            place = ""
        else:
            yield from _said(tree)
            return
    yield from ((place, name) for name in _found(_CALLS, [text]))


def _said(tree: ast.Module) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        word = getattr(node.func, "attr", getattr(node.func, "id", ""))
        position, keyword = _CREATING.get(word, (len(node.args), ""))
        keywords = {item.arg: item.value for item in node.keywords}
        name = keywords.get(keyword, *node.args[position : position + 1])
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield _place(keywords), name.value


def _place(keywords: dict[str | None, ast.expr]) -> str | None:
    schema = keywords.get("schema")
    if schema is None:
        # What stands behind two asterisks may hold it.
        return "" if None in keywords else None
    if not isinstance(schema, ast.Constant):
        return ""
    return None if schema.value is None else str(schema.value)
