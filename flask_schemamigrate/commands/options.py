"""What a comparison is told of the app's configuration."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import fields, replace
from functools import wraps
from typing import Any

from ..autogenerate.options import Options
from ..errors import HookRaised, SchemaMigrateError
from ..hooks import Hooks
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
    config, hooks = database.environment.config, _naming_themselves(database.environment.hooks)
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


def _naming_themselves(hooks: Hooks) -> Hooks:
    """The same hooks; those that are functions raise `HookRaised` for what goes wrong in them."""
    given: dict[str, Any] = {item.name: getattr(hooks, item.name) for item in fields(hooks)}
    for name, hook in given.items():
        if callable(hook):
            given[name] = _naming(name, hook)
    return Hooks(**given)


def _naming(name: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(hook, updated=())
    def called(*arguments: Any) -> Any:
        try:
            return hook(*arguments)
        except SchemaMigrateError:
            raise
        except Exception as error:
            raise HookRaised(name, error, place=_place(hook, error)) from error

    return called


def _place(hook: Callable[..., Any], error: Exception) -> str | None:
    """The last line that the error came through in the file of the hook itself."""
    code = getattr(hook, "__code__", None) or getattr(type(hook).__call__, "__code__", None)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if code is not None and frame.filename == code.co_filename:
            return f"{frame.filename}:{frame.lineno}"
    return None
