"""SQLite's tongue."""

from .dialect import SQLite

dialect = SQLite

__all__ = ["SQLite", "dialect"]
