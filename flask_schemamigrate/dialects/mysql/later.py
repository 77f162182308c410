"""What is known in the middle of a group of changes, if it matters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ...schema import Enum, Known, Table


class Later:
    """The database once some changes are done, which is only worked out when somebody asks."""

    def __init__(self, left: Callable[[], Known]) -> None:
        self._left = left

    @cached_property
    def _known(self) -> Known:
        return self._left()

    def table(self, name: str, schema: str | None = None) -> Table | None:
        """The table as the changes leave it."""
        return self._known.table(name, schema)

    def enum(self, key: str) -> Enum | None:
        """The enum type as the changes leave it."""
        return self._known.enum(key)

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        """The columns that use the enum type then."""
        return self._known.enum_users(key)
