"""The page about the package's functions, made from their signatures."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import flask_schemamigrate
from docs._ext.markdown import prose, signature
from flask_schemamigrate import SchemaMigrate, api, commands, hooks


def page() -> str:
    """The extension, its functions, and what these return."""
    return "\n".join(lines())


def functions() -> Iterator[tuple[str, Any]]:
    """The functions that the package hands out."""
    for name in flask_schemamigrate.__all__:
        value = getattr(api, name, None)
        if inspect.isfunction(value):
            yield name, value


def results() -> Iterator[tuple[str, type]]:
    """What the functions return, by name; the signatures name nothing else of ours."""
    said = " ".join(str(inspect.signature(function)) for _, function in functions())
    found: dict[str, type] = {}
    for module in iter_modules(commands.__path__):
        for name, value in vars(import_module(f"{commands.__name__}.{module.name}")).items():
            if inspect.isclass(value) and dataclasses.is_dataclass(value) and name[0] != "_":
                found[name] = value
    for name in sorted(found):
        if f"[{name}]" in said or f"-> {name}" in said.replace("'", "") or f" {name} |" in said:
            yield name, found[name]


def options() -> Iterator[tuple[str, Any]]:
    """The sets of keywords that functions take."""
    for module in (api, hooks):
        for name, value in vars(module).items():
            if typing.is_typeddict(value) and value.__module__ == module.__name__:
                yield name, value


def lines() -> Iterator[str]:
    """The page in pieces."""
    yield f"## SchemaMigrate\n\n{signature('SchemaMigrate', SchemaMigrate, bare=True)}"
    yield prose(SchemaMigrate)
    for name, method in vars(SchemaMigrate).items():
        if not name.startswith("_"):
            called = signature(name, method, bare=True)
            yield f"### SchemaMigrate.{name}\n\n{called}\n{prose(method)}"
    yield "## Functions\n"
    for name, function in functions():
        yield f"### {name}\n\n{signature(name, function)}\n{prose(function)}"
    yield "## Options\n"
    for name, kind in options():
        listed = ", ".join(f"`{key}`" for key in kind.__annotations__)
        yield f"### {name}\n\n{prose(kind)}\n{listed}\n"
    yield "## Results\n"
    for name, kind in results():
        fields = [each.name for each in dataclasses.fields(kind) if not each.name.startswith("_")]
        properties = [key for key, value in vars(kind).items() if isinstance(value, property)]
        listed = ", ".join(f"`{key}`" for key in [*fields, *properties])
        yield f"### {name}\n\n{prose(kind)}\n{listed}\n"
