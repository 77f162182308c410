"""A revision is all there or not at all, whoever commits what."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import textwrap

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.statement import BeginUnguarded, Statement
from tests.dialects.sqlite.revising import executed, guarded, rows


class Stop(Exception):
    """What a revision raises."""


@pytest.fixture(params=["file", "memory", "app's own BEGIN", "AUTOCOMMIT"])
def engine(request, sqlite) -> sa.Engine:
    if request.param == "memory":
        return sa.create_engine("sqlite://", poolclass=StaticPool)
    if request.param == "AUTOCOMMIT":
        return sqlite.engine(isolation_level="AUTOCOMMIT")
    engine = sqlite.engine()
    if request.param == "app's own BEGIN":

        @sa.event.listens_for(engine, "connect")
        def own(connection, record):
            connection.isolation_level = None

        @sa.event.listens_for(engine, "begin")
        def begin(connection):
            connection.exec_driver_sql("BEGIN")

    return engine


def tables(engine):
    return [name for (name,) in rows(engine, "SELECT name FROM sqlite_master ORDER BY name")]


def attempted(engine, *acts):
    """Carry acts out in one transaction that fails at its end."""
    dialect = for_engine(engine)
    with engine.connect() as connection, dialect.transaction(connection):
        for act in acts:
            act(connection)
        raise Stop


def sql(statement):
    return lambda connection: connection.exec_driver_sql(statement)


def test_a_failure_leaves_nothing(engine):
    acts = sql("CREATE TABLE a (x)"), sql("INSERT INTO a VALUES (1)"), sql("CREATE TABLE b (x)")
    with pytest.raises(Stop):
        attempted(engine, *acts)
    assert tables(engine) == []


def test_success_leaves_everything(engine):
    dialect = for_engine(engine)
    with engine.connect() as connection, dialect.transaction(connection):
        connection.exec_driver_sql("CREATE TABLE a (x)")
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
    assert rows(engine, "SELECT x FROM a") == [(1,)]


def test_a_revision_may_commit_by_itself_and_go_on(engine):
    commit = sa.Connection.commit
    with pytest.raises(Stop):
        attempted(engine, sql("CREATE TABLE a (x)"), commit, sql("CREATE TABLE b (x)"))
    assert tables(engine) == ["a"]


def test_a_session_may_commit_in_a_revision(engine):
    dialect = for_engine(engine)
    with engine.connect() as connection, dialect.transaction(connection):
        connection.exec_driver_sql("CREATE TABLE a (x)")
        with Session(bind=connection) as session:
            session.execute(sa.text("INSERT INTO a VALUES (1)"))
            session.commit()
        connection.exec_driver_sql("INSERT INTO a VALUES (2)")
    assert rows(engine, "SELECT x FROM a") == [(1,), (2,)]


def test_savepoints_work_in_a_revision(engine):
    dialect = for_engine(engine)
    with engine.connect() as connection, dialect.transaction(connection):
        connection.exec_driver_sql("CREATE TABLE a (x)")
        savepoint = connection.begin_nested()
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
        savepoint.rollback()
    assert rows(engine, "SELECT x FROM a") == []


def test_autocommit_leaves_the_transaction_and_comes_back(engine):
    def outside(connection):
        with for_engine(engine).autocommit(connection):
            connection.exec_driver_sql("CREATE TABLE b (x)")
            connection.exec_driver_sql("VACUUM")

    with pytest.raises(Stop):
        attempted(engine, sql("CREATE TABLE a (x)"), outside, sql("CREATE TABLE c (x)"))
    assert tables(engine) == ["a", "b"]


def test_the_connection_is_left_as_it_was(engine):
    dialect = for_engine(engine)
    with engine.connect() as connection:
        before = connection.connection.dbapi_connection.isolation_level
        with dialect.transaction(connection):
            connection.exec_driver_sql("CREATE TABLE a (x)")
        assert connection.connection.dbapi_connection.isolation_level == before
        assert not connection.in_transaction()
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
        connection.commit()
    assert rows(engine, "SELECT x FROM a") == [(1,)]


def test_a_second_writer_is_kept_out_from_the_start(sqlite):
    engine = sqlite.engine(connect_args={"timeout": 0})
    dialect = for_engine(engine)
    with engine.connect() as one, dialect.transaction(one), engine.connect() as other:
        with pytest.raises(sa.exc.OperationalError, match="locked"), dialect.transaction(other):
            pass
        assert not other.in_transaction()


def test_a_step_that_needs_foreign_keys_off_asks_for_it_before_anything_is_done(sqlite):
    engine = guarded(sqlite.engine())
    dialect = for_engine(engine)
    step = Statement("CREATE TABLE a (x)", unguarded=True)
    with engine.connect() as connection:
        with pytest.raises(BeginUnguarded), dialect.transaction(connection):
            dialect.carry_out(step, connection)
        with dialect.transaction(connection, unguarded=True):
            dialect.carry_out(step, connection)
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert tables(engine) == ["a"]


def test_it_works_through_aiosqlite(sqlite):
    executed(sqlite.engine(), "CREATE TABLE kept (x)")

    def revision(connection, fail):
        dialect = for_engine(connection.engine)
        with dialect.transaction(connection, unguarded=True):
            connection.exec_driver_sql("CREATE TABLE a (x)")
            connection.exec_driver_sql("INSERT INTO a VALUES (1)")
            if fail:
                raise Stop

    async def run():
        engine = create_async_engine(sqlite.async_url)
        try:
            async with engine.connect() as connection:
                with pytest.raises(Stop):
                    await connection.run_sync(revision, True)
                await connection.run_sync(revision, False)
        finally:
            await engine.dispose()

    asyncio.run(run())
    assert rows(sqlite.engine(), "SELECT x FROM a") == [(1,)]


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.base import Live
from flask_schemamigrate.operations import AddConstraint
from flask_schemamigrate.schema import Unique
engine = sa.create_engine(sys.argv[1])
dialect = for_engine(engine)
with engine.connect() as connection, dialect.transaction(connection):
    operation = AddConstraint("t", None, constraint=Unique(("a",), "u"))
    for number, step in enumerate(list(dialect.statements(operation, Live(dialect, connection)))):
        if number == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        dialect.carry_out(step, connection)
"""


@pytest.mark.parametrize("place", [2, 5])
def test_a_kill_in_the_middle_of_a_copy_leaves_the_file_as_it_was(sqlite, place):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)")
    arguments = [sys.executable, "-c", textwrap.dedent(KILLED), sqlite.url, str(place)]
    done = subprocess.run(arguments)
    assert done.returncode == -signal.SIGKILL
    assert tables(engine) == ["t"]
    assert rows(engine, "SELECT a FROM t") == [(1,), (2,)]
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]
