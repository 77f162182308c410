"""Ctrl-C lets the running statement end; a second one has the database end it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.looking import Status, status
from flask_schemamigrate.environment import Environment
from tests.databases.servers import MARIADB_AND_MYSQL

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT")

APP = """
import os
import sqlalchemy as sa
from flask import Flask
from flask_schemamigrate import SchemaMigrate

app = Flask(__name__)
engine = sa.create_engine(os.environ["DATABASE_URL"])

@sa.event.listens_for(engine, "connect")
def give(connection, record):
    if engine.dialect.name == "sqlite":
        connection.create_function("is_busy", 0, lambda: os.path.exists("busy"))

SchemaMigrate(app, engines=engine, metadatas=sa.MetaData())
"""

REVISION = '''"""a

Revision ID: a
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "a"
down_revision = None

def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("""{slow}""")
    op.execute("INSERT INTO thing VALUES (1)")
'''

# What takes as long as the test holds a lock, and what takes the lock; SQLite looks for a file.
COUNTING = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE is_busy())
SELECT max(i) FROM n"""
SLOW = {
    "sqlite": (COUNTING, None),
    "postgresql": ("SELECT pg_advisory_lock_shared(42)", "SELECT pg_advisory_lock(42)"),
    **dict.fromkeys(
        MARIADB_AND_MYSQL, ("UPDATE gate SET n = n + 1", "SELECT n FROM gate FOR UPDATE")
    ),
}


class Shop:
    """An app whose one revision has a statement that takes long."""

    def __init__(self, folder: Path, database) -> None:
        self.folder, self.database = folder, database
        self.slow, self.lock = SLOW[database.name]
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        (versions / "a.py").write_text(REVISION.format(slow=self.slow))
        (folder / "app.py").write_text(APP)
        database.execute("CREATE TABLE gate (n INTEGER)", "INSERT INTO gate VALUES (1)")

    @contextmanager
    def busy(self) -> Iterator[None]:
        """A block in which the statement does not end."""
        if self.lock is None:
            (self.folder / "busy").touch()
            yield
            (self.folder / "busy").unlink()
            return
        with self.database.engine().connect() as connection:
            connection.exec_driver_sql(self.lock)
            yield
            connection.invalidate()

    def started(self) -> subprocess.Popen[str]:
        """A process that upgrades."""
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "db", "upgrade", "--format", "json"],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": self.database.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def at_it(self) -> subprocess.Popen[str]:
        """A process that upgrades, and has come to the slow statement."""
        process = self.started()
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "working" and event["sql"] == self.slow:
                return process
        pytest.fail(process.communicate()[1])

    @property
    def status(self) -> Status:
        """How the database stands."""
        engine = self.database.engine()
        (found,) = status(Environment.without_app(self.folder / "migrations", engines=engine))
        return found


@pytest.fixture
def shop(tmp_path: Path, database) -> Shop:
    """The app, once for each kind of database."""
    return Shop(tmp_path, database)


def press(process: subprocess.Popen[str], *answers: str) -> None:
    """Press Ctrl-C once for each answer, which is waited for."""
    assert process.stderr is not None
    for answer in answers:
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline().startswith(answer)


def terminate(process: subprocess.Popen[str]) -> None:
    """Send SIGTERM twice, as an impatient supervisor may, and wait until it was heard."""
    assert process.stderr is not None
    process.terminate()
    assert process.stderr.readline().startswith("Stopping after this statement")
    process.terminate()


def ended(process: subprocess.Popen[str]) -> str:
    """The error that a process ended with."""
    assert process.stderr is not None
    # Not communicate(), which knows nothing of what was read ahead.
    said = process.stderr.read()
    process.wait(60)
    assert process.stdout is not None
    process.stdout.close()
    process.stderr.close()
    assert process.returncode == 130, said
    return json.loads(said)["error"]


def test_one_press_lets_the_statement_end_and_a_second_has_the_server_end_it(shop):
    with shop.busy():
        process = shop.at_it()
        press(process, "Stopping after this statement", "Cancelling this statement")
        assert ended(process) == "Cancelled"

    if shop.database.name in MARIADB_AND_MYSQL:
        (stop,) = shop.status.unfinished
        assert (stop.operation, stop.is_unknown, stop.sql) == (2, False, shop.slow)
    else:
        assert shop.status.unfinished == ()

    with shop.busy():
        process = shop.at_it()
        press(process, "Stopping after this statement")
    assert ended(process) == "Stopped"

    if shop.database.name in MARIADB_AND_MYSQL:
        (stop,) = shop.status.unfinished
        assert (stop.operation, stop.is_unknown, stop.error) == (3, False, "Stopped on request.")
    else:
        assert shop.status.pending == ("a",)
        assert not sa.inspect(shop.database.engine()).has_table("thing")

    _, trouble = shop.started().communicate(timeout=60)
    assert "Error" not in trouble
    assert shop.database.rows("SELECT * FROM thing") == [(1,)]
    assert shop.status.is_ready


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sigterm_lets_the_statement_end_however_often_it_comes(shop):
    with shop.busy():
        process = shop.at_it()
        terminate(process)
    assert ended(process) == "Stopped"
    assert shop.status.pending == ("a",)
