"""Whether revisions count on errors being raised just where they say an operation."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_CATCHES = re.compile(rb"^[ \t]*except\b|\bsuppress\(", re.MULTILINE)


def seems_to(source: bytes) -> bool:
    """Whether this source seems to catch errors."""
    return _CATCHES.search(source) is not None


def has_helper(module: ModuleType) -> bool:
    """Whether it has imported a function or a module that speaks to ``op`` and catches errors."""
    own = vars(module)
    others = (names for names in map(_names_beside, own.values()) if names is not own)
    return any("op" in names and _file_catches(names.get("__file__")) for names in others)


def _names_beside(value: Any) -> dict[str, Any]:
    """The names of the module that a function stands in, or of the module itself."""
    kind = type(value)  # of a proxy, isinstance() would ask what stands behind it
    names: dict[str, Any] = {}
    if kind is FunctionType:
        names = value.__globals__
    elif issubclass(kind, ModuleType):
        names = vars(value)
    return names


@cache
def _file_catches(file: str | None) -> bool:
    try:
        return file is not None and seems_to(Path(file).read_bytes())
    except OSError:
        return True  # It came out of an archive, say: nobody can tell.
