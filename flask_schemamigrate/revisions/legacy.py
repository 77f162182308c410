"""Letting files that were written for Alembic find here what they import from there.

The change is made to the syntax tree of one file, in memory; neither the file nor ``sys.modules``
knows of it, and whoever really uses Alembic in the same process is not disturbed. What has no
counterpart is left as it stands: it works if Alembic is installed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

Transform = Callable[[ast.Module], ast.Module]
"""What may change a file's tree in memory; `adapted` is the one that is used unless told."""

LIBRARY = "alembic"
PACKAGE = "flask_schemamigrate"
# What a file may ask of the library besides operations is answered there.
FORMER = f"{PACKAGE}.takeover.former"
FUNCTIONS = {
    f"{LIBRARY}.op": f"{PACKAGE}.takeover.former_op",
    f"{LIBRARY}.context": f"{PACKAGE}.takeover.former_context",
}

_OPERATIONS = f"{PACKAGE}.operations"
_MESSAGES = {name: (FORMER, name) for name in ("CommandError", "err", "msg", "rev_id", "warn")}
_CLASSES = {
    name: (_OPERATIONS, name) for name in ("BatchOperations", "MigrateOperation", "Operations")
}

# By module and name there: module and name here.
COUNTERPARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "alembic": {
        "op": (PACKAGE, "op"),
        "context": (PACKAGE, "context"),
        "util": (FORMER, "util"),
        "__version__": (FORMER, "__version__"),
    },
    "alembic.util": _MESSAGES,
    "alembic.util.exc": {"CommandError": (FORMER, "CommandError")},
    "alembic.util.messaging": {name: _MESSAGES[name] for name in ("err", "msg", "warn")},
    "alembic.script.revision": {"RevisionError": (f"{PACKAGE}.errors", "RevisionError")},
    "alembic.operations": _CLASSES,
    "alembic.operations.base": _CLASSES,
    "alembic.operations.batch": {"BatchOperations": _CLASSES["BatchOperations"]},
    "alembic.operations.ops": {"MigrateOperation": _CLASSES["MigrateOperation"]},
}

_PLAIN = re.compile(rb"^from alembic import op(?=[ \t]*(?:#[^\r\n]*)?\r?$)", re.MULTILINE)


# What Alembic's own template writes into the docstring; ours says "Created:".
_HEADER = re.compile(rb"^Revision ID: .*\r?\n(?:.*\r?\n)?Create Date: ", re.MULTILINE)


@dataclass(frozen=True)
class Binding:
    """One name that an import statement gives a file, and where it comes from.

    ``name`` is ``None`` for a module as a whole; ``bound`` is what the file calls it.
    """

    module: str
    name: str | None
    bound: str

    @property
    def is_library(self) -> bool:
        """Whether it comes from Alembic."""
        return self.module.partition(".")[0] == LIBRARY


def concerns(source: bytes | str) -> bool:
    """Whether a file may have such an import: a quick look at its text."""
    return b"alembic" in source if isinstance(source, bytes) else "alembic" in source


def is_former(source: bytes) -> bool:
    """Whether a file was written for Alembic: it imports that, or has its template's header."""
    if _HEADER.search(source):
        return True
    return concerns(source) and any(
        binding.is_library for _, binding in bindings(ast.parse(source))
    )


def plain(source: bytes) -> bytes | None:
    """The source with its one import changed, where that is all it says of Alembic.

    Nearly every file is like this, and changing a tree takes longer than everything else that is
    done with it. ``None`` where it is not, or where the line might be part of a string.
    """
    match = _PLAIN.search(source)
    if match is None or source.count(b"alembic") > 1:
        return None
    before = source[: match.start()]
    if b"'''" in before or b"\\" in before or before.count(b'"""') % 2:
        return None
    return before + b"from flask_schemamigrate import op" + source[match.end() :]


def parsed(source: bytes, file: str, transform: Transform | None) -> ast.Module:
    """The tree of a file by way of the transform; raises what ``ast.parse`` raises."""
    source, changes = _prepared(source, transform)
    tree = ast.parse(source, file)
    return tree if changes is None else ast.fix_missing_locations(changes(tree))


def compiled(
    source: bytes, file: str, transform: Transform | None, *, optimize: int = -1
) -> CodeType:
    """The code of a file by way of the transform; raises what ``compile`` raises."""
    text, changes = _prepared(source, transform)
    tree = text if changes is None else parsed(source, file, transform)
    code: CodeType = compile(tree, file, "exec", dont_inherit=True, optimize=optimize)
    return code


def _prepared(source: bytes, transform: Transform | None) -> tuple[bytes, Transform | None]:
    """The source, and what is left to do to its tree: mostly nothing, as that takes a while."""
    if transform is not adapted:
        return source, transform
    source = plain(source) or source
    return source, adapted if concerns(source) else None


def adapted(tree: ast.Module) -> ast.Module:
    """The tree with its imports of Alembic turned to their counterparts here.

    Trees without such imports come back as they are, and so does a tree that was adapted before.
    """
    if not any(binding.is_library for _, binding in bindings(tree)):
        return tree
    adapted: ast.Module = _Adapter(uses(tree)).visit(tree)
    return adapted


def bindings(tree: ast.AST) -> Iterator[tuple[ast.Import | ast.ImportFrom, Binding]]:
    """Every name that the imports of a file bind, wherever in the file they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                module = alias.name if alias.asname else bound
                yield node, Binding(module, None, bound)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node, Binding(node.module, alias.name, alias.asname or alias.name)


def uses(tree: ast.AST) -> dict[str, set[str]]:
    """What a file asks of each name: ``{"alembic": {"op"}}`` for ``alembic.op.f("x")``."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def counterpart(binding: Binding, used: set[str]) -> tuple[str, str | None] | None:
    """The module and name here for an import, or ``None`` if there are none.

    ``used`` is what the file asks of a module that is imported as a whole.
    """
    module, name = binding.module, binding.name
    if name is None and module == LIBRARY:
        if used <= {"op", "context"}:
            return PACKAGE, None
        if used <= set(COUNTERPARTS[LIBRARY]) or "op" in used:
            return FORMER, None
        return None
    if name is None:
        above, _, name = module.rpartition(".")
        return COUNTERPARTS.get(above, {}).get(name)
    if module in FUNCTIONS and name != "*":
        return FUNCTIONS[module], name
    return COUNTERPARTS.get(module, {}).get(name)


@dataclass(frozen=True)
class Part:
    """One import statement: of whole modules, or of names from one; ``names`` are name and bound.

    ``before`` is the module as it was written.
    """

    module: str
    names: tuple[tuple[str, str], ...]
    is_whole: bool
    before: str


def parts(node: ast.Import | ast.ImportFrom, used: Mapping[str, set[str]]) -> list[Part] | None:
    """The statements that take an import's place; ``None`` if it is not about Alembic."""
    given = [binding for _, binding in bindings(node)]
    if not any(binding.is_library for binding in given):
        return None
    found: list[Part] = []
    known = [counterpart(binding, used.get(binding.bound, set())) for binding in given]
    for binding, there in zip(given, known, strict=True):
        if not binding.is_library or there is None:
            there = binding.module, binding.name
        module, name = there
        if name is None:
            # "import a.b" binds a.
            spelled = binding.module if there[0] == binding.module else module
            found.append(Part(module, ((spelled, binding.bound),), True, binding.module))
            continue
        pair = (name, binding.bound)
        same = [each for each in found if each.module == module and not each.is_whole]
        # Names go together again, unless some have to stay behind.
        if same and None not in known:
            place = found.index(same[0])
            found[place] = replace(same[0], names=(*same[0].names, pair))
        else:
            found.append(Part(module, (pair,), False, binding.module))
    return found


class _Adapter(ast.NodeTransformer):
    """Replaces import statements by those that bind the same names to what is here."""

    def __init__(self, used: Mapping[str, set[str]]) -> None:
        self._used = used

    def visit_Import(self, node: ast.Import) -> Any:
        return self._replaced(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        return self._replaced(node)

    def _replaced(self, node: ast.Import | ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        found = parts(node, self._used)
        if found is None:
            return node
        return [_statement(part, node) for part in found]


def _statement(part: Part, old: ast.Import | ast.ImportFrom) -> ast.stmt:
    """The import of a part, at the place of the old one and as lazy, which Python 3.15 can be."""
    aliases = [ast.alias(name, asname(name, bound)) for name, bound in part.names]
    new = ast.Import(aliases) if part.is_whole else ast.ImportFrom(part.module, aliases, 0)
    if hasattr(old, "is_lazy"):
        vars(new)["is_lazy"] = old.is_lazy
    return ast.copy_location(new, old)


def asname(name: str, bound: str) -> str | None:
    """What follows "as" in an import, if anything has to."""
    return None if name == bound or name.partition(".")[0] == bound else bound
