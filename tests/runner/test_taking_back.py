"""A downgrade takes back what was in sight when it began, and nothing more."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from flask_schemamigrate.commands.databases import databases
from flask_schemamigrate.commands.planning import downgrade_plan, in_sight
from flask_schemamigrate.errors.runs import LosesData
from flask_schemamigrate.errors.stopping import LeaseLost, TakesBackMore
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = "op.create_table('{0}', sa.Column('id', sa.Integer, primary_key=True))"


@pytest.fixture
def two(project):
    """Two revisions, of which the first has a table with a row."""
    insert = "op.execute('INSERT INTO one VALUES (1)')"
    project.revision("a", f"{TABLE.format('one')}\n{insert}", "op.drop_table('one')")
    project.revision("b", TABLE.format("two"), "op.drop_table('two')")
    project.upgrade()
    return project


def test_two_at_once_take_one_revision_back_and_not_two(two):
    with ExitStack() as holding:
        (database,) = databases(two.environment())
        connection = holding.enter_context(database.connect())
        holding.enter_context(database.locked(connection, 0))

        def other() -> None:
            # Asked while it waits for the lock, and later before each statement.
            holding.close()
            if two.status.current == ("b",):
                two.downgrade()

        with pytest.raises(TakesBackMore, match="take back a,"):
            two.downgrade(stop=other)

    assert two.rows("SELECT COUNT(*) FROM one") == [(1,)]


def test_what_nobody_was_asked_about_is_not_taken_back(two):
    seen = in_sight(downgrade_plan(two.environment()))
    two.downgrade()

    with pytest.raises(TakesBackMore, match="take back a,"):
        two.downgrade(seen=seen)

    assert two.status.current == ("a",)


def test_what_another_process_has_taken_back_meanwhile_is_not_taken_back_twice(two):
    # In the revision itself, for on SQLite nobody else could.
    other = "op.execute(\"DELETE FROM schemamigrate_history WHERE revision = 'b'\")"
    two.revision("b", TABLE.format("two"), f"op.execute('DELETE FROM one')\n{other}")

    with pytest.raises(LeaseLost):
        two.downgrade()

    if two.database.name not in MARIADB_AND_MYSQL:
        assert two.rows("SELECT COUNT(*) FROM one") == [(1,)]


@pytest.mark.parametrize("rows", [0, 1])
def test_rows_that_came_after_it_was_asked_what_is_lost_are_not_lost(two, rows):
    if rows:
        two.database.execute("INSERT INTO two VALUES (7)")
    seen = in_sight(downgrade_plan(two.environment()))
    two.database.execute("INSERT INTO two VALUES (1)")

    if rows:
        # It was agreed that what is in the table goes, however much that is.
        two.downgrade(seen=seen)
        return
    with pytest.raises(LosesData, match=r"two \(1 row\)"):
        two.downgrade(seen=seen)
    assert two.rows("SELECT id FROM two") == [(1,)]
