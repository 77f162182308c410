"""What the code of each room says and does not say, and how large it may grow."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch

from tests.house.source import PACKAGE, Module

LINES_IN_A_FILE = 400
LINES_IN_A_FUNCTION = 50
PARAMETERS = 6

MAY_BE_WIDE = {
    "operations/facade.py:*": "op has Alembic's names and argument order",
    "operations/batch.py:*": "batch_op has Alembic's names and argument order",
    "operations/directives/*:*": "op has Alembic's names and argument order",
    "extension.py:SchemaMigrate.*": "every setting of an app can be given in its one line",
    "cli/*:*": "Click hands each option of a command over as a parameter",
}
MAY_SAY_SQLITE = {
    "dialects/sqlite/*": "its home",
    "dialects/__init__.py": "the registry, which finds the folder by SQLAlchemy's name",
}
LOUD = {"print", "input", "breakpoint", "exit", "quit", "sys.exit", "os._exit", "raise SystemExit"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_files(modules: Mapping[str, Module]) -> Iterator[str]:
    """Files that should be two."""
    for module in modules.values():
        if (lines := len(module.text.splitlines())) > LINES_IN_A_FILE:
            yield f"{module.path} has {lines} lines; {LINES_IN_A_FILE} is the wall"


def long_functions(modules: Mapping[str, Module]) -> Iterator[str]:
    """Functions that should be two; the docstring does not count."""
    for module in modules.values():
        for name, function in functions(module.tree):
            documented = ast.get_docstring(function, clean=False) is not None
            prose = function.body[0] if documented else None
            spoken = 0 if prose is None else (prose.end_lineno or 0) - prose.lineno + 1
            lines = (function.end_lineno or 0) - function.lineno + 1 - spoken
            if lines > LINES_IN_A_FUNCTION:
                yield f"{module.at(function.lineno)}: {name} has {lines} lines"


def wide_functions(modules: Mapping[str, Module]) -> Iterator[str]:
    """Functions that want a value instead of so many parameters."""
    for module in modules.values():
        for name, function in functions(module.tree):
            if allowed(f"{module.path}:{name}", MAY_BE_WIDE):
                continue
            arguments = function.args
            names = [
                argument.arg
                for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            ]
            count = len([name for name in names if name not in {"self", "cls"}])
            if count > PARAMETERS:
                yield f"{module.at(function.lineno)}: {name} has {count} parameters"


def loud_words(modules: Mapping[str, Module]) -> Iterator[str]:
    """Printing, asking and leaving anywhere but in cli/."""
    for module in modules.values():
        if module.room == "cli":
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call | ast.Raise):
                continue
            said = ast.unparse(node).partition("(")[0]
            if said in LOUD:
                yield f"{module.at(node.lineno)}: {said} belongs to cli/"


def stray_quirks(modules: Mapping[str, Module]) -> Iterator[str]:
    """The word "sqlite" away from its home, in code; prose may name it."""
    for module in modules.values():
        if allowed(module.path, MAY_SAY_SQLITE):
            continue
        prose = {
            (node.lineno, node.col_offset)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
            is_prose = token.type == tokenize.COMMENT or token.start in prose
            if "sqlite" in token.string.lower() and not is_prose:
                yield f"{module.at(token.start[0])}: {token.string.strip()[:60]}"


def silent_modules(modules: Mapping[str, Module]) -> Iterator[str]:
    """Modules that do not say in one line what they are about."""
    for module in modules.values():
        prose = ast.get_docstring(module.tree)
        if not prose:
            yield f"{module.path} does not say what it is about"
        elif "\n" in prose and prose.splitlines()[1].strip():
            yield f"{module.path} says what it is about in more than its first line"


def silent_names(modules: Mapping[str, Module]) -> Iterator[str]:
    """Public classes and functions without a docstring; an override may be documented elsewhere."""
    named = [(module, *item) for module in modules.values() for item in definitions(module.tree)]
    methods = [(name, node) for _, name, node in named if "." in name]
    explained = {name.rpartition(".")[2] for name, node in methods if ast.get_docstring(node)}
    for module, name, node in named:
        parts = name.split(".")
        is_overload = any("overload" in ast.unparse(mark) for mark in node.decorator_list)
        if any(part.startswith("_") for part in parts) or is_overload or ast.get_docstring(node):
            continue
        if len(parts) == 1 or parts[-1] not in explained:
            yield f"{module.at(node.lineno)}: {name} has no docstring"


def naps(name: str, tree: ast.AST) -> Iterator[str]:
    """Calls of ``sleep``, which a test never needs: what it waits for can be waited for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "sleep":
            yield f"{name}:{node.lineno}: {ast.unparse(node)}"


def functions(tree: ast.AST) -> Iterator[tuple[str, Function]]:
    """Every function with its qualified name, nested ones too."""
    for name, node in definitions(tree, nested=True):
        if not isinstance(node, ast.ClassDef):
            yield name, node


def definitions(
    tree: ast.AST, prefix: str = "", *, nested: bool = False
) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Functions and classes, and those in classes; ``nested``: those in functions as well."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield prefix + node.name, node
            if nested or isinstance(node, ast.ClassDef):
                yield from definitions(node, f"{prefix}{node.name}.", nested=nested)
        elif not isinstance(node, ast.expr):
            yield from definitions(node, prefix, nested=nested)


def allowed(place: str, exceptions: Mapping[str, str]) -> bool:
    """Whether a place in the package is one of the exceptions to a rule."""
    return any(fnmatch(place, f"{PACKAGE}/{pattern}") for pattern in exceptions)
