"""Other sessions, missing rights and broken connections end in clear errors, with nothing lost."""

from __future__ import annotations

import os
import threading

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.databases import databases
from flask_schemamigrate.errors.runs import CannotKeepHistory, LockNotObtained, StatementFailed
from flask_schemamigrate.runner.events import Waiting

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

    with pytest.raises(StatementFailed):
        project.upgrade(config={"lock_timeout": 1, "lock_retries": 0})
    other.rollback()

    assert project.rows("SELECT id FROM thing") == [(1,)]
    project.upgrade()
    assert project.columns("thing") == ["id", "size"]


def test_a_revision_may_have_a_timeout_of_its_own(blocked):
    project, other = blocked
    project.revision("b", ADD, more="lock_timeout = 1\nlock_retries = 0")

    with pytest.raises(StatementFailed):
        project.upgrade(config={"lock_timeout": 600})
    other.rollback()


def test_whoever_waits_for_another_migration_is_told_who_it_is(project):
    project.revision("a", TABLE)
    here = project.environment()
    (database,) = databases(here)
    holding, done = threading.Event(), threading.Event()

    def hold():
        with database.connect(), database.locked(0):
            holding.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    try:
        with pytest.raises(LockNotObtained, match="It is held by process") as caught:
            project.upgrade(lock_wait=0.2)
    finally:
        done.set()
        thread.join()
    assert caught.value.exit_code == 4


def test_a_role_that_may_not_create_tables_is_told_so(project_on):
    project = project_on("postgresql")
    role = f"reader_{os.getpid()}"
    project.database.execute(
        f"CREATE ROLE {role} LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    )
    admin = project.engine
    project.engine = sa.create_engine(admin.url.set(username=role), poolclass=sa.NullPool)
    project.revision("a", TABLE)
    try:
        with pytest.raises(CannotKeepHistory, match="permission denied"):
            project.upgrade()
    finally:
        project.database.execute(f"DROP ROLE {role}")


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


def test_a_read_only_file_ends_in_a_clear_error(project_on):
    project = project_on("sqlite")
    project.revision("a", TABLE)
    file = project.engine.url.database
    project.engine = sa.create_engine(
        f"sqlite:///file:{file}?mode=ro&uri=true", poolclass=sa.NullPool
    )
    project.database.execute("CREATE TABLE other (id INTEGER)")

    with pytest.raises(CannotKeepHistory, match="readonly"):
        project.upgrade()


def test_a_full_disk_rolls_the_revision_back(project_on):
    project = project_on("sqlite")
    project.revision("a", TABLE)
    project.upgrade()
    fill = "op.bulk_insert(sa.table('thing', sa.column('id')), ({'id': n} for n in range(200000)))"
    project.revision("b", f"{ADD}\n{fill}")

    @sa.event.listens_for(project.engine, "connect")
    def small(connection, record):
        connection.execute("PRAGMA max_page_count = 100")

    project.engine.dispose()
    with pytest.raises(StatementFailed, match="full"):
        project.upgrade()

    assert project.status.pending == ("b",)
    assert project.columns("thing") == ["id"]


@pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)
def test_a_dropped_connection_is_an_error_after_which_the_next_run_goes_on(project):
    kill = {
        "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())",
        "mariadb": "KILL CONNECTION_ID()",
    }[project.database.name]
    project.revision("a", f'{TABLE}\nop.execute("{kill}")')
    with pytest.raises(StatementFailed):
        project.upgrade()

    project.revision("a", f"{TABLE}\nop.execute('SELECT 1')")
    if project.database.name == "mariadb":
        (stop,) = project.status.unfinished
        assert stop.is_unknown
        project.revision("a", f'{TABLE}\nop.execute("{kill}")')
        return
    project.upgrade()
    assert project.status.is_ready
