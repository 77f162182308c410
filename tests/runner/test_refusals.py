"""Full disks, missing rights and databases that may not be written: a clear error, nothing lost."""

from __future__ import annotations

import secrets

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors import TooManyConnections
from flask_schemamigrate.errors.runs import CannotKeepHistory, CannotReadHistory, StatementFailed
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
ADD = 'op.add_column("thing", sa.Column("size", sa.Integer))'
FILL = (
    "op.bulk_insert(sa.table('{table}', sa.column('id')), ({{'id': n}} for n in range(1, 200000)))"
)
SERVERS = pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
READ_ONLY = r"readonly|read-only|READ ONLY"


@pytest.fixture
def as_reader(project):
    """Go on as somebody who may only read what is there."""
    role = f"reader_{secrets.token_hex(4)}"
    gone: list[str] = []

    def become():
        database = project.engine.url.database
        if project.database.name == "postgresql":
            project.database.execute(
                f"CREATE ROLE {role} LOGIN",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
            )
            gone.extend((f"DROP OWNED BY {role}", f"DROP ROLE {role}"))
        else:
            who = f"{role}@'%'"
            project.database.execute(f"CREATE USER {who}", f"GRANT SELECT ON {database}.* TO {who}")
            gone.append(f"DROP USER {who}")
        url = project.engine.url.set(username=role, password=None)
        project.engine = sa.create_engine(url, poolclass=sa.NullPool)

    yield become
    project.database.execute(*gone)


@SERVERS
def test_a_role_that_may_have_one_connection_is_told_how_many_it_takes(project):
    role = f"single_{secrets.token_hex(4)}"
    is_postgresql = project.database.name == "postgresql"
    name = project.engine.url.database
    if is_postgresql:
        project.database.execute(
            f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1",
            f"GRANT ALL ON SCHEMA public TO {role}",
        )
        gone = [f"DROP OWNED BY {role}", f"DROP ROLE {role}"]
    else:
        who = f"{role}@'%'"
        project.database.execute(
            f"CREATE USER {who} WITH MAX_USER_CONNECTIONS 1", f"GRANT ALL ON {name}.* TO {who}"
        )
        gone = [f"DROP USER {who}"]
    try:
        url = project.engine.url.set(username=role, password=None)
        project.engine = sa.create_engine(url, poolclass=sa.NullPool)
        project.revision("a", TABLE)

        with pytest.raises(TooManyConnections, match="two connections"):
            project.upgrade()
    finally:
        project.database.execute(*gone)


@SERVERS
def test_a_role_that_may_not_create_tables_is_told_so(project, as_reader):
    project.revision("a", TABLE)
    as_reader()

    with pytest.raises(CannotKeepHistory, match="denied"):
        project.upgrade()


def test_a_foreign_table_of_the_historys_name_is_told(project):
    project.revision("a", TABLE)
    project.database.execute("CREATE TABLE schemamigrate_history (revision INTEGER)")

    with pytest.raises(CannotReadHistory, match="'schemamigrate_history' cannot be read"):
        project.upgrade()


@SERVERS
def test_a_role_that_may_not_write_the_history_changes_nothing(project, as_reader):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision("b", ADD)
    as_reader()

    with pytest.raises(StatementFailed, match=r"denied|must be owner"):
        project.upgrade()

    assert project.status.pending == ("b",)
    assert project.status.unfinished == ()
    assert project.columns("thing") == ["id"]


def read_only(engine: sa.Engine) -> sa.Engine:
    """An engine that may change nothing."""
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///file:{engine.url.database}?mode=ro&uri=true"
        return sa.create_engine(url, poolclass=sa.NullPool)
    how = {
        "postgresql": {"options": "-c default_transaction_read_only=on"},
        "mysql": {"init_command": "SET SESSION TRANSACTION READ ONLY"},
    }[engine.dialect.name]
    return sa.create_engine(engine.url, poolclass=sa.NullPool, connect_args=how)


def test_a_read_only_database_ends_in_a_clear_error(project):
    project.revision("a", TABLE)
    project.database.execute("CREATE TABLE other (id INTEGER)")
    project.engine = read_only(project.engine)

    with pytest.raises(CannotKeepHistory, match=READ_ONLY):
        project.upgrade()


def test_a_database_that_became_read_only_keeps_what_it_had(project):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision("b", ADD)
    writable = project.engine
    project.engine = read_only(writable)

    with pytest.raises(StatementFailed, match=READ_ONLY):
        project.upgrade()

    assert project.status.pending == ("b",)
    project.revision("b", "pass")
    with pytest.raises(StatementFailed, match="failed at 'writing the history'") as caught:
        project.upgrade()
    assert str(caught.value.hint).startswith(
        "Let the database's user write the tables of the history"
    )
    project.revision("b", ADD)
    project.engine = writable
    assert [done.revision for done in project.upgrade()] == ["b"]


def test_a_full_disk_rolls_the_revision_back(project_on):
    project = project_on("sqlite")
    project.revision("a", TABLE)
    project.upgrade()
    project.revision("b", f"{ADD}\n{FILL.format(table='thing')}")

    @sa.event.listens_for(project.engine, "connect")
    def small(connection, record):
        connection.execute("PRAGMA max_page_count = 100")

    project.engine.dispose()
    with pytest.raises(StatementFailed, match="full"):
        project.upgrade()

    assert project.status.pending == ("b",)
    assert project.columns("thing") == ["id"]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_full_table_stops_where_ddl_commits_and_the_next_run_goes_on_there(project):
    small = (
        'op.create_table("small", sa.Column("id", sa.Integer, primary_key=True),'
        ' mysql_engine="MEMORY", mysql_max_rows="1000")'
    )
    project.revision("a", f"{TABLE}\n{small}\n{FILL.format(table='small')}\n{ADD}")

    with pytest.raises(StatementFailed, match="is full"):
        project.upgrade()

    (stop,) = project.status.unfinished
    assert (stop.operation, stop.statement, stop.is_unknown) == (3, 1, False)
    project.database.execute("DELETE FROM small", "ALTER TABLE small ENGINE = InnoDB")
    project.upgrade()
    assert project.rows("SELECT COUNT(*) FROM small") == [(199999,)]
    assert project.columns("thing") == ["id", "size"]


def test_tables_made_without_migrations_are_told_how_to_be_recorded(project):
    project.revision("a", TABLE)
    project.database.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY)")

    with pytest.raises(StatementFailed) as caught:
        project.upgrade()

    transactional = project.database.name in {"sqlite", "postgresql"}
    record = "stamp --verify a" if transactional else "resolve a --applied"
    assert str(caught.value.hint).endswith(f"record it instead: 'flask db {record}'.")


def test_a_later_table_that_is_there_already_is_nothing_to_record(project):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision("b", TABLE)

    with pytest.raises(StatementFailed) as caught:
        project.upgrade()

    assert caught.value.hint == "Mend the revision or the data, then run 'flask db upgrade' again."


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_what_postgresql_adds_to_its_message_is_told(project, driver):
    url = project.engine.url.set(drivername=f"postgresql+{driver}")
    project.engine = sa.create_engine(url, poolclass=sa.NullPool)
    project.revision("a", TABLE)
    project.revision("b", "op.execute('INSERT INTO thing VALUES (7), (7)')")

    with pytest.raises(StatementFailed) as caught:
        project.upgrade()

    assert "\n  Key (id)=(7) already exists.\n" in str(caught.value)
