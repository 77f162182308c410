"""What an operation is: a value that can be applied, reversed and described."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from ..errors.operations import Irreversible, UnknownTable
from ..schema import Enum, Known, Schema, Table, key_of


class Keep(enum.Enum):
    """The one value that says "leave this as it is", where ``None`` would say "none"."""

    KEEP = "keep"

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True)
class Operation:
    """Something that can be done to a database. It knows no SQL and no Python source."""

    def apply(self, schema: Schema) -> Schema:
        """The schema after this operation; unknown tables and columns are errors."""
        return schema

    def reverse(self, before: Known) -> Operation:
        """The operation that undoes this one, given the database before it.

        Raises `Irreversible` where there is none.
        """
        raise Irreversible(self.describe(), "there is no operation that undoes it.")

    def describe(self) -> str:
        """One line for people: ``+ - ~ ->`` for added, dropped, changed, renamed."""
        return type(self).__name__

    def is_done(self, before: Known) -> bool:
        """Whether ``if_exists`` or ``if_not_exists`` leaves nothing to do, as far as is known."""
        return False

    @property
    def destructive(self) -> bool:
        """Whether rows, or values in rows, are gone after this operation."""
        return False


@dataclass(frozen=True)
class Nothing(Operation):
    """The reverse of what leaves nothing to undo."""

    def reverse(self, before: Known) -> Operation:
        return self

    def describe(self) -> str:
        return "nothing"


@dataclass(frozen=True)
class NamedOperation(Operation):
    """An operation on an enum type, a domain or a sequence that exists."""

    name: str
    schema: str | None = None

    @property
    def key(self) -> str:
        """The key under which what it is about is filed."""
        return key_of(self.name, self.schema)


@dataclass(frozen=True)
class TableOperation(Operation):
    """An operation on one table. Adjacent ones on the same table may be carried out as one."""

    table: str
    schema: str | None = None

    @property
    def key(self) -> str:
        """The key of its table."""
        return key_of(self.table, self.schema)

    @property
    def gathers(self) -> bool:
        """Whether it may share one ALTER TABLE, or one rebuild, with its neighbours."""
        return True

    def before(self, known: Known) -> Table:
        """The table before this operation. Raises `UnknownTable`."""
        table = known.table(self.table, self.schema)
        if table is None:
            raise UnknownTable(self.key)
        return table


def enums_of(table: Table, known: Known) -> tuple[Enum, ...]:
    """The enum types of a table's columns, as far as they are known."""
    used = {column.type.enum for column in table.columns.values() if column.type.enum}
    found = (known.enum(key) for key in sorted(used))
    return tuple(enum for enum in found if enum is not None)
