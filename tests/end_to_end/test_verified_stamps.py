"""``stamp --verify`` records a revision only where the database looks like it."""

from __future__ import annotations

import pytest

PEOPLE = """
def upgrade():
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, unique=True),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
    )
"""

PETS = """
def upgrade():
    op.create_table(
        "pet",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id")),
    )
    op.add_column("person", sa.Column("mail", sa.String(80)))
    op.create_index("ix_person_mail", "person", ["mail"])
"""

BY_HAND = """
def upgrade():
    op.execute("ALTER TABLE person ADD COLUMN age INTEGER")
"""

BY_ASKING = """
def upgrade():
    if not sa.inspect(op.get_bind()).has_table("hobby"):
        op.create_table("hobby", sa.Column("id", sa.Integer, primary_key=True))
"""

ON_WHAT_WAS_THERE = """
def upgrade():
    op.alter_column("person", "age", new_column_name="years", existing_type=sa.Integer())
    op.add_column("hobby", sa.Column("name", sa.Text))
    op.execute("DROP TABLE pet")
"""


@pytest.fixture
def run(database, new_app, revisions):
    """A history of two revisions that was carried out; runs ``flask db``."""
    revisions(aa=PEOPLE, bb=PETS)
    app = new_app(database.url)

    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        return result.exit_code, result.output

    code, said = run("upgrade")
    assert code == 0, said
    return run


def test_a_database_that_looks_like_it_is_stamped(run):
    assert run("stamp", "--purge", "--verify")[0] == 0
    assert run("current")[1].split()[0] == "bb"


def test_what_a_later_revision_made_is_a_difference(run):
    code, said = run("stamp", "--verify", "aa")

    assert code == 5
    assert "does not look like aa" in said
    for line in ("- pet", "- person.mail"):
        assert f"  {line}" in said
    assert run("current")[1].split()[0] == "bb"


def test_what_is_missing_or_was_changed_by_hand_is_a_difference(run, database):
    database.execute("DROP TABLE pet", "ALTER TABLE person ADD COLUMN extra INTEGER")

    code, said = run("stamp", "--verify", "bb")

    assert code == 5
    for line in ("+ pet", "- person.extra"):
        assert f"  {line}" in said


def test_tables_that_no_revision_created_are_nobodys_business(run, database):
    database.execute("CREATE TABLE somebody_elses (id INTEGER)")

    assert run("stamp", "--verify", "bb")[0] == 0


def test_what_only_the_database_can_tell_is_said_and_not_judged(run, database, revisions):
    revisions(cc=BY_HAND, dd=BY_ASKING)
    assert run("upgrade")[0] == 0

    code, said = run("stamp", "--purge", "--verify")

    assert code == 0
    assert "not verified: hobby: dd" in said
    # SQLite tries the SQL of revisions in memory.
    assert ("not verified: person: cc" in said) == (database.name != "sqlite")
    database.execute("DROP TABLE pet")
    assert run("stamp", "--verify")[0] == 5


def test_what_stands_on_what_only_the_database_can_tell_is_not_judged_either(
    run, database, revisions
):
    revisions(cc=BY_HAND, dd=BY_ASKING, ee=ON_WHAT_WAS_THERE)
    assert run("upgrade")[0] == 0

    code, said = run("stamp", "--purge", "--verify")

    assert code == 0, said
    assert "not verified: hobby: dd, ee" in said
    assert ("not verified: pet: ee" in said) == (database.name != "sqlite")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_script_looks_at_nothing(run):
    code, said = run("stamp", "--sql", "--verify")

    assert code == 2
    assert "do not go together" in said
