"""Tables that were made without migrations, which therefore find nothing to do about them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ..environment import Environment
from ..revisions import Graph
from ..schema import key_of
from .databases import Database, databases
from .options import for_revisions


def uncreated(environment: Environment, *, binds: Sequence[str] = ()) -> list[str]:
    """The models' tables that are in a database although no revision says that it creates them.

    Nothing is said where most of them came to be so, as in a project whose first revision
    found them there, or where a hook or a package may know more of tables than the revisions do.
    """
    graph = environment.graph()
    hooks = environment.hooks
    if graph.foreign or hooks.include_object or hooks.include_name:
        return []
    found = databases(environment, binds)
    return environment.run(lambda: [name for each in found for name in _of(each, graph)])


def _of(database: Database, graph: Graph) -> list[str]:
    options = for_revisions(database, graph)
    with database.connect() as connection:
        inspector = sa.inspect(connection)
        home = inspector.default_schema_name
        places: dict[str | None, set[str]] = {}
        for table in (table for each in database.metadatas for table in each.tables.values()):
            schema = None if table.schema == home else table.schema
            if not options.excludes(key_of(table.name, schema), table.name):
                places.setdefault(schema, set()).add(table.name)
        found = [
            key_of(name, schema)
            for schema, names in places.items()
            for name in inspector.get_table_names(schema)
            if name in names
        ]
    others = [key for key in found if not options.owned(key)]
    return others if len(others) * 2 <= len(found) else []
