"""What PostgreSQL refuses for a reason that has a known way out, which the error tells."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.runs import CannotKeepHistory, StatementFailed

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

NAMED = (
    'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("name", sa.String(20)))'
)


def hint_of(project) -> str:
    """What the error of an upgrade advises."""
    with pytest.raises(StatementFailed) as caught:
        project.upgrade()
    return str(caught.value.hint)


@pytest.mark.parametrize(
    ("statement", "extension"),
    [
        ("CREATE TABLE thing (name citext)", "citext"),
        ("CREATE TABLE thing (place geometry(POINT, 4326))", "postgis"),
        ("CREATE TABLE thing (close vector(3))", "vector"),
        ("CREATE TABLE thing (id uuid DEFAULT uuid_generate_v4())", '"uuid-ossp"'),
        (
            "CREATE TABLE thing (name text, EXCLUDE USING gist (name gist_trgm_ops WITH =))",
            "pg_trgm",
        ),
    ],
)
def test_what_an_extension_brings_is_told_with_its_name(project, statement, extension):
    project.revision("a", f"op.execute({statement!r})")

    hint = hint_of(project)
    assert f"op.execute('CREATE EXTENSION IF NOT EXISTS {extension}')" in hint
    assert hint.endswith("Then run 'flask db upgrade' again.")


def test_a_type_that_nobody_knows_is_not_said_to_be_of_an_extension(project):
    project.revision("a", "op.execute('CREATE TABLE thing (a moood)')")

    assert hint_of(project).startswith("Mend the revision")


@pytest.mark.parametrize(
    "change",
    [
        'op.alter_column("thing", "name", type_=sa.String(30))',
        'op.drop_column("thing", "name")',
        'op.drop_table("thing")',
    ],
)
def test_a_view_in_the_way_goes_first_and_comes_back(project, change):
    project.revision("a", NAMED)
    project.revision("b", "op.execute('CREATE VIEW names AS SELECT name FROM thing')")
    project.revision("c", change)

    hint = hint_of(project)
    assert "op.execute('DROP VIEW ...')" in hint
    assert "create it again" in hint


def test_a_schema_that_is_not_there_is_to_be_created(project):
    project.revision("a", "op.execute('CREATE TABLE nowhere.thing (id integer)')")

    assert "op.create_schema()" in hint_of(project)


def test_a_search_path_without_a_schema_is_told_where_the_history_cannot_be_made(project):
    project.revision("a", NAMED)
    url = project.engine.url.update_query_dict({"options": "-csearch_path=nowhere"})
    project.engine = sa.create_engine(url, poolclass=sa.NullPool)

    with pytest.raises(CannotKeepHistory) as caught:
        project.upgrade()
    assert "search_path" in str(caught.value.hint)
