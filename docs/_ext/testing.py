"""The page about the plugin for pytest: its options, its fixtures, and what these give."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from docs._ext.markdown import prose, signature, table
from flask_schemamigrate import pytest_plugin
from flask_schemamigrate.pytest_plugin import copies, moving

GIVEN = (moving.Migrations, moving.Rows, copies.MigratedDatabase)
"""What the fixtures give, and what these give in turn."""


def page() -> str:
    """Options, fixtures and classes."""
    return "\n".join(lines())


def options() -> Iterator[list[str]]:
    """What is added to pytest's command line, and what it does."""

    class Group:
        def getgroup(self, *_: str) -> Group:
            return self

        def addoption(self, name: str, *, help: str, **more: Any) -> None:
            value = f" *{more['metavar']}*" if "metavar" in more else ""
            found.append([f"`{name}`{value}", help])

    found: list[list[str]] = []
    group: Any = Group()
    pytest_plugin.pytest_addoption(group)
    yield from found


def fixtures() -> Iterator[tuple[str, str]]:
    """The fixtures by name, with their docstrings; pytest hides the functions themselves."""
    for each in ast.parse(inspect.getsource(pytest_plugin)).body:
        if isinstance(each, ast.FunctionDef) and each.name[0] != "_":
            marks = " ".join(map(ast.unparse, each.decorator_list))
            if "pytest.fixture" in marks:
                yield each.name, ast.get_docstring(each) or ""


def lines() -> Iterator[str]:
    """The page in pieces."""
    yield "## Options\n"
    yield table(["Option", ""], options())
    yield "## Fixtures\n"
    for name, text in fixtures():
        yield f"### {name}\n\n{text}\n"
    yield "## What they give\n"
    for kind in GIVEN:
        yield f"### {kind.__name__}\n\n{prose(kind)}"
        for name, value in vars(kind).items():
            if name[0] != "_" and inspect.isfunction(value):
                yield f"{signature(name, value)}\n{prose(value)}"
            elif name[0] != "_" and isinstance(value, property):
                yield f"`{name}`\n: {' '.join(prose(value).split())}\n"
