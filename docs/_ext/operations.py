"""The page about ``op``, made from the class that it is one of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from docs._ext.markdown import prose, signature
from flask_schemamigrate.operations import BatchOperations, Operations


def page() -> str:
    """All directives by the class that declares them, which is what they are about."""
    return "\n".join(lines())


def directives(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public methods that a class declares itself."""
    for name, value in vars(kind).items():
        if not name.startswith("_") and inspect.isfunction(value):
            yield name, value


def lines() -> Iterator[str]:
    """The page in pieces."""
    said: set[str] = set()
    # What deals with groups and plugins comes last.
    for kind in (*Operations.__mro__[1:], Operations):
        heading = "Groups, binds, names" if kind is Operations else prose(kind).splitlines()[0]
        found = [
            (name, function)
            for name, function in directives(kind)
            if getattr(Operations, name) is function and name not in said
        ]
        if found:
            yield f"## {heading.rstrip('.')}\n"
        for name, function in found:
            said.add(name)
            called = signature(f"op.{name}", function, bare=True)
            yield f"### op.{name}\n\n{called}\n{prose(function)}"
    yield "## Inside a group\n"
    yield (
        "`with op.batch_alter_table(...) as batch_op` and `with op.alter_table(...)` give an "
        "object with the directives about one table, which leave its name and schema out. All that "
        "is said in the block is carried out together at its end.\n"
    )
    names = (f"`{name}`" for name, _ in directives(BatchOperations) if name != "add_table_args")
    yield f"It has {', '.join(names)}.\n"
