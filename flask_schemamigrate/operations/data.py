"""Raw SQL and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import dialects

from .base import Operation

LONGEST = 500
"""Letters of a statement that describe it."""


def text_of(statement: Any) -> str:
    """A statement as text; one that only some databases have, as the first of those has it."""
    try:
        return str(statement)
    except sa.exc.CompileError:
        for name in dialects.__all__:
            with suppress(sa.exc.CompileError):
                return str(statement.compile(dialect=dialects.registry.load(name)()))
    return type(statement).__name__


@dataclass(frozen=True)
class Execute(Operation):
    """Carry out a statement: SQL text, or an SQLAlchemy expression with its parameters."""

    statement: str | sa.sql.Executable
    parameters: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> str:
        words = text_of(self.statement).split(None, 12)
        text = " ".join(words[:12])
        is_cut = len(words) > 12 or len(text) > LONGEST
        return f"execute {text[:LONGEST]}{' ...' if is_cut else ''}"


@dataclass(frozen=True)
class BulkInsert(Operation):
    """Insert rows: an iterable of dicts with the same keys, read once and never kept."""

    table: sa.TableClause
    rows: Iterable[Mapping[str, Any]]
    multiinsert: bool = True

    def describe(self) -> str:
        return f"insert rows into {self.table.fullname}"


@dataclass(frozen=True)
class Upsert(Operation):
    """Insert rows, or update those that are there already by ``key``."""

    table: sa.TableClause
    rows: Iterable[Mapping[str, Any]]
    key: Sequence[str] = ()
    update: Sequence[str] | None = None

    def describe(self) -> str:
        return f"upsert rows into {self.table.fullname} by {', '.join(self.key)}"
