"""The fixtures through which a test asks for a database, and their place in the session.

Every database is made for one test and dropped after it. ``database`` runs its test once per kind;
narrow it with ``@pytest.mark.parametrize("database", ["postgresql"], indirect=True)``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.databases import session, temporary
from tests.databases.clients import NoClient, program
from tests.databases.database import Database
from tests.databases.servers import KINDS, is_required

FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the session's folder, or in an xdist worker, take the controller's."""
    given = getattr(config, "workerinput", {}).get("session_folder")
    config.stash[FOLDER] = Path(given) if given else session.open_folder()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell an xdist worker where the session's folder is."""
    node.workerinput["session_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the session started, once its last process is done."""
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        session.close_folder(config.stash[FOLDER])


class Unreachable(pytest.skip.Exception):  # type: ignore[name-defined,misc]
    """Skips a test whose server cannot be had here."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]):
    """Let the tests that miss the same server share one line of the summary."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Unreachable):
        report.longrepr = ("tests/databases", None, f"Skipped: {call.excinfo.value}")
    return report


@pytest.fixture
def new_database(
    tmp_path: Path, pytestconfig: pytest.Config
) -> Iterator[Callable[[str], Database]]:
    """Make as many databases as a test needs: ``new_database("postgresql")``."""
    with making_databases(tmp_path, pytestconfig) as new:
        yield new


@contextmanager
def making_databases(folder: Path, config: pytest.Config) -> Iterator[Callable[[str], Database]]:
    """A function that makes databases, which go at the end; SQLite's live in ``folder``."""
    with ExitStack() as undoing:

        def new(kind: str) -> Database:
            if kind == "sqlite":
                database = Database(kind, f"sqlite:///{folder / f'{secrets.token_hex(4)}.db'}")
            else:
                server = server_url(kind, config)
                url = undoing.enter_context(temporary.database(server))
                database = Database(kind, url)
            undoing.callback(database.close)
            return database

        yield new


def server_url(kind: str, config: pytest.Config) -> str:
    """Where the server of this kind is; skips the test, or fails it, where there is none."""
    server = session.server(kind, config.stash[FOLDER])
    if server.url is None:
        missing(kind, server.reason)
    return server.url


def missing(kind: str, reason: str) -> NoReturn:
    """End the test for want of something: skipped, or failed where it is required."""
    if is_required(kind):
        pytest.fail(reason, pytrace=False)
    raise Unreachable(reason)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, new_database) -> Database:
    """An empty database, once of each kind."""
    return new_database(request.param)


@pytest.fixture
def database_url(database: Database) -> str:
    """The URL of an empty database, once of each kind."""
    return database.url


@pytest.fixture
def sqlite(new_database) -> Database:
    """An empty SQLite file."""
    return new_database("sqlite")


@pytest.fixture
def postgresql(new_database) -> Database:
    """An empty PostgreSQL database."""
    return new_database("postgresql")


@pytest.fixture
def mariadb(new_database) -> Database:
    """An empty MariaDB database."""
    return new_database("mariadb")


@pytest.fixture
def sqlite_url(sqlite: Database) -> str:
    """The URL of an empty SQLite file."""
    return sqlite.url


@pytest.fixture
def postgresql_url(postgresql: Database) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgresql.url


@pytest.fixture
def mariadb_url(mariadb: Database) -> str:
    """The URL of an empty MariaDB database."""
    return mariadb.url


@pytest.fixture
def client_program(database: Database) -> str:
    """The database's own client program, without which ``database.feed`` cannot be tested."""
    try:
        return program(database.name)
    except NoClient as error:
        missing(database.name, str(error))
