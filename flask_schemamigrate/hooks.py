"""What an app gives in code rather than in its config: hooks and seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

# The call signatures are Alembic's, so that an existing configuration carries over.
IncludeObject = Callable[[Any, str | None, str, bool, Any], bool]
IncludeName = Callable[[str | None, str, Any], bool]
CompareType = Callable[[Any, Any, Any, Any, Any], bool | None]
CompareServerDefault = Callable[[Any, Any, Any, Any, Any, Any], bool | None]
ProcessRevisionDirectives = Callable[[Any, Any, list[Any]], None]
RenderItem = Callable[[str, Any, Any], str | Literal[False]]


@dataclass(frozen=True)
class Hooks:
    """Functions and switches of the app that have a say in what is compared and written.

    ``None`` means that the app has none: ``compare_type`` and ``compare_server_default`` need not
    be switched on, ``False`` switches them off.
    """

    include_object: IncludeObject | None = None
    include_name: IncludeName | None = None
    include_schemas: bool | None = None
    compare_type: bool | CompareType | None = None
    compare_server_default: bool | CompareServerDefault | None = None
    process_revision_directives: ProcessRevisionDirectives | None = None
    render_item: RenderItem | None = None


class Options(TypedDict, total=False):
    """The further keywords of ``SchemaMigrate``: :class:`Hooks`, and what Flask-Migrate took."""

    include_object: IncludeObject | None
    include_name: IncludeName | None
    include_schemas: bool | None
    compare_type: bool | CompareType | None
    compare_server_default: bool | CompareServerDefault | None
    process_revision_directives: ProcessRevisionDirectives | None
    render_item: RenderItem | None
    alembic_module_prefix: Any
    render_as_batch: Any
    sqlalchemy_module_prefix: Any
    transaction_per_migration: Any
    transactional_ddl: Any
    user_module_prefix: Any
    version_table: str | None
    version_table_schema: str | None


# What Flask-Migrate's Migrate() took and nothing here asks for, with the reason.
NEEDLESS = {
    "alembic_module_prefix": "operations are written as op.name()",
    "render_as_batch": "tables are altered on every database without it",
    "sqlalchemy_module_prefix": "types are written as sa.Name()",
    "transaction_per_migration": "each revision is its own transaction",
    "transactional_ddl": "what a database can roll back is known",
    "user_module_prefix": "types are written with the module they come from",
}
# What it took and is a key of the config here.
CONFIGURED = {
    "version_table": "alembic_version_table",
    "version_table_schema": "alembic_version_schema",
}


@dataclass(frozen=True)
class Seed:
    """A function that puts rows into the database, once or, with ``always``, every time."""

    name: str
    function: Callable[..., Any]
    always: bool = False

    @property
    def place(self) -> str:
        """The module and name of the function, for a message."""
        name = getattr(self.function, "__qualname__", repr(self.function))
        return f"{self.function.__module__}.{name}"
