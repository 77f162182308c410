"""Several changes to one table that are carried out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Dialect

from ..schema import Known, Schema, Table, edits
from .base import Operation, TableOperation, enums_of
from .columns import AddColumn
from .constraints import AddConstraint
from .indexes import CreateIndex, DropIndex


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
    naming_convention: Mapping[str, str] = field(default_factory=dict)

    @property
    def gathers(self) -> bool:
        return False

    @property
    def destructive(self) -> bool:
        return any(operation.destructive for operation in self.operations)

    def apply(self, schema: Schema) -> Schema:
        first = schema
        for operation in self.operations:
            if not _went_along(operation, first, schema):
                schema = operation.apply(schema)
        if not self.order:
            return schema
        table = self.before(schema)
        names = edits.ordered(list(table.columns), self.order)
        columns = {name: table.columns[name] for name in names}
        return edits.with_table(schema, replace(table, columns=columns))

    def reverse(self, before: Known) -> Operation:
        first = state = _around(before, self)
        backwards: list[TableOperation] = []
        for operation in self.operations:
            if _went_along(operation, first, state):
                continue
            reverse = operation.reverse(state)
            state = operation.apply(state)
            if isinstance(reverse, TableOperation):
                backwards.insert(0, reverse)
        old = self.before(first)
        return AlterTable(
            self.table,
            self.schema,
            tuple(backwards),
            self.recreate,
            order=(tuple(old.columns),) if self.order else (),
        )

    def describe(self) -> str:
        return "\n".join(operation.describe() for operation in self.operations)


def _went_along(operation: TableOperation, first: Schema, state: Schema) -> bool:
    """Whether an index is to be dropped that has gone with a column of the same group."""
    if not isinstance(operation, DropIndex):
        return False
    was = first.table(operation.table, operation.schema)
    now = state.table(operation.table, operation.schema)
    if was is None or now is None:
        return False
    return operation.name in was.indexes and operation.name not in now.indexes


def written_anew(changes: Sequence[Operation], recreate: str, dialect: Dialect) -> bool:
    """Whether Alembic's batch would make a new table for this, and heed its ``table_args``."""
    if recreate != "auto" or dialect.supports_alter:
        return recreate == "always"
    return any(
        change.constraints if isinstance(change, AddColumn) else not _is_about_index(change)
        for change in changes
        if isinstance(change, TableOperation)
    )


def _is_about_index(change: Operation) -> bool:
    return isinstance(change, CreateIndex | DropIndex)


def in_order(changes: Sequence[TableOperation]) -> tuple[TableOperation, ...]:
    """The changes with keys and indexes after the columns they are on, as Alembic's batches do."""
    added = {
        change.column.name: place
        for place, change in enumerate(changes)
        if isinstance(change, AddColumn)
    }
    late = [
        place
        for place, change in enumerate(changes)
        if any(added.get(name, -1) > place for name in _columns(change))
    ]
    first = (change for place, change in enumerate(changes) if place not in late)
    return (*first, *(changes[place] for place in late))


def _columns(change: TableOperation) -> Sequence[str]:
    """The columns that a new key or index is on."""
    match change:
        case CreateIndex():
            return change.index.columns
        case AddConstraint():
            names: Sequence[str] = getattr(change.constraint, "columns", ())
            return names
    return ()


def _around(known: Known, group: AlterTable) -> Schema:
    """A schema that holds the group's table, and the enums its columns use, to apply changes to."""
    if isinstance(known, Schema):
        return known
    table = group.copied_from or group.before(known)
    return edits.with_enums(Schema(tables={table.key: table}), enums_of(table, known))
