"""Names that models give to two things, of which a database takes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..errors.autogenerate import SameName
from .options import Options

KINDS: tuple[tuple[type[Any], str], ...] = (
    (sa.Index, "index"),
    (sa.PrimaryKeyConstraint, "primary key"),
    (sa.UniqueConstraint, "unique constraint"),
    (sa.ForeignKeyConstraint, "foreign key"),
    (sa.CheckConstraint, "check"),
)


def refuse(dialect: Dialect, metadatas: Iterable[sa.MetaData], options: Options) -> None:
    """Raise `SameName` if models give one name to things that share a space of names here."""
    taken: dict[tuple[object, ...], tuple[sa.Table, Any]] = {}
    for metadata in metadatas:
        for table in metadata.tables.values():
            if options.excludes(table.key):
                continue
            for space, name, item in _named(dialect, table):
                owner, other = taken.setdefault((*space, name), (table, item))
                if other is not item and _both_stand(dialect, (owner, other), (table, item)):
                    raise SameName(name, [_told(owner, other), _told(table, item)])


def _named(dialect: Dialect, table: sa.Table) -> Iterator[tuple[tuple[object, ...], str, Any]]:
    """What of a table has a name, with the space of names it is in."""
    here, own = (table.schema,), (table.schema, table.name)
    if "table" in dialect.name_spaces:
        yield (*here, dialect.name_spaces["table"][0]), table.name, table
    checks = [item for column in table.columns for item in column.constraints]
    items: tuple[Any, ...] = (*table.constraints, *checks, *table.indexes)
    for item in items:
        if item.name is not None and (found := dialect.name_spaces.get(_kind(item))):
            space, of_schema = found
            name = dialect.spelling.name(item)
            if name is not None:
                yield (*(here if of_schema else own), space), name, item


def _both_stand(dialect: Dialect, one: tuple[Any, Any], two: tuple[Any, Any]) -> bool:
    """Whether both are written, and on one table not the very same thing."""
    values = [_value(dialect, item) for _, item in (one, two)]
    return None not in values and (one[0] is not two[0] or values[0] != values[1])


def _value(dialect: Dialect, item: Any) -> Any:
    if isinstance(item, sa.Table):
        return item
    if isinstance(item, sa.Index):
        return dialect.spelling.index(item)
    return dialect.spelling.constraint(item)


def _kind(item: Any) -> str:
    for type_, kind in KINDS:
        if isinstance(item, type_):
            return kind
    return "exclusion constraint"


def _told(table: sa.Table, item: Any) -> str:
    return f"table {table.key}" if item is table else f"{_kind(item)} on {table.key}"
