"""A revision carried out on SQLite, and what is there then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from tests.dialects.sink import TestSink, revised_by


def revised(engine: sa.Engine, say: Callable[[Any], object]) -> list[str]:
    """Let a revision say its operations to ``op``, commit, and return the SQL that did it."""
    return revision(engine, say).statements


def revision(engine: sa.Engine, say: Callable[[Any], object]) -> TestSink:
    """Let a revision say its operations to ``op``, commit, and return the sink that did them."""
    dialect = for_engine(engine)
    return revised_by(engine, say, lambda connection: TestSink(dialect, connection))


def guarded(engine: sa.Engine) -> sa.Engine:
    """The engine of an app that switches foreign keys on for each connection."""

    @sa.event.listens_for(engine, "connect")
    def switch_on(connection, record):
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def rows(engine: sa.Engine, query: str) -> list[tuple[Any, ...]]:
    """What a query answers, as plain tuples."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def executed(engine: sa.Engine, script: str) -> None:
    """Carry out a script of statements."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.executescript(script)
    raw.commit()
    raw.close()
