"""Changing which revision a file follows, and touching nothing else in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ..errors.files import (
    AmbiguousRebase,
    FileExists,
    NothingToRebase,
    NotRewritable,
    RebaseOfApplied,
)
from . import disk
from .graph import Graph, reach

_REVISES = re.compile(rb"^([ \t]*Revises:[ \t]*)([^\r\n]*?)([ \t]*\r?)$", re.MULTILINE)
# The forms in use: 20240501103000_, 20240501_1030_, 2024-05-01_1030_ and 2024_05_01_1030-.
_DATE = re.compile(
    r"\d{4}(?P<dash>[-_]?)\d\d(?P=dash)\d\d(?P<gap>[-_]?)\d{4}(?P<seconds>\d\d)?(?=[-_])"
)


@dataclass(frozen=True)
class Rewrite:
    """One file that is to follow other revisions, and perhaps to have another name."""

    id: str
    path: Path
    parents: tuple[str, ...]
    new_parents: tuple[str, ...]
    new_path: Path


def rebase(
    graph: Graph,
    applied: Collection[str] = (),
    *,
    revision: str | None = None,
    onto: str | None = None,
    date: datetime | None = None,
    force: bool = False,
) -> list[Rewrite]:
    """How the files of one branch have to change so that it stands on another branch's head.

    ``applied`` is every revision known to have run anywhere. The branch that moves is the one
    ``revision`` is on, else the only one with nothing applied; it goes onto ``onto``, else onto the
    only other head. ``force`` moves applied revisions too. With a ``date``, file names that
    begin with one get this one, the last of them exactly and each other one a second earlier, or
    a minute where names count in minutes. What installed packages brought never moves.
    """
    head = _moving(graph, applied, revision)
    target = onto if onto is not None else _other_head(graph, head)
    moved = graph.sorted(reach([head], graph.parents) - reach([target], graph.parents))
    follows = {id: _new_parents(graph, id, moved, target) for id in moved}
    if all(parents == graph[id].parents for id, parents in follows.items()):
        raise NothingToRebase(graph.own_heads)
    ran = [id for id in moved if id in applied]
    if ran and not force:
        raise RebaseOfApplied(ran)
    found = []
    for index, id in enumerate(moved):
        old = graph[id]
        parents = follows[id]
        path = old.path
        if date is not None:
            path = path.with_name(_redated(path.name, date, len(moved) - 1 - index))
        if parents != old.parents or path != old.path:
            found.append(Rewrite(id, old.path, old.parents, parents, path))
    # Raises Cycle if the other branch depends on what would now stand on it.
    changed = {each.id: graph[each.id]._replace(parents=each.new_parents) for each in found}
    Graph(changed.get(id, graph[id]) for id in graph)
    return found


def check(rewrites: Iterable[Rewrite]) -> list[tuple[Rewrite, bytes]]:
    """What each file will hold; raises ``NotRewritable`` or ``FileExists`` and changes nothing."""
    prepared = [
        (each, _followed(each.path, each.path.read_bytes(), each.new_parents)) for each in rewrites
    ]
    for each, _ in prepared:
        if each.new_path != each.path and each.new_path.exists():
            raise FileExists(each.new_path)
    return prepared


def apply(rewrites: Iterable[Rewrite]) -> None:
    """Carry out rewrites, all of which are found to be possible before any file is changed."""
    for each, data in check(rewrites):
        disk.replace(each.path, data)
        with disk.writing(each.new_path):
            each.path.rename(each.new_path)


def _new_parents(graph: Graph, id: str, moved: Collection[str], target: str) -> tuple[str, ...]:
    """What a moved revision follows: those that move with it, else the target."""
    return tuple(parent for parent in graph[id].parents if parent in moved) or (target,)


def _moving(graph: Graph, applied: Collection[str], revision: str | None) -> str:
    """The head of the branch that moves."""
    heads = [head for head in graph.own_heads if _siblings(graph, head)]
    if revision is not None:
        heads = [head for head in graph.own_heads if revision in reach([head], graph.parents)]
    elif heads:
        ran = [head for head in heads if not _own(graph, head).isdisjoint(applied)]
        if ran == heads:
            raise RebaseOfApplied(ran)
        heads = [head for head in heads if head not in ran]
    if not heads:
        raise NothingToRebase(graph.own_heads)
    if len(heads) > 1:
        raise AmbiguousRebase(heads)
    return heads[0]


def _own(graph: Graph, head: str) -> set[str]:
    """The revisions that lead to this head and to no other."""
    others = [other for other in graph.heads if other != head]
    return reach([head], graph.parents) - reach(others, graph.parents)


def _siblings(graph: Graph, head: str) -> list[str]:
    """The other heads that grew from a common revision, unlike branches with their own base."""
    below = reach([head], graph.parents)
    return [
        other
        for other in graph.heads
        if other != head and not below.isdisjoint(reach([other], graph.parents))
    ]


def _other_head(graph: Graph, head: str) -> str:
    others = _siblings(graph, head)
    if not others:
        raise NothingToRebase(graph.own_heads)
    if len(others) > 1:
        raise AmbiguousRebase(others)
    return others[0]


def _redated(name: str, date: datetime, earlier: int) -> str:
    """A file name with another date in front, if it begins with one; so many units earlier."""
    match = _DATE.match(name)
    if match is None:
        return name
    dash, seconds = match["dash"], "%S" if match["seconds"] else ""
    date -= timedelta(seconds=earlier if seconds else 60 * earlier)
    return date.strftime(f"%Y{dash}%m{dash}%d{match['gap']}%H%M{seconds}") + name[match.end() :]


def _followed(path: Path, data: bytes, parents: tuple[str, ...]) -> bytes:
    """The bytes of a file with other parents in ``down_revision`` and after "Revises:"."""
    try:
        # ast counts columns in UTF-8, so only there do they lead to the right bytes.
        data.decode()
        tree = ast.parse(data, str(path))
    except (SyntaxError, ValueError) as error:
        raise NotRewritable(path) from error
    value = _down_revision(tree)
    if value is None:
        raise NotRewritable(path)
    lines = data.splitlines(keepends=True)
    start, end = _extent(lines, value, data)
    quote = "'" if b"'" in data[start:end] else '"'
    changed = data[:start] + _spelled(parents, quote).encode() + data[end:]
    first = tree.body[0]
    if isinstance(first, ast.Expr) and ast.get_docstring(tree, clean=False):
        start, end = _extent(lines, first.value, data)
        doc = _REVISES.sub(
            lambda match: match[1] + ", ".join(parents).encode() + match[3],
            data[start:end],
            count=1,
        )
        changed = changed[:start] + doc + changed[end:]
    return changed


def _down_revision(tree: ast.Module) -> ast.expr | None:
    """The value of ``down_revision``, if it is written out in one place."""
    found = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(each, ast.Name) and each.id == "down_revision" for each in targets):
            found.append(node.value)  # type: ignore[attr-defined]
    if len(found) != 1 or found[0] is None:
        return None
    try:
        ast.literal_eval(found[0])
    except (ValueError, TypeError):
        return None
    value: ast.expr = found[0]
    return value


def _extent(lines: list[bytes], node: ast.expr, data: bytes) -> tuple[int, int]:
    """Where a node begins and ends in the file; ``ast`` counts UTF-8 bytes in each line."""
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def offset(line: int, column: int) -> int:
        return sum(len(each) for each in lines[: line - 1]) + column + (mark if line == 1 else 0)

    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return offset(node.lineno, node.col_offset), offset(end_line, end_column)


def _spelled(parents: tuple[str, ...], quote: str) -> str:
    each = [f"{quote}{parent}{quote}" for parent in parents]
    if not each:
        return "None"
    return each[0] if len(each) == 1 else f"({', '.join(each)})"
