"""An app's engine may be made in any way: its pool small or shared, its statements committed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import AssertionPool, QueuePool, SingletonThreadPool, StaticPool

from flask_schemamigrate.errors.runs import RevisionRaised
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
ROW = 'op.execute("INSERT INTO thing VALUES (1)")'
FAILS = 'raise ValueError("no")'

SERVERS = pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)

ONE = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0}
OPTIONS = {
    "one connection": ONE,
    "a session for all": {"poolclass": StaticPool},
    "a session for each thread": {"poolclass": SingletonThreadPool},
    "no second session": {"poolclass": AssertionPool},
    "statements that commit": {"isolation_level": "AUTOCOMMIT"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_revision_that_fails_leaves_what_is_written_down(project, options):
    project.engine = project.database.engine(**options)
    project.revision("a", f"{TABLE}\n{ROW}\n{FAILS}")
    with pytest.raises(RevisionRaised):
        project.upgrade()
    rolls_back = project.database.name not in MARIADB_AND_MYSQL
    with project.database.engine().connect() as connection:
        assert sa.inspect(connection).has_table("thing") is not rolls_back

    project.revision("a", f"{TABLE}\n{ROW}")
    project.upgrade()

    assert project.rows("SELECT id FROM thing") == [(1,)]


@SERVERS
def test_an_engine_that_commits_each_statement_is_as_before(project):
    project.engine = project.database.engine(isolation_level="AUTOCOMMIT", pool_size=1)
    project.revision("a", f"{TABLE}\n{ROW}")

    project.upgrade()

    with project.engine.connect() as connection:
        connection.execute(sa.text("INSERT INTO thing VALUES (2)"))
    assert project.rows("SELECT count(*) FROM thing") == [(2,)]


def test_an_engine_with_options_of_its_own_keeps_its_pool(project):
    pool = project.engine.pool
    project.engine = project.engine.execution_options(logging_token="app")
    project.revision("a", TABLE)

    project.upgrade()

    assert project.engine.pool is pool
    assert project.status.is_ready


class Killed(BaseException):
    """The process goes, without a word."""


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_rows_and_their_record_are_one_though_the_engine_commits_each_statement(project):
    options = {"autocommit": True}
    project.engine = project.database.engine(connect_args=options)
    project.revision("a", f"{TABLE}\n{ROW}")

    @sa.event.listens_for(project.engine, "after_cursor_execute")
    def end(connection, cursor, sql, *_):
        if sql.startswith("INSERT INTO thing"):
            raise Killed

    with pytest.raises(Killed):
        project.upgrade()
    project.engine = project.database.engine(connect_args=options)
    project.upgrade()

    assert project.rows("SELECT id FROM thing") == [(1,)]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
@pytest.mark.parametrize("mode", ["TRADITIONAL", "ORACLE", "ANSI", "NO_BACKSLASH_ESCAPES"])
def test_the_servers_ways_of_taking_sql_are_no_hindrance(project, mode):
    if (mode, project.database.name) == ("ORACLE", "mysql"):
        pytest.skip("a mode of MariaDB")
    options = {"init_command": f"SET sql_mode = '{mode}'"}
    project.engine = project.database.engine(connect_args=options)
    project.revision("a", TABLE)
    project.revision("b", "op.alter_column('thing', 'id', new_column_name='number')")

    project.upgrade()

    assert project.columns("thing") == ["number"]
