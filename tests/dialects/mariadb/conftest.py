"""A MariaDB database for a whole module of tests, empty again for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.schema import Schema
from tests.databases import temporary
from tests.databases.database import Database
from tests.databases.plugin import server_url
from tests.databases.servers import MARIADB_AND_MYSQL


@pytest.fixture(scope="module", params=MARIADB_AND_MYSQL)
def shared(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Database]:
    """A database that a module's tests share."""
    server = server_url(request.param, pytestconfig)
    with temporary.database(server) as url:
        database = Database(request.param, url)
        yield database
        database.close()


@pytest.fixture
def engine(shared_engine: sa.Engine) -> Iterator[sa.Engine]:
    """An engine for a database that is empty, whatever an earlier test left."""
    yield shared_engine
    with shared_engine.begin() as connection:
        dialect = for_engine(shared_engine)
        found = dialect.read(connection)
        connection.exec_driver_sql("SET foreign_key_checks = 0")
        for kind, names in (
            ("VIEW", found.views),
            ("TABLE", found.tables),
            ("SEQUENCE", found.sequences),
        ):
            for name in names:
                connection.exec_driver_sql(f"DROP {kind} {dialect.quoted(name)}")
        connection.exec_driver_sql("SET foreign_key_checks = 1")


@pytest.fixture
def read(engine: sa.Engine) -> Callable[[], Schema]:
    """What the database looks like now."""

    def now() -> Schema:
        with engine.connect() as connection:
            return for_engine(engine).read(connection)

    return now
