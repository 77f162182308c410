"""What an ``env.py`` of Alembic's decided about comparing, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

# Without these, tables that the app's models do not know could be taken for superfluous.
DECIDING = ("include_object", "include_name", "include_symbol")


def deciding_hooks(file: Path) -> list[tuple[str, str]]:
    """The deciding functions that the file gives Alembic, each with its file and line."""
    try:
        tree = ast.parse(file.read_bytes(), str(file))
    except (OSError, SyntaxError, ValueError):
        return []
    found: dict[str, str] = {}
    for name, line in _given(tree, DECIDING):
        found.setdefault(name, f"{file}:{line}")
    return list(found.items())


def _given(tree: ast.Module, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Where one of the names is a keyword with a value, or a key in a dict of keywords."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in names:
            if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield node.arg, node.value.lineno
        elif isinstance(node, ast.Constant) and node.value in names:
            yield node.value, node.lineno
