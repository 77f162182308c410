"""What in a revision Alembic will not understand."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from ..revisions import legacy
from .finding import Finding

# The operations that Alembic has as well; ours besides them have to be said otherwise there.
SHARED = frozenset(
    {
        *("add_column", "alter_column", "drop_column", "create_table", "drop_table"),
        *("rename_table", "create_table_comment", "drop_table_comment", "create_index"),
        *("drop_index", "create_primary_key", "create_unique_constraint", "create_foreign_key"),
        *("create_check_constraint", "create_exclude_constraint", "drop_constraint"),
        *("bulk_insert", "execute", "batch_alter_table", "f", "get_bind", "get_context"),
        *("inline_literal", "invoke", "run_async", "register_operation", "implementation_for"),
    }
)
# Keywords of shared operations that only we have.
OWN_KEYWORDS = {
    "add_column": {"insert_before", "insert_after"},
    "create_check_constraint": {"validate"},
    "create_foreign_key": {"validate"},
    "create_index": {"concurrently"},
    "drop_constraint": {"columns", "condition"},
    "drop_index": {"concurrently"},
    "execute": {"parameters"},
}
OWN_SETTINGS = frozenset({"transactional", "lock_timeout", "statement_timeout", "lock_retries"})


def findings(source: str, shown: str, registered: Collection[str] = ()) -> list[Finding]:
    """The places in a file's text, in the order of its lines."""
    shared = SHARED.union(registered)
    tree = ast.parse(source)
    return sorted({*_imports(tree, shown), *_operations(tree, shared, shown)})


def bound_to_op(tree: ast.Module) -> set[str]:
    """The names under which a file has ``op``."""
    return {
        binding.bound
        for _, binding in legacy.bindings(tree)
        if binding.name == "op" and binding.module in (legacy.LIBRARY, legacy.PACKAGE)
    }


def _imports(tree: ast.Module, shown: str) -> Iterator[Finding]:
    for node, binding in legacy.bindings(tree):
        if binding.module.partition(".")[0] == legacy.PACKAGE:
            said = binding.module if binding.name is None else f"{binding.module}.{binding.name}"
            yield Finding(shown, node.lineno, f"{said} is imported, which Alembic has not")
    for statement in tree.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id in OWN_SETTINGS:
                yield Finding(shown, statement.lineno, f"{target.id} means nothing to Alembic")


def _operations(tree: ast.Module, shared: Collection[str], shown: str) -> Iterator[Finding]:
    bound = bound_to_op(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        target = node.func.value
        if not (isinstance(target, ast.Name) and target.id in bound):
            continue
        said = ast.unparse(node.func)
        if node.func.attr not in shared:
            yield Finding(shown, node.lineno, f"{said}() is an operation that Alembic has not")
        for keyword in node.keywords:
            if keyword.arg in OWN_KEYWORDS.get(node.func.attr, ()):
                text = f"{said}({keyword.arg}=...) is a keyword that Alembic has not"
                yield Finding(shown, node.lineno, text)
