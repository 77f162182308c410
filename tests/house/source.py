"""The package's source as the house rules see it: modules, and what each of them imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "flask_schemamigrate"
FACE = "the face"


@dataclass(frozen=True)
class Import:
    """One name that one line brings in: the module it comes from, as far as the files tell."""

    module: str
    line: int


@dataclass(frozen=True)
class Module:
    """One source file of the package."""

    name: str
    path: str
    text: str
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def room(self) -> str:
        """The room this file stands in; the package's own ``__init__`` is the face of the house."""
        return room(self.name)

    @property
    def is_package(self) -> bool:
        """Whether the file is the ``__init__`` of a folder."""
        return self.path.endswith("__init__.py")

    def at(self, line: int) -> str:
        """A place in the file, as editors understand it."""
        return f"{self.path}:{line}"


def room(module: str) -> str:
    """The room that a module of the package belongs to."""
    return module.split(".")[1] if "." in module else FACE


def is_ours(module: str) -> bool:
    """Whether a module belongs to the package."""
    return module.partition(".")[0] == PACKAGE


def read(root: Path) -> dict[str, Module]:
    """Every module under the folder that holds the package, by its dotted name."""
    paths = sorted(root.glob(f"{PACKAGE}/**/*.py"))
    files = {dotted(path.relative_to(root)): path for path in paths}
    modules = {}
    for name, path in files.items():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, str(path))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imports = tuple(imported(tree, package, set(files)))
        modules[name] = Module(name, path.relative_to(root).as_posix(), text, tree, imports)
    return modules


def dotted(path: Path) -> str:
    """The name under which a file is imported."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module, package: str, known: set[str]) -> Iterator[Import]:
    """Every import in a file: at its top, in a function, for typing only, or by a literal name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute("." * node.level + (node.module or ""), package)
            for alias in node.names:
                below = f"{base}.{alias.name}"
                yield Import(below if below in known else base, node.lineno)
        elif isinstance(node, ast.Call) and (name := literal_import(node)):
            yield Import(absolute(name, package), node.lineno)


def literal_import(call: ast.Call) -> str | None:
    """The module that ``import_module("...")`` or ``__import__("...")`` names by a literal."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in {"import_module", "__import__"} or not call.args:
        return None
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def absolute(name: str, package: str) -> str:
    """A module's full name, relative to the package that says it."""
    module = name.lstrip(".")
    level = len(name) - len(module)
    if not level:
        return module
    parts = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*parts, module] if module else parts)
