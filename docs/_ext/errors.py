"""The page about errors, made from their classes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from docs._ext.markdown import prose, table
from flask_schemamigrate import errors
from flask_schemamigrate.errors import SchemaMigrateError


def page() -> str:
    """A table for each module of errors, the roots first."""
    return "\n".join(section(module) for module in modules())


def modules() -> Iterator[ModuleType]:
    """The modules that hold errors."""
    names = sorted(found.name for found in iter_modules(errors.__path__))
    for name in sorted(names, key=lambda name: name != "root"):
        yield import_module(f"{errors.__name__}.{name}")


def declared(module: ModuleType) -> Iterator[type[SchemaMigrateError]]:
    """The errors of a module in the order in which they are written."""
    for value in vars(module).values():
        is_error = inspect.isclass(value) and issubclass(value, SchemaMigrateError)
        if is_error and value.__module__ == module.__name__:
            yield value


def section(module: ModuleType) -> str:
    """A heading, and a row for each error."""
    heading = (inspect.getdoc(module) or "").splitlines()[0].rstrip(".;")
    rows = (
        [
            f"`{error.__name__}`",
            parents(error),
            str(error.exit_code),
            prose(error).partition("\n\n")[0],
        ]
        for error in declared(module)
    )
    return f"## {heading}\n\n{table(['Error', 'Is a', 'Exit', 'When'], rows)}"


def parents(error: type[SchemaMigrateError]) -> str:
    """What else an error is."""
    names = (base.__name__ for base in error.__bases__)
    return ", ".join(f"`{name}`" for name in names)
