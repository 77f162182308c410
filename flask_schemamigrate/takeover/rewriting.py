"""Turning a file's imports of Alembic to this package for good, or back, byte by byte."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..revisions import legacy
from ..revisions.legacy import Part

Node = ast.Import | ast.ImportFrom
Parts = Callable[[Node, Mapping[str, set[str]]], list[Part] | None]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")


@dataclass(frozen=True)
class Change:
    """One import statement and what takes its place, in characters of the file's text."""

    start: int
    end: int
    text: str


def to_ours(data: bytes) -> bytes:
    """The source with its imports turned to this package; all else stays, to the byte.

    What only the loader can answer stays as it is: it is answered in memory, as before.
    """
    return _rewritten(data, _ours) if legacy.concerns(data) else data


def to_alembics(data: bytes) -> bytes:
    """The source with imports of ``op`` and its like turned back to Alembic."""
    return _rewritten(data, _alembics) if legacy.PACKAGE.encode() in data else data


def _ours(node: Node, used: Mapping[str, set[str]]) -> list[Part] | None:
    parts = legacy.parts(node, used)
    if parts is None:
        return None
    lasting = [part.module not in (legacy.FORMER, *legacy.FUNCTIONS.values()) for part in parts]
    pairs = [*zip(parts, lasting, strict=True)]
    if not any(lasts and part.module != part.before for part, lasts in pairs):
        return None
    return [part if lasts else _as_it_was(part, node) for part, lasts in pairs]


def _as_it_was(part: Part, node: Node) -> Part:
    """The names of a part as the statement imports them now."""
    if isinstance(node, ast.ImportFrom):
        return Part(part.before, part.names, False, part.before)
    bound = [name for _, name in part.names]
    aliases = [each for each in node.names if (each.asname or each.name.split(".")[0]) in bound]
    names = tuple((each.name, each.asname or each.name.split(".")[0]) for each in aliases)
    return Part(part.before, names, True, part.before)


_BACK = {
    legacy.PACKAGE: ("alembic", {"op", "context"}),
    f"{legacy.PACKAGE}.operations": (
        "alembic.operations",
        {"Operations", "BatchOperations", "MigrateOperation"},
    ),
    f"{legacy.PACKAGE}.errors": ("alembic.script.revision", {"RevisionError"}),
}


def _alembics(node: Node, used: Mapping[str, set[str]]) -> list[Part] | None:
    found: list[Part] = []
    for _, binding in legacy.bindings(node):
        there, names = _BACK.get(binding.module, ("", set()))
        if binding.name is not None and binding.name in names:
            module, whole, pair = there, False, (binding.name, binding.bound)
        elif binding.name is None and binding.module == legacy.PACKAGE:
            if not used.get(binding.bound, set()) <= {"op", "context"}:
                return None
            module, whole, pair = "alembic", True, ("alembic", binding.bound)
        elif binding.name is None:
            module, whole, pair = binding.module, True, (binding.module, binding.bound)
        else:
            module, whole, pair = binding.module, False, (binding.name, binding.bound)
        if found and found[-1].module == module and not whole:
            found[-1] = Part(module, (*found[-1].names, pair), False, binding.module)
        else:
            found.append(Part(module, (pair,), whole, binding.module))
    changes = any(part.module != part.before for part in found)
    return found if changes else None


def _rewritten(data: bytes, parts: Parts) -> bytes:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    tree = ast.parse(text)
    used = legacy.uses(tree)
    lines = _LINE.findall(text)
    changes = []
    for node in ast.walk(tree):
        if isinstance(node, Node) and (found := parts(node, used)) is not None:
            changes.append(_change(node, found, lines, text))
    return _changed(text, changes).encode(encoding)


def _change(node: Node, parts: list[Part], lines: list[str], text: str) -> Change:
    start = _offset(lines, node.lineno, node.col_offset)
    end = _offset(lines, node.end_lineno or node.lineno, node.end_col_offset or 0)
    written = text[start:end]
    if (renamed := _renamed(node, parts, written)) is not None:
        return Change(start, end, renamed)
    before = lines[node.lineno - 1][: start - _offset(lines, node.lineno, 0)]
    after = _LINE.match(text, end)
    alone = not before.strip() and not (after and after[0].strip().startswith(";"))
    ending = "\r\n" if lines[node.lineno - 1].endswith("\r\n") else "\n"
    return Change(start, end, (f"{ending}{before}" if alone else "; ").join(map(_said, parts)))


def _renamed(node: Node, parts: list[Part], written: str) -> str | None:
    """The statement with another module and nothing else changed, if that is all there is."""
    if not isinstance(node, ast.ImportFrom) or len(parts) != 1 or parts[0].is_whole:
        return None
    if parts[0].names != tuple((each.name, each.asname or each.name) for each in node.names):
        return None
    module = r"\s*\.\s*".join(map(re.escape, str(node.module).split(".")))
    return re.sub(rf"^(from[\s\\]+){module}(?=[\s\\])", rf"\g<1>{parts[0].module}", written)


def _said(part: Part) -> str:
    names = ", ".join(
        name if (other := legacy.asname(name, bound)) is None else f"{name} as {other}"
        for name, bound in part.names
    )
    return f"import {names}" if part.is_whole else f"from {part.module} import {names}"


def _changed(text: str, changes: Iterable[Change]) -> str:
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _offset(lines: list[str], line: int, column: int) -> int:
    """Where a position is in the text; ``ast`` counts the bytes of UTF-8 in a line."""
    within = len(lines[line - 1].encode()[:column].decode())
    return sum(map(len, lines[: line - 1])) + within
