"""What a comparison is told of the app's configuration."""

from __future__ import annotations

from dataclasses import replace

from ..autogenerate.options import Options
from ..revisions import Graph, creations
from .databases import Database


def for_revisions(database: Database, graph: Graph) -> Options:
    """For what revisions lead to: what none of them created is nobody's business."""
    environment = database.environment
    config = environment.config
    created = creations.of(graph, database.names)

    def owned(key: str) -> bool:
        # Known once a connection was made.
        home = getattr(database.bind.engine.dialect, "default_schema_name", None)
        return created.has(key, home)

    return Options(
        owned=owned,
        schemas=created.places,
        own_schemas=created.schemas,
        history_tables=database.history.names | {config.alembic_version_table},
        exclude=config.exclude,
        include_schemas=environment.include_schemas,
        bind=database.label,
    )


def for_models(database: Database, graph: Graph, modules: tuple[str, ...]) -> Options:
    """For the app's models, with all that it says of them."""
    config, hooks = database.environment.config, database.environment.hooks
    return replace(
        for_revisions(database, graph),
        include_object=hooks.include_object,
        include_name=hooks.include_name,
        compare_type=True if hooks.compare_type is None else hooks.compare_type,
        compare_server_default=True
        if hooks.compare_server_default is None
        else hooks.compare_server_default,
        compare_column_order=config.compare_column_order,
        process_revision_directives=hooks.process_revision_directives,
        render_item=hooks.render_item,
        convention=database.naming_convention or {},
        modules=modules,
        everything=not graph.keys() - graph.foreign,
    )
