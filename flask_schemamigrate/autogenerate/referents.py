"""Foreign keys of models to what is nowhere: SQLite would take them, and refuse every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from ..schema import Schema, Table
from ..schema.referents import named, no_such_referent, unresolved
from .home import home_key


def refuse(
    changed: Sequence[sa.Table],
    schemas: tuple[Schema, Mapping[str, Table]],
    connection: sa.Connection,
    home: str | None,
) -> None:
    """Raise `NoSuchReferent` if a foreign key that is new refers to what nobody has.

    What is in the database may be referred to without a model.
    """
    before, wanted = schemas
    for table in changed:
        place = home_key(table, home)
        for key in unresolved(table):
            is_new = _has(wanted.get(place), key) and not _has(before.tables.get(place), key)
            if is_new and not _is_there(key, before, connection):
                raise no_such_referent(key)


def _has(table: Table | None, key: sa.ForeignKey) -> bool:
    """Whether the table has a foreign key from that column to that place."""
    referent, column = named(key)
    return table is not None and any(
        item.referent == referent
        and (key.parent.name, column) in zip(item.columns, item.referent_columns, strict=False)
        for item in table.foreign_keys.values()
    )


def _is_there(key: sa.ForeignKey, before: Schema, connection: sa.Connection) -> bool:
    """Whether the database has what the foreign key refers to, in capitals or not."""
    referent, column = named(key)
    for name, table in before.tables.items():
        if name.lower() == referent.lower():
            return column.lower() in {item.lower() for item in table.columns}
    schema, _, name = referent.rpartition(".")
    return sa.inspect(connection).has_table(name, schema=schema or None)
