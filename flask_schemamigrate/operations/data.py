"""Raw SQL and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .base import Operation

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True)
class Execute(Operation):
    """Carry out a statement: SQL text, or an SQLAlchemy expression with its parameters."""

    statement: str | sa.sql.Executable
    parameters: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> str:
        words = str(self.statement).split(None, 12)
        text = " ".join(words[:12])
        return f"execute {text}{' ...' if len(words) > 12 else ''}"


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
