"""Which schemas are read, and which of them go with their last table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from ..schema import Schema
from .options import Options

SYSTEM = frozenset({"information_schema", "mysql", "performance_schema", "sys"})


def to_read(
    models: Schema, options: Options, connection: sa.Connection, home: str | None
) -> Sequence[str | None]:
    """The default schema, those of models and of what revisions created, and those asked for."""
    more: Iterable[str] = ()
    if options.include_schemas is True:
        more = [name for name in _there(connection) if name not in SYSTEM]
    elif options.include_schemas:
        more = options.include_schemas
    former = (options.schemas | options.own_schemas) - {*models.namespaces, *more, home or ""}
    if former:
        more = [*more, *former.intersection(_there(connection))]
    found = sorted({*models.namespaces, *more} - {home or ""})
    if options.include_name is not None:
        found = [name for name in found if options.include_name(name, "schema", {})]
    return (None, *found)


def _there(connection: sa.Connection) -> list[str]:
    names = sa.inspect(connection).get_schema_names()
    return [name for name in names if not name.startswith("pg_")]


def emptied(before: Schema, result: Schema, options: Options) -> frozenset[str]:
    """The schemas that a revision created, and from which everything goes now."""
    gone = options.own_schemas & before.namespaces
    if not gone:
        return frozenset()
    used = {table.schema for table in before.tables.values()}
    parts = (result.tables, result.enums, result.domains, result.sequences)
    kept = {item.schema for part in parts for item in part.values()}
    kept |= {key.rpartition(".")[0] for key in (*result.views, *result.unmanaged)}
    return frozenset(name for name in gone if name in used and name not in kept)
