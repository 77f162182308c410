"""The ready-made tests: what they find, and what they say of it."""

from __future__ import annotations

import pytest

READY = [
    "test_the_revisions_have_one_head",
    "test_an_empty_database_can_be_upgraded",
    "test_the_models_equal_the_migrated_database",
    "test_every_revision_goes_down_and_up_again",
    "test_a_downgrade_leaves_nothing_behind",
    "test_every_revision_runs_on_tables_with_rows",
]


def failing(result, *names: str) -> None:
    """See that these ready-made tests fail, and no others."""
    result.assert_outcomes(failed=len(names), passed=len(READY) - len(names))
    for name in names:
        result.stdout.fnmatch_lines(f"FAILED schemamigrate::{name}*")


def test_a_project_in_order_passes_them_all(project, on, database_url):
    on(database_url)
    project.revision(
        "second",
        up='op.add_column("pet", sa.Column("nick", sa.String(9)))',
        down='op.drop_column("pet", "nick")',
        after="first",
    )
    project.revision("third", up='op.drop_column("pet", "nick")', after="second")
    project.revision(
        "third",
        up='op.drop_column("pet", "nick")',
        down='op.add_column("pet", sa.Column("nick", sa.String(9)))',
        after="second",
    )
    result = project.run("--schemamigrate", "-v")
    result.assert_outcomes(passed=len(READY))
    result.stdout.fnmatch_lines([f"schemamigrate::{name} PASSED*" for name in READY])


def test_one_app_for_all_tests_is_led_to_a_database_after_the_other(project, on, database_url):
    on(database_url)
    project.pytester.makeconftest(
        """
        import pytest
        import sqlalchemy as sa
        from shop import create_app, db

        one = create_app()

        @pytest.fixture(scope="session")
        def app():
            yield one
            with one.app_context():
                sa.inspect(db.engine).get_table_names()
                db.engine.dispose()
        """
    )
    project.run("--schemamigrate").assert_outcomes(passed=len(READY))


def test_the_apps_own_database_is_not_touched(project):
    project.run("--schemamigrate")
    assert not list(project.pytester.path.rglob("untouched.db"))


def test_two_heads_are_named_with_what_joins_them(project):
    project.revision("mine", after="first")
    project.revision("theirs", after="first")
    result = project.run("--schemamigrate")
    failing(result, READY[0])
    result.stdout.fnmatch_lines(
        [
            "There are 2 heads: mine (the mine), theirs (the theirs).",
            "Join them with 'flask db merge', or put yours on top with 'flask db rebase'.",
        ]
    )


def test_a_revision_that_fails_is_named_with_the_databases_words(project):
    project.revision("second", up='op.execute("UPDATE nowhere SET a = 1")', after="first")
    result = project.run("--schemamigrate", "-k", "empty or down_and_up")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "An empty database cannot be upgraded. Revision second*no such table: nowhere",
            "Revision second cannot be carried out.*no such table: nowhere",
            "Mend its upgrade().",
        ]
    )
    result.stdout.no_fnmatch_line("During handling of*")


def test_a_model_without_a_revision_is_listed(project):
    shop = project.pytester.path / "shop.py"
    shop.write_text(
        shop.read_text().replace(
            "class Pet(",
            "class Toy(db.Model):\n    id = sa.Column(sa.Integer, primary_key=True)\n\nclass Pet(",
        )
    )
    result = project.run("--schemamigrate")
    failing(result, READY[2])
    result.stdout.fnmatch_lines(
        [
            "The models differ from the database that the revisions lead to:",
            "  + toy",
            "Write a revision for this with 'flask db migrate', or mend the one that should do it.",
        ]
    )


def test_what_a_downgrade_leaves_behind_is_listed(project, on, database_url):
    on(database_url)
    project.revision(
        "second",
        up='op.create_index("ix_owner_name", "owner", ["name"])',
        down='op.create_table("left", sa.Column("id", sa.Integer, primary_key=True))\n'
        'op.drop_index("ix_owner_name", "owner")',
        after="first",
    )
    result = project.run("--schemamigrate", "-k", "leaves_nothing")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Revision second, taken back, does not leave the database as it was before:",
            "  + left",
            "Let its downgrade() undo this as well.",
        ]
    )


def test_a_downgrade_that_takes_too_much_is_found_by_going_up_again(project):
    project.revision(
        "second",
        up='op.add_column("owner", sa.Column("mail", sa.String(9)))',
        down='op.drop_column("owner", "mail")\nop.drop_index("ix_pet_name", "pet")',
        after="first",
    )
    result = project.run("--schemamigrate", "-k", "down_and_up")
    result.stdout.fnmatch_lines(
        [
            "Revision second makes something else when it is carried out again:",
            "  - *ix_pet_name*",
            "Let its downgrade() undo all that its upgrade() does, and nothing more.",
        ]
    )


def test_a_downgrade_that_does_nothing_is_found_by_going_up_again(project):
    project.revision(
        "second", up='op.add_column("owner", sa.Column("mail", sa.String(9)))', after="first"
    )
    result = project.run("--schemamigrate", "-k", "down_and_up")
    result.stdout.fnmatch_lines(
        [
            "Revision second cannot be carried out again after it was taken back.*a column 'mail'*",
            "Let its downgrade() undo all that its upgrade() does.",
        ]
    )


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_column_that_rows_have_nothing_for_fails_with_rows_alone(project, on, database_url):
    on(database_url)
    project.revision(
        "second",
        up='op.add_column("owner", sa.Column("mail", sa.String(9), nullable=False))',
        down='op.drop_column("owner", "mail")',
        after="first",
    )
    result = project.run("--schemamigrate", "-k", "rows or down_and_up")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "Revision second cannot be carried out on tables with rows.*",
            "  row of owner: {'name': 'name'}",
            "  row of pet: {'name': 'name', 'age': 3, 'owner_id': 1}",
            "Mend its upgrade(). A NOT NULL column needs something in the rows*",
        ]
    )


def test_a_downgrade_that_fails_on_rows_is_found(project):
    project.revision(
        "second",
        up='op.alter_column("owner", "name", existing_type=sa.String(50), nullable=True)\n'
        'op.execute("UPDATE owner SET name = NULL")',
        down='op.alter_column("owner", "name", existing_type=sa.String(50), nullable=False)',
        after="first",
    )
    result = project.run("--schemamigrate", "-k", "rows")
    result.stdout.fnmatch_lines(
        ["Revision second cannot be taken back from tables with rows.*", "Mend its downgrade()*"]
    )


def test_a_revision_that_cannot_be_taken_back_is_said_to_be_left_out(project):
    project.revision("second", after="first", irreversible="the names are gone")
    result = project.run("--schemamigrate")
    failing(result)
    result.stdout.fnmatch_lines(
        [
            "*not tried by schemamigrate*",
            "*Revision second cannot be taken back: the names are gone",
        ]
    )


ODD = """
op.create_table(
    "coupon",
    sa.Column("code", sa.String(9), sa.CheckConstraint("code GLOB '[A-Z][0-9]'"), primary_key=True),
)
"""


def test_a_table_for_which_no_row_can_be_made_is_left_out_in_sight(project):
    project.revision("second", up=ODD, down='op.drop_table("coupon")', after="first")
    result = project.run("--schemamigrate", "-k", "rows")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*not tried by schemamigrate*", "*at second, no row could be made for coupon: CHECK *"]
    )


def test_a_suite_may_say_what_rows_are_like(project):
    project.revision("second", up=ODD, down='op.drop_table("coupon")', after="first")
    conftest = project.pytester.path / "conftest.py"
    conftest.write_text(
        conftest.read_text() + "\n@pytest.fixture\ndef schemamigrate_rows():\n"
        "    return {'coupon': {'code': 'A1', 'not_there_yet': 1}}\n"
    )
    result = project.run("--schemamigrate", "-k", "rows")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*not tried by schemamigrate*")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_enum_type_that_stays_is_something_left_behind(project, on, database_url):
    on(database_url)
    project.revision(
        "second",
        up='op.create_enum("mood", ["good", "bad"])\n'
        'op.add_column("pet", sa.Column("mood", sa.Enum("good", "bad", name="mood")))',
        down='op.drop_column("pet", "mood")\nop.create_enum("rest", ["a"])',
        after="first",
    )
    result = project.run("--schemamigrate", "-k", "leaves_nothing")
    result.stdout.fnmatch_lines(["  + enum rest*"])
