"""What is known in the middle of a group of changes, without asking the database about each."""

from __future__ import annotations

from ...operations import AddColumn, AlterColumn, TableOperation
from ...schema import Enum, Known, Schema, Table


class Following:
    """The database once some changes to one table are done; it is only asked when that matters."""

    def __init__(self, before: Known, done: tuple[TableOperation, ...]) -> None:
        self.before = before
        self._done = done

    def table(self, name: str, schema: str | None = None) -> Table | None:
        """The table as the changes leave it."""
        table = self.before.table(name, schema)
        if table is None:
            return None
        state = Schema(tables={table.key: table})
        for change in self._done:
            if change.table in state.tables or change.key in state.tables:
                state = change.apply(state)
        return state.tables.get(table.key)

    def enum(self, key: str) -> Enum | None:
        """The enum type, which one of the changes may have brought."""
        for change in self._done:
            if isinstance(change, AddColumn | AlterColumn):
                for enum in change.enums:
                    if enum.key == key:
                        return enum
        return self.before.enum(key)

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        """The columns that used the enum type before the changes."""
        return self.before.enum_users(key)


def origin(known: Known) -> Known:
    """What was known before the group of changes, if it is in the middle of one."""
    return known.before if isinstance(known, Following) else known
