"""A revision that catches errors, those among them that it cannot mean."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.runs import ChangedSinceStarted, NotAtomic, StatementFailed
from flask_schemamigrate.errors.stopping import Stopped
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer))'
ADD = 'op.add_column("thing", sa.Column("size", sa.Integer))'
CAUGHT = f"""
try:
    {ADD}
except:
    pass
"""


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_what_waited_too_long_for_a_lock_is_not_passed_over(project):
    project.revision("a", TABLE)
    project.revision("b", CAUGHT)
    project.upgrade("a")
    project.database.execute("INSERT INTO thing VALUES (1)")
    with project.engine.connect() as other:
        other.execute(sa.text("UPDATE thing SET id = 2"))
        with pytest.raises(StatementFailed):
            project.upgrade(config={"lock_timeout": 1, "lock_retries": 0})

    project.upgrade()
    assert project.columns("thing") == ["id", "size"]


def test_what_did_not_run_because_of_a_stop_is_not_passed_over(project):
    project.revision("a", TABLE)
    project.revision("b", CAUGHT)
    project.upgrade("a")
    asked = []

    def stop():
        asked.append(True)
        if len(asked) == 1:
            raise Stopped

    with pytest.raises(Stopped):
        project.upgrade(stop=stop)

    project.upgrade()
    assert project.columns("thing") == ["id", "size"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_change_without_foreign_keys_is_made_though_everything_is_caught(project):
    @sa.event.listens_for(project.engine, "connect")
    def guard(driver, record):
        driver.execute("PRAGMA foreign_keys=ON")

    project.database.execute(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE TABLE child (of INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
        "INSERT INTO parent VALUES (1, 'x')",
        "INSERT INTO child VALUES (1)",
    )
    project.revision(
        "a",
        """
        try:
            with op.batch_alter_table("parent", recreate="always") as batch:
                batch.add_column(sa.Column("b", sa.Integer), insert_before="a")
        except:
            pass
        """,
    )
    project.upgrade()

    assert project.columns("parent") == ["id", "b", "a"]
    assert project.rows("SELECT * FROM child") == [(1,)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_a_change_that_fails_halfway_nothing_remains(project):
    project.database.execute(
        "CREATE TABLE thing (id INTEGER PRIMARY KEY, a TEXT) STRICT",
        "INSERT INTO thing VALUES (1, 'x')",
    )
    project.revision(
        "a",
        f"""
        try:
            op.alter_column("thing", "a", type_=sa.Integer())
        except sa.exc.IntegrityError:
            {ADD}
        """,
    )
    project.upgrade()

    assert project.rows("SELECT name FROM sqlite_master WHERE name LIKE '%copy%'") == []
    assert project.rows("SELECT id, a, size FROM thing") == [(1, "x", None)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_savepoint_lets_postgresql_go_on_after_an_error(project):
    project.revision(
        "a",
        f"""
        {TABLE}
        try:
            with op.get_bind().begin_nested():
                op.add_column("thing", sa.Column("id", sa.Integer))
        except sa.exc.ProgrammingError:
            {ADD}
        """,
    )
    project.upgrade()

    assert project.columns("thing") == ["id", "size"]


def test_a_stop_that_came_while_something_failed_is_heeded(project):
    project.revision("a", TABLE)
    project.revision("b", CAUGHT.replace(ADD, "op.execute('nonsense')"))
    project.upgrade("a")
    asked = []

    def stop():
        asked.append(True)
        if len(asked) > 1:
            raise Stopped

    with pytest.raises(Stopped):
        project.upgrade(stop=stop)
    assert project.status.pending == ("b",)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_leaving_the_one_transaction_is_refused_though_it_is_caught(project):
    block = "with op.get_context().autocommit_block():"
    project.revision("a", f"try:\n    {block}\n        {TABLE}\nexcept Exception:\n    pass")

    with pytest.raises(NotAtomic):
        project.upgrade(atomic=True)
    assert project.status.pending == ("a",)


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_what_was_changed_since_it_began_is_refused_though_it_is_caught(project):
    project.revision("a", TABLE)
    project.revision("b", f"{ADD}\nop.execute('nonsense')")
    project.upgrade("a")
    with pytest.raises(StatementFailed):
        project.upgrade()
    project.revision("b", CAUGHT.replace("size", "width"))

    with pytest.raises(ChangedSinceStarted):
        project.upgrade()
    assert project.columns("thing") == ["id", "size"]
