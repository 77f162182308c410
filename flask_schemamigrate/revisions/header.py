"""Reading what a revision file says about itself, without running it.

Three ways lead to the same answer, the quickest first: a regular expression that accepts nothing
but the common layout, the syntax tree of the text above the first function, and, where a value is
computed, running the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors.files import InvalidSource
from ..errors.revisions import UnreadableRevision, complaint
from .decoding import decoded, digest
from .revision import Revision

if TYPE_CHECKING:
    import ast

    from .module import Transform

NAMES = ("revision", "down_revision", "branch_labels", "depends_on")

_STRING = r"""(?:"[^"\\\n]*"|'[^'\\\n]*')"""
_VALUE = rf"(?:None|{_STRING}|\((?:{_STRING}, ?)*+(?:{_STRING})?\))"
_END_OF_LINE = r"[ \t]*(?:\#[^\n]*)?\n"
# Possessive quantifiers, so that a file of another layout is turned down in linear time.
_COMMON = re.compile(
    rf'''(?:{_END_OF_LINE})*+
    """(?P<doc>(?:[^"\\]|"(?!""))*+)"""{_END_OF_LINE}
    (?P<header>(?:
        {_END_OF_LINE}
      | (?:import|from)[ ][^\n()\\;]*\n
      | \w+(?:[ ]?:[ ][^\n=\#"']+)?[ ]?=[ ]?{_VALUE}{_END_OF_LINE}
    )*+)
    (?:def|class|async|@)''',
    re.VERBOSE,
)
_ASSIGNMENT = re.compile(
    rf"^({'|'.join(NAMES)})\b(?:[ ]?:[ ][^\n=\#\"']+)?[ ]?=[ ]?({_VALUE})", re.MULTILINE
)
_IN_QUOTES = re.compile(_STRING)
_BODY = re.compile(r"^(?:def|class|async def|@)", re.MULTILINE)
_CREATED = re.compile(r"^[ \t]*Create(?:d| Date)[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


def read(file: str | os.PathLike[str], *, transform: Transform | None = None) -> Revision | None:
    """The revision in a file, or None for a file that is none, such as a helper module.

    Raises ``UnreadableRevision``. ``transform`` is used if the file has to be run (see ``module``).
    """
    file = os.fspath(file)
    return revision(file, text(file), transform=transform)


def text(file: str) -> str:
    """The decoded text of a Python file, with the line ends that ``ast`` wants."""
    try:
        # Plain os calls take a third of the time of Path.read_text, and there may be thousands.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            data = os.read(descriptor, os.fstat(descriptor).st_size + 1)
        finally:
            os.close(descriptor)
        return decoded(data)
    except (OSError, UnicodeError, SyntaxError) as error:
        raise UnreadableRevision(Path(file), None, str(error)) from error


def revision(file: str, text: str, *, transform: Transform | None = None) -> Revision | None:
    """The revision in the text of a file, or None if it is none."""
    try:
        return written(file, text)
    except Computed as found:
        return _computed(file, text, found.doc, transform)


class Computed(Exception):
    """The header says something that only running the file can tell."""

    def __init__(self, doc: str) -> None:
        self.doc = doc
        super().__init__(doc)


def written(file: str, text: str) -> Revision | None:
    """The revision that the text alone tells; raises ``Computed`` where it is not enough."""
    return common(file, text) or parsed(file, text)


def common(file: str, text: str) -> Revision | None:
    """The revision in a file of the common layout; None if the layout is any other."""
    match = _COMMON.match(text)
    if match is None:
        return None
    written = dict(_ASSIGNMENT.findall(match["header"]))
    if not written.get("revision", "").startswith(("'", '"')):
        return None
    values = {
        name: tuple(quoted[1:-1] for quoted in _IN_QUOTES.findall(value))
        for name, value in written.items()
    }
    return _revision(file, text, match["doc"], values["revision"][0], values)


def parsed(file: str, text: str) -> Revision | None:
    """The revision in a file of any layout, read by way of its syntax tree."""
    import ast

    if "revision" not in text:
        return None
    tree = _above_the_body(text)
    if tree is None or not _assigns_revision(tree):
        try:
            tree = ast.parse(text, file)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise UnreadableRevision(Path(file), line, complaint(error)) from error
        if not _assigns_revision(tree):
            return None
    doc = ast.get_docstring(tree, clean=False) or ""
    values = _literals(tree)
    if values is None:
        raise Computed(doc)
    return _checked(file, text, doc, values)


def _checked(file: str, text: str, doc: str, values: Mapping[str, Any]) -> Revision:
    """The revision with these values, once they are known to be of the right types."""
    id = values.get("revision")
    if not isinstance(id, str):
        raise UnreadableRevision(Path(file), None, f"'revision' is {id!r} and not a string")
    strings = {name: _strings(file, name, values.get(name)) for name in NAMES}
    return _revision(file, text, doc, id, strings)


def _revision(
    file: str, text: str, doc: str, id: str, values: Mapping[str, tuple[str, ...]]
) -> Revision:
    created = _CREATED.search(doc)
    return Revision(
        id=id,
        parents=_once(values.get("down_revision", ())),
        depends_on=_once(values.get("depends_on", ())),
        labels=_once(values.get("branch_labels", ())),
        doc=doc.strip(),
        file=file,
        created=created[1] if created else None,
        digest=digest(text),
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """The names without empty and repeated ones: ``depends_on = ""`` is common for "none"."""
    return tuple(dict.fromkeys(name for name in names if name))


def _above_the_body(text: str) -> ast.Module | None:
    """The tree of the text above the first function or class, which is where headers are.

    None if that is no whole program, as when the "def" stood in a string.
    """
    import ast

    body = _BODY.search(text)
    try:
        return ast.parse(text[: body.start()] if body else text)
    except (SyntaxError, ValueError):
        return None


def _stores(node: ast.AST) -> Iterator[ast.Name]:
    """Where the module itself, and not a function or a class in it, gives names a value."""
    import ast

    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node
    elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from _stores(child)


def _assigns_revision(tree: ast.Module) -> bool:
    return any(store.id == "revision" for store in _stores(tree))


def _literals(tree: ast.Module) -> dict[str, object] | None:
    """The header's values, or None if one of them is not written out as a literal."""
    import ast

    values: dict[str, object] = {}
    plain = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target = node.target
        else:
            continue
        if isinstance(target, ast.Name) and target.id in NAMES and node.value is not None:
            try:
                values[target.id] = ast.literal_eval(node.value)
            except (ValueError, TypeError):
                return None
            plain.add(target)
    if any(store.id in NAMES and store not in plain for store in _stores(tree)):
        return None
    return values


def _computed(file: str, text: str, doc: str, transform: Transform | None) -> Revision:
    from .module import run

    try:
        found = run(Path(file)) if transform is None else run(Path(file), transform=transform)
        return _checked(file, text, doc, vars(found))
    except InvalidSource as error:
        raise UnreadableRevision(Path(file), error.line, error.reason) from error


def _strings(file: str, name: str, value: object) -> tuple[str, ...]:
    found = (value,) if isinstance(value, str) else value or ()
    if isinstance(found, (tuple, list, set, frozenset)):
        names = tuple(sorted(found, key=str) if isinstance(found, (set, frozenset)) else found)
        if all(isinstance(each, str) for each in names):
            return names
    raise UnreadableRevision(
        Path(file), None, f"{name!r} is {value!r}, and not a string, a tuple of strings or None"
    )
