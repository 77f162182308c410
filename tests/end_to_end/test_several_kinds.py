"""One app, one set of revisions, and databases of several kinds and drivers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import flask_schemamigrate
from flask_schemamigrate import errors
from tests.databases.servers import KINDS, MARIADB_AND_MYSQL


def models() -> sa.MetaData:
    """A table with what databases spell in different ways."""
    metadata = sa.MetaData()
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("is_new", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("joined", sa.DateTime, nullable=False, server_default=sa.func.now()),
        sa.Column("score", sa.Numeric(8, 2), server_default="0"),
        sa.Column("kind", sa.Enum("a", "b", name="kind"), server_default="a"),
    )
    return metadata


def test_what_was_written_on_one_database_runs_on_the_others(new_app, new_database, sqlite):
    with new_app(sqlite.url, metadatas=models()).app_context():
        written = flask_schemamigrate.migrate(rev_id="aa")
        assert written is not None
        assert "server_default=sa.func.now()" in written.path.read_text()
    for kind in KINDS:
        with new_app(new_database(kind).url, metadatas=models()).app_context():
            flask_schemamigrate.upgrade()
            assert flask_schemamigrate.check() == [], kind


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_bind_may_be_of_another_kind_than_the_default(new_app, new_database, sqlite, kind):
    other = new_database(kind)
    app = new_app(
        engines={"default": sqlite.url, "my-db": other.url},
        metadatas={"default": models(), "my-db": models()},
    )
    with app.app_context():
        written = flask_schemamigrate.migrate(rev_id="aa")
        assert written is not None
        assert '@op.upgrade("my-db")' in written.path.read_text()
        done = flask_schemamigrate.upgrade()
        assert [(each.bind, each.revision) for each in done] == [(None, "aa"), ("my-db", "aa")]
        assert flask_schemamigrate.check() == []
        flask_schemamigrate.downgrade("base")
        assert [each.pending for each in flask_schemamigrate.current()] == [("aa",), ("aa",)]
    assert sa.inspect(other.engine()).has_table("person") is False


STEP = """
def upgrade():
    op.create_table("{id}", sa.Column("id", sa.Integer))


def downgrade():
    op.drop_table("{id}")


@op.upgrade("other")
def upgrade_other():
    upgrade()


@op.downgrade("other")
def downgrade_other():
    {first}
    downgrade()
"""


def test_a_step_back_that_ended_after_the_first_database_is_not_taken_again_there(
    new_app, new_database, revisions
):
    first, other = new_database("sqlite"), new_database("sqlite")
    app = new_app(
        engines={"default": first.url, "other": other.url},
        metadatas={"default": models(), "other": models()},
    )
    revisions(
        aa=STEP.format(id="aa", first="pass"),
        bb=STEP.format(id="bb", first="op.execute('SELECT nonsense')"),
    )

    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        return result.exit_code, result.output

    assert run("upgrade")[0] == 0
    assert run("downgrade", "--yes")[0] == 1
    for arguments in (["--yes"], ["--plan"], []):
        code, said = run("downgrade", *arguments)
        assert (code, "'default' at aa, 'other' at bb" in said) == (5, True)
    assert run("downgrade", "--yes", "--bind", "default")[0] == 0
    assert "'default' at <base>, 'other' at bb" in run("downgrade", "-1")[1]
    assert "Revision bb failed" in run("downgrade", "base", "--yes")[1]


def driven(database, driver: str) -> str:
    """The URL of a database by another driver."""
    pytest.importorskip(driver.partition("+")[2].replace("mysqldb", "MySQLdb"))
    url = sa.make_url(database.url).set(drivername=driver)
    return url.render_as_string(hide_password=False)


@pytest.mark.parametrize(
    ("database", "driver"),
    [
        ("mariadb", "mysql+mysqldb"),
        ("mariadb", "mariadb+pymysql"),
        ("mariadb", "mariadb+mysqldb"),
        *((kind, "mysql+mysqldb") for kind in MARIADB_AND_MYSQL[1:]),
        ("postgresql", "postgresql+psycopg2"),
    ],
    indirect=["database"],
)
def test_the_walk_is_the_same_by_another_driver(new_app, database, driver):
    metadata = models()
    with new_app(driven(database, driver), metadatas=metadata).app_context():
        flask_schemamigrate.migrate(rev_id="aa")
        flask_schemamigrate.upgrade()
        assert flask_schemamigrate.check() == []
        metadata.tables["person"].append_column(sa.Column("email", sa.String(80), index=True))
        flask_schemamigrate.migrate(rev_id="bb")
        assert [done.revision for done in flask_schemamigrate.upgrade()] == ["bb"]
        assert flask_schemamigrate.migrate() is None
        assert len(flask_schemamigrate.downgrade("base")) == 2
        assert len(flask_schemamigrate.upgrade()) == 2


def test_a_statement_that_fails_in_one_bind_leaves_the_others_as_they_were(
    new_app, new_database, revisions
):
    first, second = new_database("sqlite"), new_database("sqlite")
    revisions(
        aa="def upgrade():\n    op.execute('CREATE TABLE a (id INTEGER)')\n\n\n"
        "@op.upgrade('my-db')\ndef upgrade_my_db():\n    op.execute('NO SUCH THING')\n"
    )
    app = new_app(engines={"default": first.url, "my-db": second.url})
    with app.app_context():
        with pytest.raises(errors.StatementFailed):
            flask_schemamigrate.upgrade()
        places = {each.label: each.revisions for each in flask_schemamigrate.current()}
    assert places == {"default": ("aa",), "my-db": ()}
