"""Which tables a revision touches, as far as its text says.

This reads the syntax tree of the few files that a merge joins. ``creations`` asks less of every
file there is, and so makes do with regular expressions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from .graph import Graph, reach

# Where each directive takes the names of tables: positions, and keywords.
_FIRST = {
    "add_column",
    "alter_column",
    "alter_table",
    "batch_alter_table",
    "create_table",
    "create_table_comment",
    "drop_column",
    "drop_table",
    "drop_table_comment",
    "rename_column",
    "rename_constraint",
    "rename_index",
    "rename_table",
    "set_table_options",
}
_SECOND = {
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_index",
    "create_primary_key",
    "create_unique_constraint",
    "drop_constraint",
    "drop_index",
    "rename_table",
    "validate_constraint",
}
_KEYWORDS = {"table_name", "source_table", "old_table_name", "new_table_name"}
_GROUPS = {"batch_alter_table", "alter_table"}

_IN_SQL = re.compile(
    r"\b(?:TABLE(?:\s+IF(?:\s+NOT)?\s+EXISTS)?|INTO|(?<!ON\s)UPDATE|FROM|JOIN|INDEX\b[^;(]*?\sON)"
    r"\s+((?:[\"`\[]?[\w$]+[\"`\]]?\.)?[\"`\[]?[\w$]+)",
    re.IGNORECASE,
)


def tables(path: Path) -> frozenset[str]:
    """The tables that a revision file names literally, with the schema where it names one.

    Seen are the directives of ``op``, ad-hoc tables, and names in the SQL of ``op.execute``. A
    file that cannot be parsed names none: running it says what is wrong with it.
    """
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError):
        return frozenset()
    groups = {
        item.optional_vars.id
        for node in ast.walk(tree)
        if isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        and _word(item.context_expr) in _GROUPS
        and isinstance(item.optional_vars, ast.Name)
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(name for call in calls for name in _said(call, groups))


def shared(graph: Graph, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tables that several of the branches up to ``ids`` touch, each with who touches it.

    What the branches have in common below them does not count.
    """
    below = {id: reach([id], graph.parents) for id in ids}
    found: dict[str, set[str]] = {}
    seen: dict[str, frozenset[str]] = {}
    for one, other in combinations(ids, 2):
        mine, yours = (
            _by_table(graph, own, seen)
            for own in (below[one] - below[other], below[other] - below[one])
        )
        for table in mine.keys() & yours.keys():
            found.setdefault(table, set()).update(mine[table], yours[table])
    return {table: graph.sorted(found[table]) for table in sorted(found)}


def _by_table(graph: Graph, ids: set[str], seen: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    """The revisions that touch each table."""
    found: dict[str, list[str]] = {}
    for id in ids:
        if id not in seen:
            seen[id] = tables(graph[id].path)
        for table in seen[id]:
            found.setdefault(table, []).append(id)
    return found


def _word(call: ast.Call) -> str:
    """The last word of what is called: ``add_column`` of ``op.add_column``."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _said(call: ast.Call, groups: set[str]) -> Iterator[str]:
    """The tables that one call names."""
    word = _word(call)
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(receiver, ast.Name) and receiver.id in groups:
        # A group has said its table already; here the first words are columns and constraints.
        return
    if word in {"table", "Table"}:
        yield from _literal(call.args[:1])
    elif word == "execute":
        strings = [node for arg in call.args for node in ast.walk(arg)]
        for sql in _literal(strings):
            yield from (name.replace('"', "").strip("`[]") for name in _IN_SQL.findall(sql))
    elif word in _FIRST | _SECOND:
        places = [*(call.args[:1] if word in _FIRST else ())]
        places += call.args[1:2] if word in _SECOND else ()
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        places += [value for name, value in named.items() if name in _KEYWORDS]
        schema = [*_literal([named["schema"]])] if "schema" in named else []
        yield from (".".join([*schema, name]) for name in _literal(places))


def _literal(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
