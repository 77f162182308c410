"""Adjacent changes to one table, gathered into one group."""

from __future__ import annotations

from ..operations import AlterTable, Operation, TableOperation


class Gathering:
    """Holds back changes to a table until something else comes."""

    def __init__(self) -> None:
        self._held: list[TableOperation] = []

    def take(self, operation: Operation) -> list[Operation]:
        """What can be carried out now that this operation has come."""
        if not isinstance(operation, TableOperation) or not operation.gathers:
            return [*self.rest(), operation]
        if self._held and self._held[0].key != operation.key:
            ready = self.rest()
            self._held = [operation]
            return ready
        self._held.append(operation)
        return []

    def rest(self) -> list[Operation]:
        """What was held back; nothing is held any more."""
        held, self._held = self._held, []
        if len(held) < 2:
            return list(held)
        return [AlterTable(held[0].table, held[0].schema, tuple(held))]
