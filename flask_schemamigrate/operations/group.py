"""Several changes to one table that are carried out together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from ..schema import Known, Schema, Table
from .base import Operation, TableOperation


@dataclass(frozen=True)
class AlterTable(TableOperation):
    """Changes to one table, in their order: one rebuild, or one ALTER TABLE, where that helps.

    ``recreate`` is "auto", "always" or "never"; ``order`` are tuples of column names that ask for
    a column order; ``copied_from`` is the table as the revision says it is, where it says so;
    ``naming_convention`` gives names to constraints that the database has none for.
    """

    operations: tuple[TableOperation, ...] = ()
    recreate: str = "auto"
    order: tuple[tuple[str, ...], ...] = ()
    copied_from: Table | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    naming_convention: Mapping[str, str] = field(default_factory=dict)

    @property
    def gathers(self) -> bool:
        return False

    @property
    def destructive(self) -> bool:
        return any(operation.destructive for operation in self.operations)

    def apply(self, schema: Schema) -> Schema:
        return reduce(lambda state, operation: operation.apply(state), self.operations, schema)

    def reverse(self, before: Known) -> Operation:
        state = _around(before, self)
        backwards: list[TableOperation] = []
        for operation in self.operations:
            reverse = operation.reverse(state)
            state = operation.apply(state)
            if isinstance(reverse, TableOperation):
                backwards.insert(0, reverse)
        return AlterTable(self.table, self.schema, tuple(backwards), self.recreate)

    def describe(self) -> str:
        return "\n".join(operation.describe() for operation in self.operations)


def _around(known: Known, group: AlterTable) -> Schema:
    """A schema that holds the group's table, and the enums its columns use, to apply changes to."""
    if isinstance(known, Schema):
        return known
    table = group.copied_from or group.before(known)
    used = {column.type.enum for column in table.columns.values() if column.type.enum}
    enums = [known.enum(key) for key in sorted(used)]
    return Schema(
        tables={table.key: table}, enums={enum.key: enum for enum in enums if enum is not None}
    )
