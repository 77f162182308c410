"""What a project may say about comparing and writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal


@dataclass(frozen=True)
class Options:
    """What a comparison is told besides models and database.

    The hooks have Alembic's call signatures. ``owned`` says whether a revision of this history
    created the table of that key; ``schemas`` are those in which one did, and ``own_schemas`` those
    that one created. ``exclude`` are patterns of names: ``table``,
    ``table.column`` (or index, or constraint), ``schema.*``. ``convention`` is the naming
    convention that will be in force when the revision runs. ``message`` and ``rev_id`` are what
    was asked for, which ``process_revision_directives`` may look at and change. ``everything`` has
    the models' words for all tables in the result, not only for those that change. ``renamed`` are
    tables that somebody said have new names, which shows that the models of these are seen.
    """

    owned: Callable[[str], bool] = lambda key: False
    schemas: frozenset[str] = frozenset()
    own_schemas: frozenset[str] = frozenset()
    history_tables: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    include_schemas: bool | Sequence[str] = False
    include_object: Callable[[Any, str | None, str, bool, Any], bool] | None = None
    include_name: Callable[[str | None, str, Any], bool] | None = None
    compare_type: bool | Callable[[Any, Any, Any, Any, Any], bool | None] = True
    compare_server_default: bool | Callable[[Any, Any, Any, Any, Any, Any], bool | None] = True
    compare_column_order: bool = False
    process_revision_directives: Callable[[Any, Any, list[Any]], None] | None = None
    render_item: Callable[[str, Any, Any], str | Literal[False]] | None = None
    render_types_as: Literal["implementation", "custom"] = "implementation"
    convention: Mapping[str, Any] = field(default_factory=dict)
    bind: str = "default"
    modules: tuple[str, ...] = ()
    message: str | None = None
    rev_id: str | None = None
    everything: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)

    def excludes(self, *names: str) -> bool:
        """Whether one of these names is on the exclusion list."""
        return any(fnmatchcase(name, pattern) for pattern in self.exclude for name in names)
