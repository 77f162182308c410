"""Telling whether a revision file does the same as when it was applied."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors.files import InvalidSource
from . import legacy

if TYPE_CHECKING:
    from .module import Transform

# Fields that say how something was written and not what it does.
_WRITTEN = frozenset({"kind", "type_comment", "type_ignores"})


def of(path: Path, *, transform: Transform | None = legacy.adapted) -> str:
    """The checksum of a revision file; comments, formatting and the docstring do not count.

    ``transform`` is what the file is run through, so that an import which is rewritten in memory
    today counts the same when it is rewritten in the file tomorrow.
    """
    data = path.read_bytes()
    if transform is legacy.adapted:
        data = legacy.plain(data) or data
    try:
        tree = ast.parse(data, str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InvalidSource(path, line, getattr(error, "msg", str(error))) from error
    if ast.get_docstring(tree, clean=False) is not None:
        del tree.body[0]
    if transform is not None and (transform is not legacy.adapted or legacy.concerns(data)):
        tree = transform(tree)
    return sha256("".join(_spelled(tree)).encode("utf-8", "surrogatepass")).hexdigest()


def _spelled(node: object) -> Iterator[str]:
    """The tree as text.

    Unlike ``ast.dump``, it leaves out what is empty, so that a Python whose nodes have a new field
    gives the same checksum: production and a laptop need not have the same one.
    """
    if isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for name, value in ast.iter_fields(node):
            if name not in _WRITTEN and value is not None and value != []:
                yield f" {name}="
                yield from _spelled(value)
            elif isinstance(node, ast.Constant) and name == "value":
                yield " value=None"
        yield ")"
    elif isinstance(node, list):
        yield "["
        for each in node:
            yield from _spelled(each)
            yield ","
        yield "]"
    else:
        yield repr(node)
