"""Foreign keys of models to what is nowhere: SQLite would take them, and refuse every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ..schema import Schema, Table
from ..schema.referents import named, no_such_referent, unresolved
from .home import home_key


def refuse(
    changed: Sequence[sa.Table],
    schemas: tuple[Schema, Schema, Mapping[str, Table]],
    connection: sa.Connection,
    home: str | None,
) -> None:
    """Raise `NoSuchReferent` if a foreign key that is new refers to what nobody has.

    What is in the database may be referred to without a model, and so may what another metadata
    of the same database holds. ``schemas`` are before, wanted, and of the latter what changed.
    """
    before, wanted, found = schemas
    for table in changed:
        place = home_key(table, home)
        for key in unresolved(table):
            is_new = _has(found.get(place), key) and not _has(before.tables.get(place), key)
            if is_new and not _is_there(key, (before, wanted), connection):
                raise no_such_referent(key)


def _has(table: Table | None, key: sa.ForeignKey) -> bool:
    """Whether the table has a foreign key from that column to that place."""
    referent, column = named(key)
    return table is not None and any(
        item.referent == referent
        and (key.parent.name, column) in zip(item.columns, item.referent_columns, strict=False)
        for item in table.foreign_keys.values()
    )


def _is_there(key: sa.ForeignKey, schemas: tuple[Schema, Schema], connection: Any) -> bool:
    """Whether models have what the foreign key refers to, or the database, in capitals or not."""
    before, wanted = schemas
    referent, column = named(key)
    if referent in wanted.tables:
        return column in wanted.tables[referent].columns
    for name, table in before.tables.items():
        if name.lower() == referent.lower():
            return column.lower() in {item.lower() for item in table.columns}
    schema, _, name = referent.rpartition(".")
    return bool(sa.inspect(connection).has_table(name, schema=schema or None))
