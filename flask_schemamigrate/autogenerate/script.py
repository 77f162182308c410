"""A list of operations under way, and the schema that each of them leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..operations import Operation
from ..schema import Schema, Table
from . import domains
from .difference import Difference


class Script:
    """Operations said so far, with the schema they lead to and the one to be reached."""

    def __init__(self, difference: Difference) -> None:
        near = _near(difference)
        self.state = _narrowed(difference.before, near)
        self.wanted = _narrowed(difference.wanted, near)
        self.said = difference.said
        self.column_order = difference.column_order
        self.operations: list[Operation] = []

    def say(self, *operations: Operation) -> None:
        """Add operations, each seeing what the one before it left."""
        for operation in operations:
            self.state = operation.apply(self.state)
            self.operations.append(operation)

    def spoken(self, key: str) -> Table:
        """A wanted table as its model says it."""
        return self.said.tables.get(key) or self.wanted.tables[key]

    @property
    def created(self) -> list[str]:
        """The keys of the tables still to be created."""
        return sorted(key for key in self.wanted.tables if key not in self.state.tables)

    @property
    def dropped(self) -> list[str]:
        """The keys of the tables still to be dropped."""
        return sorted(key for key in self.state.tables if key not in self.wanted.tables)

    @property
    def kept(self) -> list[str]:
        """The keys of the tables that are there before and after."""
        return sorted(key for key in self.state.tables if key in self.wanted.tables)


def _near(difference: Difference) -> set[str]:
    """The tables that change, or whose columns' types do, and those that foreign keys join on."""
    changed = set(difference.changed)
    renewed = domains.changed_types(difference.before, difference.wanted)
    found = changed | domains.users(difference.before, renewed)
    for schema in (difference.before, difference.wanted):
        for key, table in schema.tables.items():
            for foreign_key in table.foreign_keys.values():
                if key in changed:
                    found.add(foreign_key.referent)
                elif foreign_key.referent in changed:
                    found.add(key)
    return found


def _narrowed(schema: Schema, keys: Iterable[str]) -> Schema:
    """The schema with these tables alone, so that applying an operation stays cheap."""
    wanted = set(keys)
    return replace(
        schema, tables={key: table for key, table in schema.tables.items() if key in wanted}
    )
