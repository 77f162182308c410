"""One migrator at a time, by a lock that the kernel releases."""

from __future__ import annotations

import os
import subprocess
import sys

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.base import NoLock

HOLDS = """
import sys
import sqlalchemy as sa
from flask_schemamigrate.dialects import for_engine
engine = sa.create_engine(sys.argv[1])
lock = for_engine(engine).migration_lock(engine, "history")
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def lock_of(url):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return for_engine(engine).migration_lock(engine, "history")


def test_only_one_holds_it_and_the_other_sees_who(sqlite_url):
    first, second = lock_of(sqlite_url), lock_of(sqlite_url)
    assert first.acquire()
    assert not second.acquire()
    assert second.holder().pid == str(os.getpid())
    first.release()
    assert second.holder() is None
    assert second.acquire()
    second.release()


def test_a_killed_process_holds_nothing(sqlite_url):
    lock = lock_of(sqlite_url)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, sqlite_url], stdin=-1, stdout=-1, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    assert not lock.acquire()
    assert lock.holder().pid == str(other.pid)
    other.kill()
    other.communicate()
    assert lock.acquire()
    lock.release()


def test_releasing_what_is_not_ours_is_harmless(sqlite_url):
    first, second = lock_of(sqlite_url), lock_of(sqlite_url)
    assert first.acquire()
    second.release()
    assert not second.acquire()
    first.release()


def test_a_database_in_memory_needs_none():
    assert isinstance(lock_of("sqlite://"), NoLock)
    assert isinstance(lock_of("sqlite:///:memory:"), NoLock)
    assert isinstance(lock_of("sqlite:///file:x?mode=memory&uri=true"), NoLock)


def test_a_folder_that_may_not_be_written_has_its_lock_elsewhere(sqlite_url, monkeypatch):
    # The tests may run as root, whom no permission stops.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    first, second = lock_of(sqlite_url), lock_of(sqlite_url)
    assert first.acquire()
    assert not first.path.is_relative_to(first.database.parent)
    assert not second.acquire()
    first.release()
    first.path.unlink()
