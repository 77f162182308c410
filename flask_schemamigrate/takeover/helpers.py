"""The app's own modules that revisions import and that ask Alembic for its operations."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from ..revisions import legacy
from .finding import Finding


def findings(revisions: Collection[Path], root: Path) -> list[Finding]:
    """The places where such modules import ``op`` or ``context``.

    Followed are the imports of these files, and of what they import, as far as that is in ``root``.
    """
    found: list[Finding] = []
    seen, waiting = set(revisions), [*revisions]
    while waiting:
        file = waiting.pop()
        tree = _parsed(file)
        if file not in revisions:
            found += _imports(tree, file.relative_to(root).as_posix())
        for name in _imported(tree, file, root):
            for module in _files(name, root):
                if module not in seen:
                    seen.add(module)
                    waiting.append(module)
    return sorted(found)


def _parsed(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _imports(tree: ast.Module, shown: str) -> Iterator[Finding]:
    used = legacy.uses(tree)
    for node, binding in legacy.bindings(tree):
        there = legacy.counterpart(binding, used.get(binding.bound, set()))
        if binding.is_library and there is not None and there[0] == legacy.PACKAGE:
            text = "revisions import this module: let it import 'op' from flask_schemamigrate"
            yield Finding(shown, node.lineno, text)


def _imported(tree: ast.Module, file: Path, root: Path) -> Iterator[str]:
    """The dotted names that a module imports, and those that may be modules in them."""
    package = file.parent.relative_to(root).parts if file.is_relative_to(root) else ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join([*above, *([node.module] if node.module else [])])
            yield name
            yield from (f"{name}.{each.name}" for each in node.names)


def _files(name: str, root: Path) -> Iterator[Path]:
    """The file of a module in this folder, if it is there."""
    stem = root.joinpath(*name.split("."))
    yield from (file for file in (stem.with_suffix(".py"), stem / "__init__.py") if file.is_file())
