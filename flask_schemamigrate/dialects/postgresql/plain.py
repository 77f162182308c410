"""What PostgreSQL gives back just as it is told: nothing to spell, and dear to create."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...schema import Column, ForeignKey, Index, IndexKey, PrimaryKey, Schema, Table, Unique
from ...schema import Sequence as SequenceValue
from .aside import texts_of
from .rules import ACTIONS
from .types import INTEGERS

LONGEST_NAME = 63
PORTION = 200
"""How many tables are created at once: each takes up to ten locks of some two thousand."""


def without_plain(tables: Mapping[str, Table], default: str) -> dict[str, Table]:
    """The tables without the keys, indexes and serial numbers that are given back as they are.

    A foreign key that stays needs a key to lead to. ``default`` is the default schema's name.
    """
    staying = {
        name: {key: item for key, item in table.foreign_keys.items() if not leads(item, default)}
        for name, table in tables.items()
    }
    led_to = {item.referent for found in staying.values() for item in found.values()}
    calls = any("nextval(" in text for table in tables.values() for text in defaults(table))
    return {
        name: replace(
            table if name in led_to else _without_keys(table),
            columns={
                key: replace(column, autoincrement=False)
                if numbers_itself(column) and not calls
                else column
                for key, column in table.columns.items()
            },
            foreign_keys=staying[name],
            indexes=_without(table.indexes, not_unique if name in led_to else is_plain),
        )
        for name, table in tables.items()
    }


def portions(wanted: Schema) -> Iterator[Schema]:
    """The schema with so many tables at a time as a server of few locks has room for.

    Tables that inherit and those they inherit from stay together.
    """
    parents = {table.key: table.options.get("inherits", ()) for table in wanted.tables.values()}
    tied = {name for key, found in parents.items() if found for name in (key, *found)}
    keys = [key for key in wanted.tables if key in tied]
    end = max(PORTION, len(keys))
    keys += [key for key in wanted.tables if key not in tied]
    start = 0
    while start == 0 or start < len(keys):
        yield replace(wanted, tables={key: wanted.tables[key] for key in keys[start:end]})
        start, end = end, end + PORTION


def mentioned(wanted: Schema) -> list[SequenceValue]:
    """The sequences whose names stand in a default or a check; the others are not needed."""
    texts = [text for table in wanted.tables.values() for text in defaults(table)]
    texts += [text for table in wanted.tables.values() for text in conditions(table)]
    texts += [domain.default or "" for domain in wanted.domains.values()]
    text = "\n".join(texts).lower()
    found = wanted.sequences.values()
    return [item for item in found if not item.name.isidentifier() or item.name.lower() in text]


def defaults(table: Table) -> Iterator[str]:
    """The texts of a table's defaults."""
    yield from (column.default for column in table.columns.values() if column.default)


def conditions(table: Table) -> Iterator[str]:
    """The texts of a table's checks."""
    for check in table.checks.values():
        yield from texts_of(check)


def numbers_itself(column: Column) -> bool:
    """Whether a column is a plain serial one, which without its sequence is an integer."""
    return (
        column.autoincrement
        and column.type.text in INTEGERS
        and not column.nullable
        and column.default is None
        and column.identity is None
        and column.computed is None
    )


def leads(key: ForeignKey, default: str) -> bool:
    """Whether a foreign key is read as it is said."""
    actions = ACTIONS.values()
    return (
        is_short(key.name)
        and bool(key.referent_columns)
        and key.referent.rpartition(".")[0] != default
        and key.onupdate in actions
        and key.ondelete in actions
        and key.match in (None, "FULL")
        and (key.initially is None or (key.initially == "DEFERRED" and key.deferrable))
        and key.validated
        and not key.options
    )


def not_unique(item: Index) -> bool:
    """Whether an index holds nothing to spell, and is nothing that a foreign key can lead to."""
    return is_plain(item) and not item.unique


def is_plain(item: Any) -> bool:
    """Whether a primary key, a unique constraint or an index has columns and a name, no more."""
    match item:
        case PrimaryKey():
            return is_short(item.name) and item == PrimaryKey(item.columns, item.name)
        case Unique():
            return is_short(item.name) and item == Unique(item.columns, item.name)
        case Index():
            keys = tuple(IndexKey(key.column) for key in item.keys)
            return item.name is not None and item == Index(item.name, keys, item.unique)
    return False


def is_short(name: str | None) -> bool:
    """Whether PostgreSQL would leave a name as long as it is."""
    return len((name or "").encode()) <= LONGEST_NAME


def _without_keys(table: Table) -> Table:
    """The table without its plain unique constraints and, where no column is NULL, primary key."""
    key = table.primary_key
    if key is not None and is_plain(key) and _required(key.columns, table):
        key = None
    return replace(table, primary_key=key, uniques=_without(table.uniques, is_plain))


def _required(names: Collection[str], table: Table) -> bool:
    return all(name in table.columns and not table.columns[name].nullable for name in names)


def _without(items: Mapping[str, Any], leaves_out: Callable[[Any], bool]) -> dict[str, Any]:
    return {key: item for key, item in items.items() if not leaves_out(item)}
