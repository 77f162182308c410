"""One migrator at a time, by a lock that the kernel releases."""

from __future__ import annotations

import os
import subprocess
import sys

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.locks import NoLock
from flask_schemamigrate.dialects.sqlite import lock as lock_module

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
    first.tell("ALTER TABLE thing\n ADD a INTEGER")
    first.tell("CREATE TABLE b (c)")
    assert second.holder().doing == "CREATE TABLE b (c)"
    first.release()
    assert second.holder() is None
    assert second.acquire()
    second.release()


def test_the_file_goes_when_the_lock_is_given_back(sqlite_url):
    lock = lock_of(sqlite_url)
    assert lock.acquire()
    assert lock.path.exists()
    lock.release()
    assert not lock.path.exists()


def test_a_lock_on_a_file_that_was_taken_away_meanwhile_does_not_count(sqlite_url, monkeypatch):
    first, second, third = (lock_of(sqlite_url) for _ in range(3))
    assert first.acquire()
    opened = lock_module._opened

    def late(path):
        """What a waiter opens is taken away before it has locked it."""
        file = opened(path)
        monkeypatch.undo()
        first.release()
        return file

    monkeypatch.setattr(lock_module, "_opened", late)
    assert second.acquire()
    assert not third.acquire()
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


def test_a_file_has_one_lock_whether_its_url_is_a_uri_or_not(tmp_path):
    plain = lock_of(f"sqlite:///{tmp_path}/a b.db")
    uri = lock_of(f"sqlite:///file:{tmp_path}/a%20b.db?uri=true")
    assert uri.path == plain.path
