"""The operations as functions, for files that say ``from alembic.op import add_column``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..operations import op


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)

    def call(*arguments: Any, **keywords: Any) -> Any:
        # Which run it speaks to is only known when it is called.
        return getattr(op, name)(*arguments, **keywords)

    call.__name__ = name
    return call
