"""Telling whether a revision file does the same as when it was applied."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..errors.files import InvalidSource
from ..errors.revisions import complaint
from . import legacy

# Fields that say how something was written and not what it does, or what its place says already.
_WRITTEN = frozenset({"ctx", "kind", "is_lazy", "type_comment", "type_ignores"})


def of(path: Path, *, transform: legacy.Transform | None = legacy.adapted) -> str:
    """The checksum of a revision file; comments, formatting and the docstring do not count.

    ``transform`` is what the file is run through, so that an import which is rewritten in memory
    today counts the same when it is rewritten in the file tomorrow.
    """
    return of_source(path.read_bytes(), str(path), transform=transform)


def of_source(
    data: bytes, file: str, *, transform: legacy.Transform | None = legacy.adapted
) -> str:
    """The checksum of what was read from that file. Raises ``InvalidSource``."""
    try:
        return of_tree(legacy.parsed(data, file, transform))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InvalidSource(Path(file), line, complaint(error)) from error


def of_tree(tree: ast.Module) -> str:
    """The checksum of the tree of a file as it is run, which loses its docstring by it."""
    if ast.get_docstring(tree, clean=False) is not None:
        del tree.body[0]
    said: list[str] = []
    _spell(tree, said.append)
    return sha256("".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _spell(node: object, say: Callable[[str], None]) -> None:
    """Say the tree as text.

    Unlike ``ast.dump``, it leaves out what is empty, so that a Python whose nodes have a new field
    gives the same checksum: production and a laptop need not have the same one.
    """
    kind: Any = type(node)  # whose hash mypy takes for the node's
    known = _words(kind)
    if known is None:
        say(repr(node))
        return
    words, fields = known
    say(words)
    for name, word in fields:
        value = getattr(node, name, None)
        if value is None:
            if name == "value" and isinstance(node, ast.Constant):
                say(" value=None")
        elif type(value) is str:
            say(f"{word}{value!r}")
        elif type(value) is not list:
            say(word)
            _spell(value, say)
        elif value:
            say(f"{word}[")
            for each in value:
                _spell(each, say)
                say(",")
            say("]")
    say(")")


@cache
def _words(kind: Any) -> tuple[str, list[tuple[str, str]]] | None:
    """What begins a node of this kind, and its fields that count, with the word for each."""
    if not issubclass(kind, ast.AST):
        return None
    fields = [(name, f" {name}=") for name in kind._fields if name not in _WRITTEN]
    return f"({kind.__name__}", fields
