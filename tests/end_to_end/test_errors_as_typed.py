"""What goes wrong outside the revisions, as somebody at the command line reads it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.databases.servers import MARIADB_AND_MYSQL

SECRET = "s3cr3t-w0rd"

DOWN = {
    "psycopg": f"postgresql+psycopg://ann:{SECRET}@127.0.0.1:1/shop",
    "asyncpg": f"postgresql+asyncpg://ann:{SECRET}@127.0.0.1:1/shop",
    "pymysql": f"mysql+pymysql://ann:{SECRET}@127.0.0.1:1/shop",
}

VERBS = [("upgrade",), ("status",), ("migrate",), ("current",), ("check",), ("stamp",)]


@pytest.fixture
def metadata() -> sa.MetaData:
    """One table."""
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


@pytest.fixture
def run(new_app, revisions, metadata):
    """Call the command line for a URL: its exit code, and all it printed."""
    revisions(aa="def upgrade():\n    pass\n")

    def call(url: str, *arguments: str) -> tuple[int, str]:
        app = new_app(engines=url, metadatas=metadata)
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return call


@pytest.mark.parametrize("url", DOWN.values(), ids=DOWN)
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_server_that_is_down_is_said_and_the_password_is_not(run, url, verb):
    code, said = run(url, *verb)
    assert code == 1
    assert said.startswith("Error: ")
    assert "127.0.0.1:1" in said
    assert "Traceback" not in said
    assert SECRET not in said


@pytest.mark.parametrize("url", DOWN.values(), ids=DOWN)
def test_a_traceback_does_not_show_the_password_either(run, url):
    code, said = run(url, "upgrade", "--traceback")
    assert code == 1
    assert "Traceback" in said
    assert SECRET not in said


def test_json_does_not_show_the_password_either(run):
    code, said = run(DOWN["psycopg"], "upgrade", "--format", "json")
    assert code == 1
    assert '"error": "ServerDown"' in said
    assert SECRET not in said


def test_a_refused_password_is_not_shown(run, mariadb):
    url = sa.make_url(mariadb.url).set(username="nobody_here", password=SECRET)
    code, said = run(url.render_as_string(hide_password=False), "upgrade", "--traceback")
    assert code == 1
    assert "nobody_here" in said
    assert SECRET not in said


def test_a_driver_that_is_not_installed_is_named_with_its_package(run):
    code, said = run(f"postgresql+pg8000://ann:{SECRET}@127.0.0.1/shop", "upgrade")
    assert code == 1
    assert "pip install" in said
    assert "pg8000" in said
    assert SECRET not in said


def test_a_url_that_is_none_is_not_repeated(run):
    code, said = run(f"//ann:{SECRET}@127.0.0.1/shop", "upgrade")
    assert code == 1
    assert SECRET not in said


def test_status_does_not_show_the_password(new_app, postgresql, revisions, metadata):
    url = sa.make_url(postgresql.url).set(password=SECRET).render_as_string(hide_password=False)
    app = new_app(engines=url, metadatas=metadata)
    for verb in ("status", "current", "upgrade"):
        said = app.test_cli_runner().invoke(args=["db", verb]).output
        assert SECRET not in said


FAILS = """
def upgrade():
    op.create_table("first", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO first (id) VALUES (1)")
    op.create_table("second", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO second (nothing) VALUES (1)")
    op.create_table("third", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("third")
    op.drop_table("second")
    op.drop_table("first")
"""


def test_a_failure_says_what_stays_and_once_mended_goes_on(
    new_app, database, revisions, project, metadata
):
    revisions(aa=FAILS)
    app = new_app(database.url, metadatas=metadata)

    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        return result.exit_code, result.output

    code, said = run("upgrade")
    assert code == 1
    for part in ("Revision aa failed at 'op.execute'", "nothing"):
        assert part in said
    tables = set(sa.inspect(database.engine()).get_table_names())
    if database.name in MARIADB_AND_MYSQL:
        assert "What it had done before stays, and is written down" in said
        assert {"first", "second"} <= tables
        assert run("current")[1].startswith("aa (unfinished)")
        code, said = run("migrate")
        assert code == 1
        assert "was started and has not finished" in said
    else:
        assert "Nothing of it stays." in said
        assert not {"first", "second"} & tables
        assert run("current") == (0, "No revision is applied.\n")
    path = project / "migrations" / "versions" / "000_aa.py"
    path.write_text(path.read_text().replace("(nothing)", "(id)"))
    code, said = run("upgrade")
    assert code == 0, said
    assert database.rows("SELECT id FROM first") == [(1,)]
    assert database.rows("SELECT id FROM second") == [(1,)]
    assert "third" in sa.inspect(database.engine()).get_table_names()
