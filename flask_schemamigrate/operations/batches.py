"""Changing many rows in batches, each a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..schema import key_of
from .base import Operation


@dataclass(frozen=True)
class Batched(Operation):
    """An operation on a table's rows in the order of its primary key, or of ``key``.

    ``where`` is SQL text or an expression; ``pause`` is in seconds.
    """

    table: str
    schema: str | None = None
    where: Any = None
    batch: int = field(default=5000, compare=False)
    pause: float = field(default=0.0, compare=False)
    key: Sequence[str] = ()

    @property
    def target(self) -> str:
        """The table's full name."""
        return key_of(self.table, self.schema)


@dataclass(frozen=True)
class Backfill(Batched):
    """Set columns to values or SQL expressions."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> str:
        return f"backfill {self.target} {', '.join(self.values)}"


@dataclass(frozen=True)
class RunData(Batched):
    """Call a function with a connection and a list of rows; it may return rows to update.

    Without a table it is called once, with the connection alone.
    """

    function: Callable[..., Any] = lambda *_: None
    columns: Sequence[str] = ()

    def describe(self) -> str:
        name = getattr(self.function, "__name__", "a function")
        return f"run {name} on {self.target}" if self.table else f"run {name}"
