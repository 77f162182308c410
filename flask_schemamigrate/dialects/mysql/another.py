"""A new column in place of an old one, because a virtual one cannot be altered into another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...errors.operations import NotSupportedHere
from ...operations import AddConstraint, AlterColumn, CreateIndex
from ...schema import Check, Column, Index, Known, Table, Unique
from ..statement import Statement, Step
from .joining import Change, used
from .renaming import ColumnRenames

SCRATCH = "schemamigrate_{}"


class AnotherColumn(ColumnRenames):
    """The ALTER TABLE clauses that put one column in another's place."""

    def another_column(
        self, operation: AlterColumn, column: Column, own: Table, before: Known
    ) -> Iterator[Change | Step]:
        """What stands on the old column aside, the new column, and all of it on that one.

        A plain column takes over the values that were generated before. ``own`` holds the checks
        that stand in the column's own clause.
        """
        table = before.table(operation.table, operation.schema)
        if table is None:
            raise NotSupportedHere(
                "changing how a column of an unknown table is generated", self.title
            )
        old = operation.column
        after = self.behind(old, list(table.columns))
        found = list(standing_on(table, old))
        for item in found:
            yield self._dropped(item, table)
        if column.computed is None:
            where = self.place(operation.table, operation.schema)
            name = SCRATCH.format(old)[:64]
            filled = replace(column, name=name, nullable=True)
            yield Change(f"ADD COLUMN {self.column(filled)}{after}", frozenset({old}))
            yield Statement(f"UPDATE {where} SET {self.quoted(name)} = {self.quoted(old)}")
            added = f"CHANGE {self.quoted(name)} {self.column(column, own)}"
        else:
            added = f"ADD COLUMN {self.column(column, own)}{after}"
        yield Change(f"DROP COLUMN {self.quoted(old)}, {added}", frozenset({old}))
        place = operation.table, operation.schema
        for item in found:
            if isinstance(item, Index):
                yield from self.create_index_changes(CreateIndex(*place, item), before)
            else:
                yield from self.add_constraint_changes(AddConstraint(*place, item), before)

    def _dropped(self, item: Index | Unique | Check, table: Table) -> Change:
        if isinstance(item, Check):
            name = self.named(item.name, "A check", table.key)
            return Change(self.drop_check(name), drops=item.name)
        name = self.named(item.name, "A unique constraint", table.key)
        return Change(f"DROP INDEX {name}", drops=item.name)


def standing_on(table: Table, column: str) -> Iterator[Index | Unique | Check]:
    """What would go with a column, or keep it from going, and can be there again."""
    yield from (index for index in table.indexes.values() if column in index.columns)
    yield from (unique for unique in table.uniques.values() if column in unique.columns)
    for check in table.checks.values():
        if check.column != column and column.lower() in map(str.lower, used(check.condition)):
            yield check
