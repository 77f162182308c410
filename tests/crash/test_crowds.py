"""However many processes upgrade at once, each revision runs once and all of them end well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flask_schemamigrate.commands.logged import log
from flask_schemamigrate.commands.running import Manner, upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.lease import LeaseLock
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors.runs import LockNotObtained

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


@pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)
def test_a_lease_keeps_processes_apart_as_well(database, folder):
    troubles = crowd(database, folder, 4, LOCK="lease")

    assert not any(troubles), "\n".join(filter(None, troubles))
    assert sorted(ran(database, folder)) == ["a", "b", "c", "d", "e"]


HOLDER = """
import sys
import sqlalchemy as sa
from flask_schemamigrate.dialects import for_engine
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


@pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)
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
