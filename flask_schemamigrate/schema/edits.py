"""New schemas and tables made from old ones; nothing here changes its argument."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy.sql.compiler import RESERVED_WORDS

from ..errors.operations import UnknownColumn, WrongArgument
from .values import (
    Check,
    Column,
    Constraint,
    Enum,
    Exclude,
    ForeignKey,
    Index,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)

Item = TypeVar("Item")

# String literals come first, so that what stands in them is no identifier.
_WORD = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[^\W\d][\w$]*""")

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")

KINDS: dict[type[Any], str] = {
    Unique: "uniques",
    ForeignKey: "foreign_keys",
    Check: "checks",
    Exclude: "excludes",
}


def with_table(schema: Schema, table: Table) -> Schema:
    """The schema with this table, new or in place of the one of that name."""
    return replace(schema, tables={**schema.tables, table.key: table})


def without_table(schema: Schema, key: str) -> Schema:
    """The schema without that table."""
    return replace(schema, tables=without(schema.tables, key))


def renamed_table(schema: Schema, key: str, new: Table) -> Schema:
    """The schema with a table under a new name, and the foreign keys to it following."""
    tables = {
        new.key if name == key else name: referring_to(new if name == key else table, key, new.key)
        for name, table in schema.tables.items()
    }
    return replace(schema, tables=tables)


def referring_to(table: Table, old: str, new: str) -> Table:
    """The table with its foreign keys to ``old`` leading to ``new``."""
    return _mapped(
        table,
        foreign_keys=lambda item: replace(item, referent=new) if item.referent == old else item,
    )


def with_column(
    table: Table, column: Column, *, before: str | None = None, after: str | None = None
) -> Table:
    """The table with a column more, at the end unless told where. Raises `UnknownColumn`."""
    names = list(table.columns)
    for neighbour in (before, after):
        if neighbour is not None and neighbour not in names:
            raise UnknownColumn(table.key, neighbour, names)
    place = len(names)
    if before is not None:
        place = names.index(before)
    elif after is not None:
        place = names.index(after) + 1
    items = list(table.columns.items())
    items.insert(place, (column.name, column))
    return replace(table, columns=dict(items))


def changed_column(table: Table, name: str, column: Column) -> Table:
    """The table with a column replaced; a new name is carried into keys and indexes."""
    columns = {
        column.name if key == name else key: column if key == name else item
        for key, item in table.columns.items()
    }
    changed = replace(table, columns=columns)
    return changed if column.name == name else _with_renamed_column(changed, name, column.name)


def _with_renamed_column(table: Table, old: str, new: str) -> Table:
    def named(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column == old else column for column in columns)

    key = table.primary_key
    renamed = _mapped(
        with_texts(table, lambda text: with_renamed_word(text, old, new)),
        uniques=lambda item: replace(
            item, columns=named(item.columns), include=named(item.include)
        ),
        foreign_keys=lambda item: _renamed_key(item, table.key, named),
        indexes=lambda item: replace(
            item,
            include=named(item.include),
            keys=tuple(
                replace(part, column=new) if part.column == old else part for part in item.keys
            ),
        ),
    )
    return replace(
        renamed, primary_key=None if key is None else replace(key, columns=named(key.columns))
    )


def with_enums(schema: Schema, enums: Iterable[Enum]) -> Schema:
    """The schema with these enum types; those it has already stay as they are."""
    return replace(schema, enums={**{enum.key: enum for enum in enums}, **schema.enums})


def with_texts(table: Table, spoken: Callable[[str], str]) -> Table:
    """The table with the expressions in its rules, indexes and generated columns spoken anew."""

    def of(column: Column) -> Column:
        computed = column.computed
        if computed is None:
            return column
        return replace(column, computed=replace(computed, expression=spoken(computed.expression)))

    changed = _mapped(
        table,
        checks=lambda item: replace(item, condition=spoken(item.condition)),
        excludes=lambda item: replace(
            item,
            elements=tuple((spoken(text), operator) for text, operator in item.elements),
            where=item.where and spoken(item.where),
        ),
        indexes=lambda item: replace(
            item,
            keys=tuple(
                replace(part, expression=part.expression and spoken(part.expression))
                for part in item.keys
            ),
            where=item.where and spoken(item.where),
        ),
    )
    return replace(changed, columns={name: of(item) for name, item in table.columns.items()})


def with_renamed_word(text: str, old: str, new: str) -> str:
    """An SQL expression with an identifier changed wherever it stands, quoted or not.

    The databases do the same to the expressions that name a renamed column.
    """

    def changed(match: re.Match[str]) -> str:
        word = match[0]
        if word == old:
            return new if _is_plain(new) else '"' + new.replace('"', '""') + '"'
        first, last = word[0], word[-1]
        if first not in '"`[' or word[1:-1].replace(last * 2, last) != old:
            return word
        return f"{first}{new.replace(last, last * 2)}{last}"

    return _WORD.sub(changed, text)


def _is_plain(name: str) -> bool:
    """Whether a name is an identifier without quotes around it."""
    return _PLAIN.fullmatch(name) is not None and name not in RESERVED_WORDS


def _renamed_key(
    item: ForeignKey, table: str, named: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> ForeignKey:
    own = item.referent == table
    return replace(
        item,
        columns=named(item.columns),
        referent_columns=named(item.referent_columns) if own else item.referent_columns,
    )


def referring_column(table: Table, referent: str, old: str, new: str) -> Table:
    """The table with its foreign keys to ``referent``'s column ``old`` leading to ``new``."""
    return _mapped(
        table,
        foreign_keys=lambda item: (
            item
            if item.referent != referent
            else replace(
                item,
                referent_columns=tuple(
                    new if column == old else column for column in item.referent_columns
                ),
            )
        ),
    )


def without_column(table: Table, name: str) -> Table:
    """The table without a column, nor the keys, uniques and indexes that stood on it."""
    key = table.primary_key
    return replace(
        table,
        columns=without(table.columns, name),
        primary_key=None if key is not None and name in key.columns else key,
        uniques=_kept(table.uniques, lambda item: name not in item.columns),
        foreign_keys=_kept(table.foreign_keys, lambda item: name not in item.columns),
        indexes=_kept(table.indexes, lambda item: name not in item.columns),
    )


def with_constraint(table: Table, constraint: Constraint) -> Table:
    """The table with a constraint more."""
    if isinstance(constraint, PrimaryKey):
        columns = {
            name: replace(column, nullable=False) if name in constraint.columns else column
            for name, column in table.columns.items()
        }
        return replace(table, primary_key=constraint, columns=columns)
    kind = KINDS[type(constraint)]
    items: dict[str, Any] = {kind: {**getattr(table, kind), constraint.key: constraint}}
    return replace(table, **items)


def without_constraint(table: Table, constraint: Constraint) -> Table:
    """The table without a constraint."""
    if isinstance(constraint, PrimaryKey):
        return replace(table, primary_key=None)
    kind = KINDS[type(constraint)]
    items: dict[str, Any] = {kind: without(getattr(table, kind), constraint.key)}
    return replace(table, **items)


def with_index(table: Table, index: Index) -> Table:
    """The table with an index more."""
    return replace(table, indexes={**table.indexes, index.key: index})


def without_index(table: Table, key: str) -> Table:
    """The table without an index."""
    return replace(table, indexes=without(table.indexes, key))


def without(items: Mapping[str, Item], key: str) -> dict[str, Item]:
    """The mapping without one key."""
    return {name: item for name, item in items.items() if name != key}


def ordered(names: Sequence[str], partial: Sequence[Sequence[str]]) -> list[str]:
    """The names so that each partial order holds, and otherwise as they are.

    Raises `WrongArgument` for orders against each other.
    """
    place = {name: at for at, name in enumerate(names)}
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
    for wanted in partial:
        for first, second in pairwise(wanted):
            sorter.add(second, first)
    try:
        sorter.prepare()
    except CycleError:
        shown = "; ".join(", ".join(wanted) for wanted in partial)
        raise WrongArgument(
            f"These orders of columns contradict each other: {shown}.",
            hint="Name each column in one place of partial_reordering.",
        ) from None
    found: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=lambda name: place.get(name, 0))
        found.append(ready.pop(0))
        sorter.done(found[-1])
    return [name for name in found if name in place]


def _kept(items: Mapping[str, Item], keep: Callable[[Item], bool]) -> dict[str, Item]:
    return {name: item for name, item in items.items() if keep(item)}


def _mapped(table: Table, **changes: Callable[[Any], Any]) -> Table:
    """The table with each item of the named dicts changed, and filed under its key again."""
    fields: dict[str, Any] = {}
    for kind, change in changes.items():
        items = [change(item) for item in getattr(table, kind).values()]
        fields[kind] = {item.key: item for item in items}
    return replace(table, **fields)
