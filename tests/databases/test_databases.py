"""The databases that tests are given."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import clients, private, servers, session, temporary
from tests.databases.plugin import FOLDER, missing
from tests.databases.servers import KINDS

ROOT = Path(__file__).parents[2]
SERVERS = KINDS[1:]


def names(server: str) -> set[str]:
    """The databases that exist on a server."""
    with temporary.administrator(server) as connection:
        schemata = text("SELECT schema_name FROM information_schema.schemata")
        catalogue = text("SELECT datname FROM pg_database")
        query = catalogue if temporary.is_postgresql(connection) else schemata
        return set(connection.execute(query).scalars())


@pytest.fixture
def server(request, pytestconfig) -> str:
    """The URL of the session's server, as its administrator."""
    found = session.server(request.param, pytestconfig.stash[FOLDER])
    return found.url or missing(request.param, found.reason)


def dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_database_is_empty_and_can_be_written(database):
    database.execute("CREATE TABLE pet (id INTEGER PRIMARY KEY)", "INSERT INTO pet VALUES (7)")
    assert database.rows("SELECT id FROM pet") == [(7,)]


def test_two_databases_of_one_test_are_apart(new_database, database):
    other = new_database(database.name)
    database.execute("CREATE TABLE pet (id INTEGER PRIMARY KEY)")
    other.execute("CREATE TABLE pet (id INTEGER PRIMARY KEY)")
    assert database.url != other.url


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_async_url_opens_the_same_database(database):
    async def answer() -> list[tuple[int]]:
        engine = create_async_engine(database.async_url)
        try:
            async with engine.connect() as connection:
                found = await connection.execute(text("SELECT id FROM pet"))
                return [tuple(row) for row in found]
        finally:
            await engine.dispose()

    database.execute("CREATE TABLE pet (id INTEGER PRIMARY KEY)", "INSERT INTO pet VALUES (7)")
    assert asyncio.run(answer()) == [(7,)]


def test_a_script_goes_through_the_client_program(database, client_program):
    printed = database.feed(
        "CREATE TABLE pet (name VARCHAR(20)); INSERT INTO pet VALUES ('Käthe'); SELECT * FROM pet;"
    )
    assert printed.strip() == "Käthe"


def test_a_script_stops_at_its_first_error(database, client_program):
    with pytest.raises(clients.ScriptFailed, match="nowhere"):
        database.feed("SELECT * FROM nowhere; CREATE TABLE pet (id INTEGER);")


@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_a_database_goes_although_somebody_is_in_a_transaction(server):
    url = temporary.create(server)
    name = make_url(url).database or ""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE pet (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO pet VALUES (1)"))
        temporary.drop(server, name)
        connection.invalidate()
    engine.dispose()
    assert name not in names(server)


@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_what_a_killed_run_left_is_dropped(server):
    left = f"{temporary.PREFIX}{dead_process()}_00"
    alive = f"{temporary.PREFIX}{os.getpid()}_00"
    with temporary.administrator(server) as connection:
        connection.execute(text(f"CREATE DATABASE {left}"))
        connection.execute(text(f"CREATE DATABASE {alive}"))
    temporary.drop_leftovers(server)
    existing = names(server)
    temporary.drop(server, alive)
    assert left not in existing
    assert alive in existing


def test_the_folder_of_a_killed_session_is_cleared_away(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{session.PREFIX}{dead_process()}-x"
    left.mkdir()
    mine = session.open_folder()
    assert list(tmp_path.iterdir()) == [mine]


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_private_server_starts_answers_and_stops(kind):
    folder = session.open_folder()
    try:
        url = private.start(kind, folder)
        assert servers.refused(url) == ""
        process = psutil.Process(private.process_id(folder, kind))
        session.close_folder(folder)
        assert not process.is_running()
        assert not folder.exists()
    except private.CannotStart as error:
        missing(kind, str(error))
    finally:
        session.close_folder(folder)


def test_a_private_server_leaves_the_temporary_tables_of_others_alone(tmp_path, monkeypatch):
    neighbours = tmp_path / "#sql-temptable-1-2-3.MAI"
    neighbours.touch()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = session.open_folder()
    try:
        private.start("mariadb", folder)
        assert neighbours.exists()
    except private.CannotStart as error:
        missing("mariadb", str(error))
    finally:
        session.close_folder(folder)


def test_a_process_that_has_the_number_of_a_server_is_not_stopped(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        for kind, file in private.PID_FILES.items():
            (tmp_path / kind).mkdir()
            (tmp_path / kind / file).write_text(str(process.pid))
        private.stop(tmp_path)
        assert process.poll() is None
        process.kill()


def test_a_named_server_that_does_not_answer_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv(servers.VARIABLES["mariadb"], "mysql+pymysql://root:secret@127.0.0.1:1/")
    found = servers.find("mariadb", tmp_path)
    assert found.url is None
    assert "SCHEMAMIGRATE_TEST_MARIADB_URL does not let us in" in found.reason
    assert "secret" not in found.reason


@pytest.mark.parametrize(
    ("required", "outcome"),
    [("", {"skipped": 3}), ("all", {"errors": 3}), ("postgresql", {"skipped": 3})],
)
def test_an_unreachable_server_is_one_visible_line(pytester, monkeypatch, required, outcome):
    monkeypatch.setenv(servers.VARIABLES["mariadb"], "mysql+pymysql://root@127.0.0.1:1/")
    monkeypatch.setenv("SCHEMAMIGRATE_TEST_REQUIRE", required)
    pytester.makeini(f"[pytest]\naddopts = -ra\npythonpath = {ROOT}")
    pytester.makeconftest('pytest_plugins = ["tests.databases.plugin"]')
    pytester.makepyfile(
        """
        def test_one(mariadb): pass
        def test_two(mariadb): pass
        def test_three(mariadb_url): pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:xdist")
    result.assert_outcomes(**outcome)
    said = [line for line in result.outlines if line.startswith("SKIPPED")]
    assert len(said) == (1 if "skipped" in outcome else 0)
