"""The migration lock, and waiting for others' locks politely."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from tests.databases.database import Database


def test_only_one_holds_the_lock_and_the_next_gets_it_when_it_is_given_back(engine):
    dialect = for_engine(engine)
    first, second = (dialect.migration_lock(engine, "history") for _ in range(2))
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_locks_of_other_names_are_not_in_the_way(engine):
    dialect = for_engine(engine)
    first, second = (dialect.migration_lock(engine, name) for name in ("a", "b"))
    assert first.acquire()
    assert second.acquire()
    first.release()
    second.release()


def test_a_holder_is_named_with_what_it_does(engine):
    dialect = for_engine(engine)
    second = dialect.migration_lock(engine, "history")
    assert second.holder() is None
    with engine.connect() as connection:
        first = dialect.migration_lock(engine, "history", connection)
        assert first.acquire()
        idle = second.holder()
        connection.exec_driver_sql("CREATE TABLE t (a int)")
        holder = second.holder()
        connection.rollback()
        first.release()
        assert second.acquire()
    second.release()
    assert idle is not None
    assert idle.doing == ""
    assert holder is not None
    assert holder.pid == str(os.getpid())
    assert holder.doing == "CREATE TABLE t (a int)"
    assert holder.since


def test_the_lock_is_free_when_its_process_is_killed(shared: Database, engine):
    program = f"""
import os, signal, sqlalchemy as sa
from flask_schemamigrate.dialects import for_engine
engine = sa.create_engine({shared.url!r})
with engine.connect(): pass
assert for_engine(engine).migration_lock(engine, "history").acquire()
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program])
    assert done.returncode < 0
    lock = for_engine(engine).migration_lock(engine, "history")
    for _ in range(1000):
        if lock.acquire():
            break
    assert lock.acquire()
    lock.release()


def test_a_session_lock_holds_where_nothing_stands_in_between(engine):
    with engine.connect() as connection:
        assert for_engine(engine).session_locks_hold(connection)


def test_a_statement_gives_up_and_names_who_is_in_the_way(engine):
    dialect = for_engine(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a int)")
    with engine.connect() as reader, engine.connect() as writer:
        reader.exec_driver_sql("SELECT * FROM t")
        for statement in dialect.lock_timeout_statements(0.02):
            assert statement == "SET lock_timeout = 20"
            writer.exec_driver_sql(statement)
        writer.commit()
        with pytest.raises(sa.exc.DBAPIError) as raised:
            writer.exec_driver_sql("DROP TABLE t")
        writer.rollback()
        blockers = dialect.blockers(writer)
        assert dialect.blockers(writer, "t") == blockers
        assert dialect.blockers(writer, "other.t") == []
    assert dialect.is_lock_timeout(raised.value)
    assert not dialect.is_lock_timeout(ValueError())
    assert [holder.doing for holder in blockers] == ["SELECT * FROM t (idle in transaction)"]
