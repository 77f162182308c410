"""Tables that were made without migrations, which therefore find nothing to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from ..environment import Environment
from ..revisions import Graph
from .databases import Database, databases
from .options import for_revisions


def uncreated(environment: Environment, *, binds: Sequence[str] = ()) -> list[str]:
    """The models' tables that are in a database although no revision says that it creates them.

    Nothing is said where a hook or a package may know more of tables than the revisions do.
    """
    graph = environment.graph()
    hooks = environment.hooks
    if graph.foreign or hooks.include_object or hooks.include_name:
        return []
    found = databases(environment, binds)
    return environment.run(lambda: [name for each in found for name in _of(each, graph)])


def _of(database: Database, graph: Graph) -> Iterator[str]:
    options = for_revisions(database, graph)
    with database.connect() as connection:
        inspector = sa.inspect(connection)
        home = inspector.default_schema_name
        there: dict[str | None, set[str]] = {}
        for table in (table for each in database.metadatas for table in each.tables.values()):
            schema = None if table.schema == home else table.schema
            key = table.name if schema is None else f"{schema}.{table.name}"
            if options.owned(key) or options.excludes(key, table.name):
                continue
            if schema not in there:
                there[schema] = set(inspector.get_table_names(schema))
            if table.name in there[schema]:
                yield key
