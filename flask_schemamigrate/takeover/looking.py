"""What in a file written for Alembic a person must look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from ..operations import Operations
from ..operations.batch import BatchOperations
from ..operations.custom import PLUGINS, REGISTERED, REGISTERED_IN_BATCH
from ..operations.directives.everything import AllDirectives
from ..revisions import legacy
from .finding import Finding
from .leaving import SHARED, bound_to_op

_REGISTERS = re.compile(rb"""register_operation\(\s*["'](\w+)""")

PACKAGES = {
    "alembic_postgresql_enum": "alembic-postgresql-enum",
    "alembic_utils": "alembic_utils",
    "alembic_enums": "alembic-enums",
    "sqlalchemy_continuum": "SQLAlchemy-Continuum",
}


def registered(sources: Iterable[bytes]) -> frozenset[str]:
    """The operations that the files themselves register."""
    return frozenset(name.decode() for source in sources for name in _REGISTERS.findall(source))


def findings(source: str, shown: str, registered: Collection[str] = ()) -> list[Finding]:
    """The places in a file's text, in the order of its lines."""
    tree = ast.parse(source)
    found = {*_imports(tree, shown), *_operations(tree, shown, registered)}
    if legacy.is_former(source.encode(errors="replace")):
        found |= {*_namesakes(tree, shown, registered)}
    return sorted(found)


def _imports(tree: ast.Module, shown: str) -> Iterator[Finding]:
    used = legacy.uses(tree)
    for node, binding in legacy.bindings(tree):
        package = binding.module.partition(".")[0]
        said = binding.module if binding.name is None else f"{binding.module}.{binding.name}"
        if package in PACKAGES:
            text = f"{said} belongs to {PACKAGES[package]}, which registers with Alembic"
            yield Finding(shown, node.lineno, text)
        if not binding.is_library:
            continue
        there = legacy.counterpart(binding, used.get(binding.bound, set()))
        if there is None:
            asked = sorted(used.get(binding.bound, set())) if binding.name is None else []
            what = ", ".join(f"{said}.{name}" for name in asked) or said
            yield Finding(shown, node.lineno, f"{what} has no counterpart: it needs Alembic")
        elif there[0] in legacy.FUNCTIONS.values():
            # The same for each function of an import, so that it is said once.
            text = f"functions of {binding.module} stay as they are, and are answered on loading"
            yield Finding(shown, node.lineno, text)
        elif there[0] == legacy.FORMER:
            asked = sorted(used.get(binding.bound, set()) - {"op", "context"})
            what = ", ".join(f"alembic.{name}" for name in asked) if there[1] is None else said
            text = f"{what} stays as it is, and is answered while the file is loaded"
            yield Finding(shown, node.lineno, text)


def _operations(tree: ast.Module, shown: str, own: Collection[str]) -> Iterator[Finding]:
    """Calls of operations that nobody here has."""
    names = bound_to_op(tree)
    batches = set(_batches(tree))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        known: object = Operations
        registered = REGISTERED
        if node.value.id in batches:
            known, registered = BatchOperations, REGISTERED_IN_BATCH
        elif node.value.id not in names:
            continue
        missing = not hasattr(known, node.attr) and not hasattr(Operations, node.attr)
        if missing and node.attr not in registered and node.attr not in own:
            whose = PLUGINS.get(node.attr, "a plugin")
            text = f"{ast.unparse(node)}() is an operation of {whose}: register it"
            yield Finding(shown, node.lineno, text)


def _namesakes(tree: ast.Module, shown: str, own: Collection[str]) -> Iterator[Finding]:
    """Operations that Alembic has not, so that a plugin's are called, though ours has the name."""
    names = bound_to_op(tree)
    ours = set(dir(AllDirectives)).difference(SHARED, REGISTERED, own)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.value.id in names and node.attr in ours:
            whose = PLUGINS.get(node.attr, "a plugin")
            text = f"{ast.unparse(node)}() is of {whose}: register it, or ours of that name runs"
            yield Finding(shown, node.lineno, text)


def _batches(tree: ast.Module) -> Iterator[str]:
    """The names that ``with op.batch_alter_table(...) as`` gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            for item in node.items:
                is_batch = "batch_alter_table" in ast.unparse(item.context_expr)
                if is_batch and isinstance(item.optional_vars, ast.Name):
                    yield item.optional_vars.id
