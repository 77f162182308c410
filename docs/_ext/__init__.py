"""Writes the reference pages from the code: each ``<!-- generated: NAME -->`` becomes Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docs._ext import commands, config, errors, operations, python, testing

PARTS: dict[str, Callable[[], str]] = {
    "commands": commands.page,
    "config": config.page,
    "errors": errors.page,
    "operations": operations.page,
    "python": python.page,
    "testing": testing.page,
}
MARK = re.compile(r"^<!-- generated: (?P<name>\w+) -->$", re.MULTILINE)


def filled(source: str) -> str:
    """The source of a page with what is generated in it."""
    return MARK.sub(lambda found: PARTS[found["name"]](), source)


def setup(app: Any) -> dict[str, bool]:
    """Let Sphinx fill pages as it reads them."""

    def fill(app: Any, name: str, source: list[str]) -> None:
        source[0] = filled(source[0])

    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
