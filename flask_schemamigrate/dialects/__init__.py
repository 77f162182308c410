"""The only place that speaks SQL: one folder per kind of database; floor 2 of the house."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .base import Dialect

if TYPE_CHECKING:
    import sqlalchemy as sa

FOLDERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
}


def for_dialect(dialect: sa.Dialect) -> Dialect:
    """Our dialect for SQLAlchemy's, which should have connected once so that it knows versions."""
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    folder = FOLDERS.get(name)
    if folder is None:
        return Dialect(dialect)
    made: Dialect = import_module(f".{folder}", __package__).dialect(dialect)
    return made


def for_engine(engine: sa.Engine) -> Dialect:
    """Our dialect for an engine."""
    return for_dialect(engine.dialect)


__all__ = ["Dialect", "for_dialect", "for_engine"]
