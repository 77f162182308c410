"""PostgreSQL's enum types come with their first column and go with the last, online and offline."""

from __future__ import annotations

import pytest

from tests import native_schema

USERS = [
    "CREATE DOMAIN felt AS mood",
    "CREATE DOMAIN felt AS mood[]",
    "CREATE TYPE pair AS (felt mood)",
    "CREATE VIEW seen AS SELECT 'ok'::mood AS felt",
    "CREATE FUNCTION f(mood) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
]

CREATED = """
def upgrade():
    op.create_schema("s")
    op.create_table(
        "pet",
        sa.Column("id", sa.Integer),
        sa.Column("mood", sa.Enum("ok", "sad", name="mood", schema="s")),
        schema="s",
    )


def downgrade():
    op.drop_table("pet", schema="s")
    op.drop_schema("s")
"""
DROPPED = """
def upgrade():
    op.drop_column("pet", "mood", schema="s")


def downgrade():
    op.add_column(
        "pet", sa.Column("mood", sa.Enum("ok", "sad", name="mood", schema="s")), schema="s"
    )
"""
USED_ELSEWHERE = """
def upgrade():
    op.create_table("pet", sa.Column("mood", sa.Enum("ok", "sad", name="mood")))
    op.execute({used!r})


def downgrade():
    pass
"""
LAST_COLUMN = """
def upgrade():
    op.drop_column("pet", "mood")


def downgrade():
    op.add_column("pet", sa.Column("mood", sa.Enum("ok", "sad", name="mood")))
"""

WRITTEN_ON_POSTGRESQL = """
def upgrade():
    op.create_enum("mood", ["ok", "sad"])
    op.create_table("pet", sa.Column("mood", sa.Enum("ok", "sad", name="mood")))
    op.rename_enum("mood", "temper")


def downgrade():
    op.rename_enum("temper", "mood")
    op.drop_table("pet")
    op.drop_enum("mood")
"""


def test_a_revision_with_a_named_enum_runs_where_columns_list_their_values(
    revisions, run, database
):
    revisions(aa=WRITTEN_ON_POSTGRESQL)
    empty = native_schema.schema(database.url)
    run(database, "upgrade")
    database.execute("INSERT INTO pet VALUES ('sad')")
    run(database, "downgrade", "--yes")
    assert native_schema.schema(database.url) == empty


@pytest.mark.parametrize("used", USERS)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_enum_stays_as_long_as_something_stands_on_it(
    revisions, run, database, new_database, client_program, used
):
    revisions(aa=USED_ELSEWHERE.format(used=used), bb=LAST_COLUMN)
    offline = new_database(database.name)
    offline.feed(run(offline, "upgrade", "--sql"))
    run(database, "upgrade")
    assert native_schema.schema(database.url) == native_schema.schema(offline.url)
    assert "CREATE TYPE public.mood AS ENUM" in str(native_schema.schema(database.url))
    run(database, "downgrade")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_enum_that_a_script_dropped_is_created_by_the_way_back(
    revisions, run, database, client_program
):
    revisions(aa=CREATED, bb=DROPPED)
    empty = native_schema.schema(database.url)
    database.feed(run(database, "upgrade", "--sql", "aa"))
    created = native_schema.schema(database.url)
    database.feed(run(database, "upgrade", "--sql", "aa:bb"))
    database.feed(run(database, "downgrade", "--sql", "bb:aa"))
    assert native_schema.schema(database.url) == created
    database.feed(run(database, "downgrade", "--sql", "aa:base"))
    assert native_schema.schema(database.url) == empty


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_schema_is_dropped_with_the_enums_that_its_tables_leave(revisions, run, database):
    revisions(aa=CREATED)
    empty = native_schema.schema(database.url)
    run(database, "upgrade")
    run(database, "downgrade")
    assert native_schema.schema(database.url) == empty
