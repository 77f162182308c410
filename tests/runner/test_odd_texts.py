"""Whatever a message, an error or an id is written in, a run ends as it should and says why."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.runs import RevisionRaised, StatementFailed
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
OUTSIDE = """
with op.get_context().autocommit_block():
    op.execute("CREATE TABLE other (id INTEGER)")
"""
TEXTS = {
    "half a character": r"no \udcff",
    "the end of a text": r"no \0 more",
    "a long one": "no" + "\N{SNOWMAN}" * 100_000,
}


@pytest.fixture
def in_latin(project):
    """A project whose database knows the letters of western Europe only."""
    name = project.engine.url.database
    project.database.execute(f"ALTER DATABASE {name} CHARACTER SET latin1")
    return project


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_error_is_told_and_written_down_in_any_words(project, text):
    project.revision("a", f'{TABLE}\n{OUTSIDE}\nraise ValueError("{text}")')

    with pytest.raises(RevisionRaised, match="no"):
        project.upgrade()

    (stop,) = project.status.unfinished
    assert stop.error is not None
    assert stop.error.startswith("no")


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_database_in_latin_letters_remembers_a_message_in_others(in_latin):
    in_latin.revision("a", TABLE)
    path = in_latin.folder / "versions" / "a.py"
    path.write_text(path.read_text().replace('"""a\n', '"""日本\n'), encoding="utf-8")

    (done,) = in_latin.upgrade()

    assert done.message == "日本"
    rows = in_latin.rows("SELECT message FROM schemamigrate_history")
    assert rows == [("日本",)]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_ids_that_differ_by_a_capital_are_two(in_latin):
    in_latin.revision("a1", TABLE)
    in_latin.revision("A2", "pass")
    in_latin.revision("A1", "pass")

    in_latin.upgrade()

    assert in_latin.status.is_ready


def test_a_statement_that_failed_is_told_as_it_was_written(project):
    sql = "UPDATE nowhere SET name = 'x' WHERE name LIKE '100%'"
    project.revision("a", f'op.execute("{sql}")')

    with pytest.raises(StatementFailed) as caught:
        project.upgrade()

    assert caught.value.sql == sql


@pytest.mark.parametrize("name", ["a.b", "per%cent", "co:lon", "q'\"", "x" * 63])
def test_a_table_may_have_any_name(project, name):
    project.revision(
        "a",
        f"""
        op.create_table({name!r}, sa.Column("id", sa.Integer, primary_key=True))
        op.add_column({name!r}, sa.Column({name!r}, sa.Integer))
        op.bulk_insert(sa.table({name!r}, sa.column("id")), [{{"id": 1}}])
        op.backfill({name!r}, {{{name!r}: 2}}, where=sa.column({name!r}).is_(None))
        """,
    )

    project.upgrade()

    assert project.columns(name) == ["id", name]
    quoted = project.engine.dialect.identifier_preparer.quote(name)
    with project.engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT * FROM {quoted}").all() == [(1, 2)]


@pytest.mark.parametrize(
    ("kind", "query"),
    [("postgresql", {"client_encoding": "latin1"}), ("mariadb", {"charset": "latin1"})],
)
def test_a_message_may_have_letters_that_the_database_has_not(project_on, kind, query):
    project = project_on(kind)
    project.revision("a", "op.create_table('thing', sa.Column('id', sa.Integer))")
    path = project.folder / "versions" / "a.py"
    path.write_text(path.read_text().replace('"""a', '"""Zoë → 日', 1), encoding="utf-8")
    url = project.engine.url.update_query_dict(query)
    project.engine = sa.create_engine(url, poolclass=sa.NullPool)

    project.upgrade()

    found = project.rows("SELECT revision, message FROM schemamigrate_history")
    assert found == [("a", r"Zoë \u2192 \u65e5")]
    project.downgrade("base")
    assert not project.rows("SELECT revision FROM schemamigrate_history")
