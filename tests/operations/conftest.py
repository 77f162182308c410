"""A sink that keeps what ``op`` is told, spelled by SQLAlchemy's own default dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from flask_schemamigrate.dialects.base import undoubled
from flask_schemamigrate.operations import Collector, Operation, bound
from flask_schemamigrate.schema.from_sqlalchemy import Spelling

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}


class Paper:
    """What a real sink would answer, without a database."""

    def __init__(
        self, convention: dict[str, str] | None, dialect: Any = postgresql.psycopg
    ) -> None:
        self.spelling = Spelling(undoubled(dialect.dialect()))
        self.naming_convention = convention
        self.context = None


@pytest.fixture
def said() -> Iterator[list[Operation]]:
    """The operations said so far; ``op`` is bound to them."""
    collector = Collector(Paper(None))  # type: ignore[arg-type]
    with bound(collector):
        yield collector.operations


@pytest.fixture
def said_by_convention() -> Iterator[list[Operation]]:
    """The same, where a naming convention is in force."""
    collector = Collector(Paper(CONVENTION))  # type: ignore[arg-type]
    with bound(collector):
        yield collector.operations


@pytest.fixture
def said_on_sqlite() -> Iterator[list[Operation]]:
    """The same for SQLite."""
    collector = Collector(Paper(None, sqlite.pysqlite))  # type: ignore[arg-type]
    with bound(collector):
        yield collector.operations
