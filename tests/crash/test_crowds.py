"""However many processes upgrade at once, each revision runs once and all of them end well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flask_schemamigrate.commands.logged import log
from flask_schemamigrate.commands.resolving import resolve
from flask_schemamigrate.commands.running import Manner, downgrade, upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.dialects import for_engine, lease
from flask_schemamigrate.dialects.lease import LeaseLock
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors.runs import Unfinished
from flask_schemamigrate.errors.stopping import LeaseLost, LockNotObtained
from flask_schemamigrate.runner.events import Working
from tests.databases.servers import MARIADB_AND_MYSQL

ROOT = Path(__file__).resolve().parents[2]
HISTORY = "schemamigrate_history"

REVISION = '''"""{id}

Revision ID: {id}
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "{id}"
down_revision = {below!r}

def upgrade():
    {up}
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five revisions, one of which builds an index concurrently where that can be done."""
    ups = [
        'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))',
        'op.execute("INSERT INTO thing VALUES (1)")',
        'op.create_index("ix_thing", "thing", ["id"], postgresql_concurrently=True)',
        'op.add_column("thing", sa.Column("size", sa.Integer))',
        'op.execute("INSERT INTO thing (id, size) VALUES (2, 2)")',
    ]
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    below = None
    for id, up in zip("abcde", ups, strict=True):
        (versions / f"{id}.py").write_text(REVISION.format(id=id, below=below, up=up))
        below = id
    return versions.parent


def crowd(database, folder: Path, count: int, **variables: str) -> list[str | None]:
    """Start so many upgrades at once; what went wrong in each."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("crowd.py"), database.url, folder, str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def ran(database, folder: Path) -> list[str]:
    """What the log says was carried out."""
    here = Environment.without_app(folder, engines=database.engine())
    return [line.revision for line in log(here) if line.action == "upgrade"]


def test_ten_processes_run_each_revision_once_and_all_end_well(database, folder):
    troubles = crowd(database, folder, 10)

    assert not any(troubles), "\n".join(filter(None, troubles))
    assert len(troubles) == 10
    assert sorted(ran(database, folder)) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_lease_keeps_processes_apart_as_well(database, folder):
    troubles = crowd(database, folder, 4, LOCK="lease")

    assert not any(troubles), "\n".join(filter(None, troubles))
    assert sorted(ran(database, folder)) == ["a", "b", "c", "d", "e"]


HOLDER = """
import sys
import sqlalchemy as sa
from flask_schemamigrate.dialects import for_engine, lease
engine = sa.create_engine(sys.argv[1])
with engine.connect():
    lock = for_engine(engine).migration_lock(engine, "schemamigrate_history")
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_a_killed_holder_of_the_lock_keeps_nobody_waiting(database, folder):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database.url],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "True\n"
    here = Environment.without_app(folder, engines=database.engine())
    with pytest.raises(LockNotObtained, match=r"not free within 0 seconds\. It is held by process"):
        list(upgrade(here, manner=Manner(lock_wait=0)))

    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    done = list(upgrade(here, manner=Manner(lock_wait=20)))

    assert len(done) == 5


@pytest.mark.parametrize("act", [upgrade, downgrade])
def test_what_another_process_has_begun_is_waited_for_and_not_taken_as_stopped(
    database, folder, act
):
    here = Environment.without_app(folder, engines=database.engine())
    list(upgrade(here, "c"))
    state, target = ("undoing", "e") if act is upgrade else ("started", "b")
    database.execute(f"UPDATE {HISTORY} SET state = '{state}' WHERE revision = 'c'")
    lock = for_engine(database.engine()).migration_lock(database.engine(), HISTORY, None)
    assert lock.acquire()
    try:
        with pytest.raises(LockNotObtained):
            list(act(here, target, manner=Manner(lock_wait=0)))
    finally:
        lock.release()
    with pytest.raises(Unfinished):
        list(act(here, target, manner=Manner(lock_wait=0)))


WORKER = """
import sys
import sqlalchemy as sa
from flask_schemamigrate.commands.running import Manner, downgrade, upgrade
from flask_schemamigrate.environment import Environment
def watch(event):
    print(getattr(event, "sql", ""), flush=True)
engine = sa.create_engine(sys.argv[1])
list(upgrade(Environment.without_app(sys.argv[2], engines=engine), manner=Manner(watch=watch)))
"""
# What the server goes on with when its client is gone, and what ends that.
SLOW = {"postgresql": "SELECT pg_sleep(60)", **dict.fromkeys(MARIADB_AND_MYSQL, "SELECT SLEEP(60)")}
END = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE query = '{slow}' AND datname = current_database()",
    **dict.fromkeys(MARIADB_AND_MYSQL, "KILL QUERY {session}"),
}


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_statement_that_outlives_its_process_keeps_others_out(database, folder):
    slow = SLOW[database.name]
    file = folder / "versions" / "b.py"
    file.write_text(REVISION.format(id="b", below="a", up=f'op.execute("{slow}")'))
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, database.url, folder],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    while worker.stdout.readline() != f"{slow}\n":
        assert worker.poll() is None
    watching = database.engine().connect()
    while not running(watching, slow):
        pass
    worker.kill()
    worker.wait()
    worker.stdout.close()

    here = Environment.without_app(folder, engines=database.engine())
    with pytest.raises(LockNotObtained, match=r"held by session \d+ on .* running: SELECT") as told:
        list(upgrade(here, manner=Manner(lock_wait=0.5)))

    assert slow in str(told.value)
    end = END[database.name].format(slow=slow, session=running(watching, slow))
    watching.exec_driver_sql(end)
    watching.close()
    file.write_text(REVISION.format(id="b", below="a", up='op.execute("SELECT 1")'))
    if database.name in MARIADB_AND_MYSQL:
        list(resolve(here, "b", "rolled-back"))
    list(upgrade(here))
    assert sorted(ran(database, folder)) == ["a", "b", "c", "d", "e"]


def running(connection, sql: str) -> int | None:
    """The session that carries this statement out."""
    ask = {
        "postgresql": "SELECT pid FROM pg_stat_activity WHERE query = %s AND state = 'active'",
        "mysql": "SELECT id FROM information_schema.processlist WHERE info = %s",
    }[connection.dialect.name]
    found = connection.exec_driver_sql(ask, (sql,)).scalar()
    connection.rollback()
    return found


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_lease_that_is_not_renewed_is_taken_over(database, folder):
    engine = database.engine()
    dead = LeaseLock(engine, HISTORY, lasts=0.2)
    with engine.connect():
        assert for_engine(engine)
    assert dead.acquire()
    dead._ending.set()
    other = LeaseLock(engine, HISTORY)
    assert not other.acquire()

    here = Environment.without_app(folder, engines=engine, config=Config(lock="lease"))
    done = list(upgrade(here, manner=Manner(lock_wait=20)))

    assert len(done) == 5


@pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)
def test_a_run_whose_lease_was_taken_over_stops_before_its_next_statement(
    database, folder, monkeypatch
):
    monkeypatch.setattr(lease, "BEAT", 0.05)
    engine = database.engine()
    seen = []

    def watch(event):
        if isinstance(event, Working):
            seen.append(event.revision)
            if event.revision == "b":
                database.execute(f"UPDATE {HISTORY}_lease SET token = 'another', beat = 0")
                (heart,) = (each for each in threading.enumerate() if each.name == lease.HEART)
                heart.join(60)

    here = Environment.without_app(folder, engines=engine, config=Config(lock="lease"))
    with pytest.raises(LeaseLost):
        list(upgrade(here, manner=Manner(watch=watch)))

    assert seen == ["a", "b"]
    (row,) = database.rows(f"SELECT token FROM {HISTORY}_lease")
    assert row == ("another",)
    database.execute(f"DELETE FROM {HISTORY}_lease")
    list(upgrade(here))
    assert sorted(ran(database, folder)) == ["a", "b", "c", "d", "e"]
