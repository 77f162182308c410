"""The page about the package's functions, made from their signatures."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from blinker import NamedSignal

import flask_schemamigrate
from docs._ext.markdown import prose, signature, table
from flask_schemamigrate import SchemaMigrate, api, hooks, signals


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
    """What the functions return, by name."""
    said = " ".join(str(inspect.signature(function)) for _, function in functions())
    for name, value in sorted(named().items()):
        if inspect.isclass(value) and re.search(rf"\b{name}\b", said):
            yield name, value


def named() -> dict[str, Any]:
    """What the signatures name, by the imports of ``api`` that only type checkers carry out."""
    found = {}
    for block in ast.parse(inspect.getsource(api)).body:
        if isinstance(block, ast.If):
            for line in block.body:
                assert isinstance(line, ast.ImportFrom)
                module = import_module("." * line.level + (line.module or ""), api.__package__)
                found.update({each.name: getattr(module, each.name) for each in line.names})
    return found


def sent() -> Iterator[tuple[str, NamedSignal]]:
    """The signals that an app may hear."""
    for name in signals.__all__:
        value = getattr(signals, name)
        if isinstance(value, NamedSignal):
            yield name, value


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
        yield entry(name, kind)
    yield "## Signals\n"
    yield (
        "They are in `flask_schemamigrate.signals`. A receiver is called with the app, and with "
        "what happened as `payload`.\n"
    )
    said = ((f"`{name}`", prose(value)) for name, value in sent())
    yield table(["Signal", ""], said)
    for kind in (signals.Started, signals.Failed):
        yield entry(kind.__name__, kind)


def entry(name: str, kind: Any) -> str:
    """A class of results, and what it has."""
    fields = [each.name for each in dataclasses.fields(kind) if not each.name.startswith("_")]
    properties = [key for key, value in vars(kind).items() if isinstance(value, property)]
    listed = ", ".join(f"`{key}`" for key in [*fields, *properties])
    return f"### {name}\n\n{prose(kind)}\n{listed}\n"
