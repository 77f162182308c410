"""The only place that speaks SQL: one folder per kind of database; floor 2 of the house.

What speaks is imported when it is asked for: a command with nothing to do has nothing to say.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .base import Dialect

FOLDERS = frozenset({"sqlite", "postgresql", "mysql", "mariadb"})


def for_dialect(dialect: sa.Dialect) -> Dialect:
    """Our dialect for SQLAlchemy's, which should have connected once so that it knows versions."""
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    if name not in FOLDERS:
        from .others import Other

        return Other(dialect)
    made: Dialect = import_module(f".{name}", __package__).dialect(dialect)
    return made


def for_engine(engine: sa.Engine) -> Dialect:
    """Our dialect for an engine."""
    return for_dialect(engine.dialect)
