"""Other sessions, missing rights and broken connections end in clear errors, with nothing lost."""

from __future__ import annotations

import os
import threading

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.databases import databases
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.runs import StatementFailed
from flask_schemamigrate.errors.stopping import LockNotObtained, Stopped
from flask_schemamigrate.runner import locking
from flask_schemamigrate.runner.events import Queued, Waiting
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
ADD = 'op.add_column("thing", sa.Column("size", sa.Integer))'


@pytest.fixture
def blocked(project):
    """A project whose table another session has open, and what ends that session."""
    project.revision("a", TABLE)
    project.revision("b", ADD)
    project.upgrade("a")
    project.database.execute("INSERT INTO thing VALUES (1)")
    other = project.engine.connect()
    if project.database.name == "sqlite":
        other.exec_driver_sql("BEGIN IMMEDIATE")
    other.execute(sa.text("UPDATE thing SET id = 2"))
    yield project, other
    other.close()


def test_a_lock_timeout_is_tried_again_until_the_other_session_ends(blocked):
    project, other = blocked
    waits = []

    def watch(event):
        if isinstance(event, Waiting):
            waits.append(event)
            other.rollback()

    project.upgrade(config={"lock_timeout": 1, "lock_retries": 3}, watch=watch)

    assert project.columns("thing") == ["id", "size"]
    assert len(waits) == 1
    if project.database.name != "sqlite":
        assert waits[0].blockers


def test_a_lock_that_is_never_given_ends_in_an_error_and_loses_nothing(blocked):
    project, other = blocked

    with pytest.raises(StatementFailed, match="Another session was in the way"):
        project.upgrade(config={"lock_timeout": 1, "lock_retries": 0})
    other.rollback()

    assert project.rows("SELECT id FROM thing") == [(1,)]
    project.upgrade()
    assert project.columns("thing") == ["id", "size"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_sql_outside_a_transaction_does_not_wait_longer_for_a_lock(blocked):
    project, other = blocked
    project.revision(
        "b",
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE thing ADD size INTEGER")
        """,
    )
    waits = []

    def watch(event):
        if isinstance(event, Waiting):
            waits.append(event)
            other.rollback()

    # The other timeout is for a statement that would wait for ever.
    config = {"lock_timeout": 0.2, "lock_retries": 3, "statement_timeout": 9}
    project.upgrade(config=config, watch=watch)

    assert project.columns("thing") == ["id", "size"]
    assert len(waits) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("up", "atomic"),
    [
        (ADD, False),
        (ADD, True),
        ("op.backfill('thing', {'id': 3})", False),
        (
            "with op.get_context().autocommit_block(): op.execute('UPDATE thing SET id = 3')",
            False,
        ),
    ],
)
def test_no_transaction_waits_longer_for_a_lock_where_sessions_are_shared(blocked, up, atomic):
    project, _ = blocked
    # What the session itself is told is for a statement that would wait for ever.
    project.database.execute(
        f"ALTER DATABASE {project.engine.url.database} SET statement_timeout = '9s'"
    )
    project.engine = project.database.engine()
    project.revision("b", up)

    config = {"lock": "lease", "lock_timeout": 0.2, "lock_retries": 0}
    with pytest.raises(StatementFailed, match="lock timeout"):
        project.upgrade(config=config, atomic=atomic)


def test_a_revision_may_have_a_timeout_of_its_own(blocked):
    project, other = blocked
    project.revision("b", ADD, more="lock_timeout = 1\nlock_retries = 0")

    with pytest.raises(StatementFailed):
        project.upgrade(config={"lock_timeout": 600})
    other.rollback()


SLOW = {"postgresql": "SELECT pg_sleep(30)", "mariadb": "SELECT SLEEP(30)"}
# MySQL ends nothing but a SELECT, and not one that sleeps.
SERVERS = pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)


@SERVERS
def test_a_statement_that_takes_too_long_is_ended_where_that_is_configured(project):
    project.revision("a", f"{TABLE}\nop.execute('{SLOW[project.database.name]}')")

    with pytest.raises(StatementFailed, match=r"timeout|max_statement_time"):
        project.upgrade(config={"statement_timeout": 0.3})

    assert project.status.pending == ("a",)
    project.revision("a", f"{TABLE}\nop.execute('SELECT 1')")
    assert project.upgrade()


@SERVERS
def test_a_revision_may_say_how_long_its_statements_take(project):
    more = "statement_timeout = 0.3"
    project.revision("a", f"op.execute('{SLOW[project.database.name]}')", more=more)

    with pytest.raises(StatementFailed, match=r"timeout|max_statement_time"):
        project.upgrade()


SETTINGS = {
    "postgresql": "SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'",
    "mariadb": "SELECT @@max_statement_time",
}


@SERVERS
def test_the_databases_own_rule_for_statements_is_left_alone(project):
    ask = SETTINGS[project.database.name]
    (before,) = project.rows(ask)
    project.revision("a", f'op.execute("CREATE TABLE seen AS {ask}")')
    project.revision("b", more="statement_timeout = 50")
    project.upgrade()

    assert project.rows("SELECT * FROM seen") == [before]
    assert project.rows(ask) == [before]


@pytest.fixture
def holding(project):
    """Another thread holds the migration lock."""
    (database,) = databases(project.environment())
    holding, done = threading.Event(), threading.Event()

    def hold():
        with database.connect() as connection, database.locked(connection, 0):
            holding.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(60)
    yield done
    done.set()
    thread.join()


def test_whoever_waits_in_vain_for_another_migration_is_told_who_it_is(project, holding):
    project.revision("a", TABLE)

    with pytest.raises(LockNotObtained, match=f"It is held by process {os.getpid()}") as caught:
        project.upgrade(lock_wait=0.2)

    assert caught.value.exit_code == 4


def test_whoever_waits_is_told_for_whom_while_waiting(project, holding, monkeypatch):
    monkeypatch.setattr(locking, "FIRST_WORD", 0.0)
    project.revision("a", TABLE)
    told = []

    def watch(event):
        if isinstance(event, Queued):
            told.append(event)
            holding.set()

    assert [done.revision for done in project.upgrade(lock_wait=60, watch=watch)] == ["a"]
    assert f"process {os.getpid()}" in str(told[0].holder)
    assert (told[0].bind, told[0].wait) == (None, 60)


def test_whoever_waits_can_be_asked_to_stop(project, holding):
    project.revision("a", TABLE)

    def stop():
        raise Stopped

    with pytest.raises(Stopped):
        project.upgrade(lock_wait=60, stop=stop)
    assert project.status.pending == ("a",)


def test_nothing_to_do_needs_no_right_to_write(project_on):
    project = project_on("postgresql")
    project.revision("a", TABLE)
    project.upgrade()
    project.engine = sa.create_engine(
        project.engine.url,
        poolclass=sa.NullPool,
        connect_args={"options": "-c default_transaction_read_only=on"},
    )

    assert project.upgrade() == []


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_dropped_connection_is_an_error_after_which_the_next_run_goes_on(project):
    kill = {
        "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
        **dict.fromkeys(MARIADB_AND_MYSQL, "KILL CONNECTION_ID()"),
    }[project.database.name]
    project.revision("a", f'{TABLE}\nop.execute("{kill}")')
    with pytest.raises(StatementFailed) as caught:
        project.upgrade()
    # MySQL says that the statement was interrupted, and not that the session is gone.
    assert project.database.name == "mysql" or "Once the server answers" in str(caught.value.hint)

    project.revision("a", f"{TABLE}\nop.execute('SELECT 1')")
    if project.database.name in MARIADB_AND_MYSQL:
        (stop,) = project.status.unfinished
        # MySQL still says that the statement was interrupted.
        assert stop.is_unknown is (project.database.name == "mariadb")
        project.revision("a", f'{TABLE}\nop.execute("{kill}")')
        return
    project.upgrade()
    assert project.status.is_ready


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_session_that_ended_before_the_history_was_written_is_no_matter_of_rights(project):
    project.revision(
        "a",
        f"""
        {TABLE}
        session = op.get_bind().scalar(sa.text("SELECT CONNECTION_ID()"))
        with sa.create_engine(op.get_bind().engine.url).connect() as other:
            other.exec_driver_sql(f"KILL {{session}}")
        {ADD}
        """,
    )

    with pytest.raises(StatementFailed, match="writing the history") as caught:
        project.upgrade()

    assert "Once the server answers again" in str(caught.value.hint)


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_lock_whose_session_is_gone_is_given_back_all_the_same(project):
    end = {
        "postgresql": "SELECT pg_terminate_backend({})",
        **dict.fromkeys(MARIADB_AND_MYSQL, "KILL {}"),
    }[project.database.name]
    with project.engine.connect() as other:
        dialect = for_engine(project.engine)
        lock, waiting = (dialect.migration_lock(project.engine, "history") for _ in range(2))
        assert lock.acquire()
        holder = waiting.holder()
        waiting.release()
        assert holder is not None
        other.exec_driver_sql(end.format(holder.session))

    # Asking who has it, as those who wait do, is when its own end comes to light.
    with pytest.raises(sa.exc.DBAPIError):
        lock.holder()

    lock.release()
