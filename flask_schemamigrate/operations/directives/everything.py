"""All directives in one class."""

from __future__ import annotations

from .columns import ColumnDirectives
from .constraints import ConstraintDirectives
from .data import DataDirectives
from .indexes import IndexDirectives
from .named import NamedDirectives
from .tables import TableDirectives
from .types import TypeDirectives


class AllDirectives(
    TableDirectives,
    ColumnDirectives,
    ConstraintDirectives,
    IndexDirectives,
    TypeDirectives,
    NamedDirectives,
    DataDirectives,
):
    """Everything that can be said about a database."""
