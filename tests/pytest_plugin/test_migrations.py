"""The fixture ``migrations``: a database that moves from revision to revision."""

from __future__ import annotations

import pytest

MOVES = """
import pytest
from flask_schemamigrate.errors import SchemaMigrateError

def test_rows_are_followed(migrations):
    assert migrations.current == ()
    assert migrations.upgrade("first") == ["first"]
    migrations.table("owner").insert({"id": 1, "name": "Ann"}, {"id": 2, "name": "Ben"})
    migrations.table("pet").insert(id=1, name="Rex", age=7, owner_id=1)
    assert migrations.upgrade() == ["second"]
    assert migrations.current == ("second",)
    assert migrations.table("pet").rows() == [
        {"id": 1, "name": "Rex", "age": 7, "owner_id": 1, "nick": "rex"}
    ]
    assert migrations.table("owner").row(name="Ben") == {"id": 2, "name": "Ben"}
    assert migrations.downgrade() == ["second"]
    assert "nick" not in migrations.table("pet").clause.c

def test_each_test_begins_with_nothing(migrations):
    assert migrations.schema().tables == {}

def test_the_app_uses_the_same_database(migrations, app):
    from shop import Owner, db
    migrations.upgrade("second")
    with app.app_context():
        db.session.add(Owner(name="Cleo"))
        db.session.commit()
    assert [row["name"] for row in migrations.table("owner").rows()] == ["Cleo"]

def test_sql_is_carried_out(migrations):
    migrations.upgrade("first")
    assert migrations.execute("INSERT INTO owner (name) VALUES (:name)", {"name": "50%"}) == []
    assert migrations.execute("SELECT name FROM owner") == [{"name": "50%"}]

def test_the_difference_is_told(migrations):
    migrations.upgrade()
    assert migrations.differences() == ["- pet.nick  loses data: column pet.nick (0 rows)"]

def test_a_table_that_is_not_there_is_named_with_those_that_are(migrations):
    migrations.upgrade("first")
    with pytest.raises(SchemaMigrateError, match="There is no table 'toy' at first."):
        migrations.table("toy")

def test_one_row_is_one(migrations):
    migrations.upgrade("first")
    with pytest.raises(AssertionError, match="owner has 0 rows with"):
        migrations.table("owner").row(id=1)

def test_every_table_gets_a_row(migrations):
    migrations.upgrade("first")
    assert set(migrations.fill().rows) == {"owner", "pet"}
    assert migrations.table("pet").row()["age"] == 3
    assert migrations.fill().rows == {}
"""


def test_a_database_moves_with_its_rows(project, on, database_url):
    on(database_url)
    project.revision(
        "second",
        up='op.add_column("pet", sa.Column("nick", sa.String(9)))\n'
        'op.execute("UPDATE pet SET nick = lower(name)")',
        down='op.drop_column("pet", "nick")',
        after="first",
    )
    project.test(MOVES).assert_outcomes(passed=8)


def test_a_bind_has_tables_of_its_own(project, monkeypatch):
    project.pytester.makepyfile(
        shop="""
        from flask import Flask
        from flask_schemamigrate import SchemaMigrate

        def create_app():
            app = Flask(__name__)
            SchemaMigrate(app, engines={"shop": "sqlite:///a.db", "reports": "sqlite:///b.db"})
            return app
        """
    )
    project.revision("first")
    folder = project.pytester.path / "migrations" / "versions"
    (folder / "first.py").write_text(
        '"""first"""\n'
        "import sqlalchemy as sa\n"
        "from flask_schemamigrate import op\n"
        'revision = "first"\ndown_revision = None\n'
        '@op.upgrade("reports")\n'
        "def upgrade_reports():\n"
        '    op.create_table("report", sa.Column("id", sa.Integer, primary_key=True))\n'
    )
    project.test(
        """
        def test_one(migrations):
            migrations.upgrade()
            migrations.table("report", bind="reports").insert(id=7)
            assert migrations.table("report", bind="reports").rows() == [{"id": 7}]
            assert migrations.databases == ["shop", "reports"]
            assert migrations.schema("shop").tables == {}
        """
    ).assert_outcomes(passed=1)


@pytest.mark.parametrize("fixture", ["migrations", "migrated_database"])
def test_a_revision_that_fails_ends_the_test_in_words(project, fixture):
    project.revision("second", up='op.execute("UPDATE nowhere SET a = 1")', after="first")
    result = project.test(
        f"""
        def test_one({fixture}):
            {fixture}.upgrade()
        """
    )
    result.stdout.fnmatch_lines("*no such table: nowhere*")
