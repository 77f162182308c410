"""What may be asked about a database before an operation, whether it is read live or replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .values import Enum, Table


class Known(Protocol):
    """The database before an operation. A `Schema` answers from memory, a live one by reading."""

    def table(self, name: str, schema: str | None = None) -> Table | None:
        """The table of that name, or ``None``."""

    def enum(self, key: str) -> Enum | None:
        """The enum type filed under ``key``, or ``None``."""

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        """The (table key, column name) pairs whose type is the enum filed under ``key``."""
