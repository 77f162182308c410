"""What rows and values a list of operations would lose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..operations import (
    AlterColumn,
    DropColumn,
    DropTable,
    Operation,
    SetEnumValues,
)
from ..schema import Schema, Table, Type
from .downgrade import flat


@dataclass(frozen=True)
class Loss:
    """Something that goes for good, and how many rows have it now (``None``: not counted)."""

    operation: Operation
    what: str
    rows: int | None = None

    @property
    def text(self) -> str:
        """The loss for people."""
        if self.rows is None:
            return self.what
        return f"{self.what} ({self.rows} row{'' if self.rows == 1 else 's'})"


def losses(operations: Sequence[Operation], before: Schema) -> list[Loss]:
    """What goes for good, without asking the database."""
    state = before
    found: list[Loss] = []
    for operation in flat(operations):
        what = loss(operation, state)
        if what is not None:
            found.append(Loss(operation, what))
        state = operation.apply(state)
    return found


def loss(operation: Operation, before: Schema) -> str | None:
    """What an operation loses, in words, or ``None``."""
    match operation:
        case DropTable():
            return f"table {operation.key}"
        case DropColumn():
            return f"column {operation.key}.{operation.column}"
        case SetEnumValues():
            old = before.enums.get(operation.key)
            gone = [value for value in old.values if value not in operation.values] if old else []
            return f"enum {operation.key} without {', '.join(gone)}" if gone else None
        case AlterColumn(type=Type() as new):
            old_type = before.tables[operation.key].columns[operation.column].type
            if narrows(old_type, new):
                place = f"{operation.key}.{operation.column}"
                return f"column {place} narrowed from {old_type.text} to {new.text}"
    return None


LADDERS = (
    (
        ("bool", "boolean"),
        ("tinyint",),
        ("smallint", "int2"),
        ("mediumint",),
        ("integer", "int", "int4"),
        ("bigint", "int8"),
    ),
    (("date",), ("timestamp without time zone",), ("timestamp with time zone",)),
    (("cidr",), ("inet",)),
    (("float", "real", "float4"), ("double", "double precision", "float8")),
)
"""Types of whose values each has all that stand before it."""
TEXTS = ("text", "citext", "clob", "tinytext", "mediumtext", "longtext")
HOLDS_ALL = re.compile(r" character set utf8mb4\b| collate \S+")
"""What stands behind a type of texts and leaves out no text."""
LETTERS = ("varchar", "character varying", "char", "character", "nvarchar", "nchar")


def narrows(old: Type, new: Type) -> bool:
    """Whether values that fit the old type may not fit the new one."""
    (was, sizes), (becomes, limits) = _parts(old.text), _parts(new.text)
    if was.endswith("[]") and becomes.endswith("[]"):
        was, becomes = was.removesuffix("[]"), becomes.removesuffix("[]")
    for ladder in LADDERS:
        if (low := _rung(ladder, becomes)) is not None and (high := _rung(ladder, was)) is not None:
            return low < high
    if becomes in LETTERS and limits:
        return was in TEXTS or not sizes or sizes[0] > limits[0] or was not in LETTERS
    if becomes in (*TEXTS, *LETTERS):
        return False
    if was == becomes:
        return _fewer(sizes, limits)
    return True


def _fewer(sizes: Sequence[int], limits: Sequence[int]) -> bool:
    """Whether a type's numbers leave less room, whole digits counted as well as all."""
    if not limits:
        return False
    if not sizes:
        return True
    whole = [numbers[0] - (numbers[1] if len(numbers) > 1 else 0) for numbers in (sizes, limits)]
    return whole[1] < whole[0] or any(
        limit < size for size, limit in zip(sizes, limits, strict=False)
    )


def _parts(text: str) -> tuple[str, list[int]]:
    """A type's name in small letters, and the numbers in its parentheses."""
    name, _, rest = HOLDS_ALL.sub("", text.lower()).partition("(")
    return " ".join(name.split()) + "[]" * rest.endswith("[]"), [
        int(number) for number in re.findall(r"\d+", rest)
    ]


def _rung(ladder: Sequence[Sequence[str]], name: str) -> int | None:
    return next((rung for rung, names in enumerate(ladder) if name in names), None)


def counted(
    losses: Sequence[Loss], dialect: Dialect, connection: sa.Connection, before: Schema
) -> list[Loss]:
    """The losses with the number of rows that have what goes, where they can be counted."""
    return [
        Loss(item.operation, item.what, _rows(item.operation, dialect, connection, before))
        for item in losses
    ]


def _rows(
    operation: Operation, dialect: Dialect, connection: sa.Connection, before: Schema
) -> int | None:
    match operation:
        case DropTable():
            query = _count(dialect, before.tables.get(operation.key), None)
        case DropColumn() | AlterColumn(type=Type()):
            query = _count(dialect, before.tables.get(operation.key), operation.column)
        case _:
            return None
    if query is None:
        return None
    return int(dialect.asked(connection, query).scalar_one())


def _count(dialect: Dialect, table: Table | None, column: str | None) -> str | None:
    if table is None or (column is not None and column not in table.columns):
        return None
    what = "*" if column is None else dialect.quoted(column)
    return f"SELECT count({what}) FROM {dialect.place(table.name, table.schema)}"
