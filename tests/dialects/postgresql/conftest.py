"""A PostgreSQL database for a whole module of tests, empty again for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.schema import Schema
from tests.databases import temporary
from tests.databases.database import Database
from tests.databases.plugin import server_url


@pytest.fixture(scope="module")
def shared(pytestconfig: pytest.Config) -> Iterator[Database]:
    """A database that a module's tests share."""
    server = server_url("postgresql", pytestconfig)
    with temporary.database(server) as url:
        database = Database("postgresql", url)
        yield database
        database.close()


@pytest.fixture
def engine(shared_engine: sa.Engine) -> Iterator[sa.Engine]:
    """An engine for a database that is empty, whatever an earlier test left."""
    yield shared_engine
    with shared_engine.begin() as connection:
        for schema in ("public", "other", "third"):
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


@pytest.fixture
def read(engine: sa.Engine) -> Callable[[], Schema]:
    """What the database looks like now."""

    def now() -> Schema:
        with engine.connect() as connection:
            return for_engine(engine).read(connection, schemas=(None, "other"))

    return now
