"""What a script's database would hold by now, its indexes told apart as they would be read."""

from __future__ import annotations

from dataclasses import replace

from ...operations import CreateTable, Operation, TableOperation
from ...schema import Schema, Table, edits
from ..base import Rehearsal
from .indexes import with_heirs
from .read import implied


class MySQLRehearsal(Rehearsal):
    """Takes an index that is the very one of a foreign key's for the server's own."""

    def after(self, operation: Operation) -> None:
        was = self._table(operation)
        super().after(operation)
        table = self._table(operation)
        if table is None or not table.foreign_keys:
            return
        assert isinstance(self.known, Schema)
        table = without_implied(table if was is None else with_heirs(was, table))
        self.known = edits.with_table(self.known, table)

    def _table(self, operation: Operation) -> Table | None:
        """The table of an operation as it is known."""
        assert isinstance(self.known, Schema)
        if isinstance(operation, CreateTable):
            return self.known.tables.get(operation.table.key)
        return (
            self.known.tables.get(operation.key) if isinstance(operation, TableOperation) else None
        )


def without_implied(table: Table) -> Table:
    """The table, its foreign keys knowing the indexes that go with them."""
    keys = [implied(key, table.indexes.values()) for key in table.foreign_keys.values()]
    names = {key.index for key in keys}
    return replace(
        table,
        foreign_keys={key.key: key for key in keys},
        indexes={name: index for name, index in table.indexes.items() if index.name not in names},
    )
