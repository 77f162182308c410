"""Database migrations for Flask and SQLAlchemy with nothing to set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = [  # noqa: F405 - type checkers find in .api what is not imported by name
    "SchemaMigrate",
    "branches",
    "check",
    "context",
    "current",
    "downgrade",
    "edit",
    "errors",
    "export_alembic",
    "graph",
    "heads",
    "history",
    "import_alembic",
    "log",
    "merge",
    "migrate",
    "op",
    "rebase",
    "resolve",
    "restore",
    "revision",
    "seed",
    "show",
    "stamp",
    "status",
    "upgrade",
]

# Nothing is imported before it is asked for: a web worker needs the extension and no more.
if TYPE_CHECKING:
    from . import errors
    from .api import *  # noqa: F403
    from .extension import SchemaMigrate
    from .operations import context, op

# Every other name is a function of .api, which has one per command.
_MODULES = {"SchemaMigrate": "extension", "op": "operations", "context": "operations"}


def __getattr__(name: str) -> Any:
    # Any other name must not lead to an import: Python asks for submodules here before it looks
    # for their files.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "errors":
        return import_module(f"{__name__}.errors")
    module = import_module(f"{__name__}.{_MODULES.get(name, 'api')}")
    # The next time, Python finds the name by itself.
    return globals().setdefault(name, getattr(module, name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
