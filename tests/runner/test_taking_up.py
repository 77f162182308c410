"""A revision that stopped midway is taken up, settled, or refused, and never done twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.logged import log
from flask_schemamigrate.commands.resolving import resolve
from flask_schemamigrate.commands.stamping import stamp
from flask_schemamigrate.errors.runs import (
    ChangedSinceStarted,
    NothingToResolve,
    OutcomeUnknown,
    OwnStatementDone,
    StatementFailed,
    Unfinished,
)
from flask_schemamigrate.runner.history import History
from flask_schemamigrate.runner.journal import RUNNING
from tests.databases.servers import MARIADB_AND_MYSQL

ONLY_MARIADB = pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
pytestmark = ONLY_MARIADB

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
FAILS = "op.execute('INSERT INTO nowhere VALUES (1)')"
MENDED = "op.execute('INSERT INTO thing VALUES (1)')"


@pytest.fixture
def stopped(project):
    """A project whose first revision failed at its second operation."""
    project.revision("a", f"{TABLE}\n{FAILS}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    return project


def settle(project, how, revision="a"):
    return list(resolve(project.environment(), revision, how))


def cut_off(project, *, at):
    """Leave the journal as a kill in the middle of an operation's only statement does."""
    journal = History("schemamigrate_history").journal
    with project.engine.begin() as connection:
        for entry in journal.entries(connection, "a"):
            if entry.operation == at:
                journal.change(connection, entry, state=RUNNING, error=None)
            elif entry.operation > at:
                journal.forget(connection, "a", [entry.operation])


def test_status_says_at_which_statement_and_why(stopped):
    (stop,) = stopped.status.unfinished

    assert (stop.operation, stop.statement) == (2, 1)
    assert "nowhere" in (stop.error or "")
    assert "INSERT INTO nowhere" in (stop.sql or "")
    assert not stopped.status.is_ready


def test_status_says_where_when_the_server_does_not_even_understand_it(project):
    broken = "op.add_column('thing', sa.Column('x', sa.Integer, server_default=sa.text('1 +')))"
    project.revision("a", f"{TABLE}\n{broken}")
    with pytest.raises(StatementFailed):
        project.upgrade()

    (stop,) = project.status.unfinished

    assert (stop.operation, stop.statement) == (2, 1)


def test_what_had_nothing_to_do_is_not_done_by_the_next_run(project):
    gone = 'op.drop_index("ix", "thing", if_exists=True)'
    up = f'{TABLE}\n{gone}\nop.create_index("ix", "thing", ["id"])'
    project.revision("a", f"{up}\n{FAILS}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    project.revision("a", up)
    project.upgrade()

    assert [index["name"] for index in sa.inspect(project.engine).get_indexes("thing")] == ["ix"]


def test_a_statement_that_is_being_tried_again_is_not_said_to_have_stopped(stopped):
    journal = History("schemamigrate_history").journal
    with stopped.engine.begin() as connection:
        (at,) = (each for each in journal.entries(connection, "a") if each.operation == 2)
        journal.change(connection, at, state=RUNNING)

    (stop,) = stopped.status.unfinished

    assert stop.error is None
    assert stop.text.startswith("upgrade at operation 2, statement 1: still running, or cut off")


def test_nothing_else_runs_while_a_revision_is_unfinished(stopped):
    stopped.revision("b")

    with pytest.raises(Unfinished, match="resolve a"):
        stopped.downgrade("base")
    with pytest.raises(Unfinished, match="resolve a"):
        stopped.downgrade("-1")
    with pytest.raises(Unfinished, match="resolve a"):
        list(stamp(stopped.environment(), "b"))
    with pytest.raises(StatementFailed):
        stopped.upgrade()
    assert stopped.status.current == ()


def test_the_part_that_failed_may_be_mended(stopped):
    stopped.revision("a", f"{TABLE}\n{MENDED}")

    (done,) = stopped.upgrade()

    assert done.revision == "a"
    assert stopped.rows("SELECT id FROM thing") == [(1,)]


@pytest.mark.parametrize("changed", [MENDED, "pass", TABLE.replace("thing", "other")])
def test_the_part_that_is_done_may_not_be_changed(stopped, changed):
    stopped.revision("a", changed)

    with pytest.raises(ChangedSinceStarted, match="thing"):
        stopped.upgrade()


def test_a_downgrade_that_stopped_is_taken_up_by_the_next_downgrade(project):
    down = "op.drop_column('thing', 'name')"
    project.revision("a", TABLE.replace("))", '), sa.Column("name", sa.Text))'), "pass")
    project.revision("b", "pass", f"{down}\n{FAILS}")
    project.upgrade()
    with pytest.raises(StatementFailed):
        project.downgrade()
    with pytest.raises(Unfinished, match="downgrade"):
        project.upgrade()

    project.revision("b", "pass", f"{down}\n{MENDED}")
    project.downgrade()

    assert project.status.current == ("a",)
    assert project.columns("thing") == ["id"]


def test_what_is_wrong_with_a_downgrade_taken_up_again_speaks_of_a_downgrade(project):
    project.revision("a", TABLE, f"op.execute('ALTER TABLE thing ADD x TEXT')\n{FAILS}")
    project.upgrade()
    with pytest.raises(StatementFailed):
        project.downgrade()
    cut_off(project, at=1)
    with pytest.raises(OutcomeUnknown) as unknown:
        project.downgrade()
    settle(project, "skip")
    project.revision("a", TABLE, "op.execute('ALTER TABLE thing ADD  x   TEXT NULL')")
    with pytest.raises(ChangedSinceStarted) as changed:
        project.downgrade()

    assert "then downgrade again" in str(unknown.value.hint)
    assert "'flask db downgrade' again" in str(changed.value.hint)


@pytest.mark.parametrize(
    ("up", "happened"),
    [
        (
            "op.add_column('thing', sa.Column('name', sa.String(5)))",
            "ALTER TABLE thing ADD name VARCHAR(5)",
        ),
        ("op.create_index('ix_id', 'thing', ['id'])", "CREATE INDEX ix_id ON thing (id)"),
        ("op.drop_table('thing')", "DROP TABLE thing"),
        ("op.rename_table('thing', 'other')", "RENAME TABLE thing TO other"),
        (
            "op.alter_column('thing', 'id', type_=sa.BigInteger())",
            "ALTER TABLE thing MODIFY id BIGINT NOT NULL",
        ),
    ],
)
@pytest.mark.parametrize("is_done", [True, False])
def test_a_statement_of_unknown_outcome_is_settled_by_looking(project, up, happened, is_done):
    project.revision("z", TABLE)
    project.upgrade()
    project.revision("a", f"{up}\n{FAILS}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    cut_off(project, at=1)
    if not is_done:
        undo = {
            "ADD name": "ALTER TABLE thing DROP name",
            "INDEX": "DROP INDEX ix_id ON thing",
            "DROP": "CREATE TABLE thing (id INTEGER PRIMARY KEY)",
            "RENAME": "RENAME TABLE other TO thing",
            "MODIFY": "ALTER TABLE thing MODIFY id INTEGER NOT NULL",
        }
        project.database.execute(next(sql for word, sql in undo.items() if word in happened))

    project.revision("a", f"{up}\npass")
    project.upgrade()

    assert project.status.is_ready


def test_raw_sql_of_unknown_outcome_is_asked_about(project):
    project.revision("a", f"{TABLE}\nop.execute('ALTER TABLE thing ADD name TEXT')\n{FAILS}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    cut_off(project, at=2)
    both = MENDED.replace("(1)", "(1, NULL)")
    project.revision("a", f"{TABLE}\nop.execute('ALTER TABLE thing ADD name TEXT')\n{both}")

    with pytest.raises(OutcomeUnknown, match="ALTER TABLE thing"):
        project.upgrade()
    (stop,) = project.status.unfinished
    assert stop.is_unknown
    assert "cut off while it ran" in stop.text
    with pytest.raises(Unfinished, match="whether it was carried out\n'flask db upgrade' waits"):
        project.downgrade()
    settle(project, "skip")
    project.upgrade()

    assert project.columns("thing") == ["id", "name"]


def test_a_statement_of_the_revisions_own_code_is_not_repeated_unasked(project):
    own = "op.get_bind().execute(sa.text('INSERT INTO thing VALUES (7)'))\nop.get_bind().commit()"
    project.revision("a", f"{TABLE}\n{own}\n{FAILS}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    project.revision("a", f"{TABLE}\n{own}\n{MENDED}")

    with pytest.raises(OwnStatementDone, match="INSERT INTO thing VALUES"):
        project.upgrade()
    project.database.execute("DELETE FROM thing")
    settle(project, "retry")
    project.upgrade()

    assert project.rows("SELECT id FROM thing ORDER BY 1") == [(1,), (7,)]


def test_an_unfinished_revision_can_be_declared_applied(stopped):
    settle(stopped, "applied")

    assert stopped.status.is_ready
    assert stopped.upgrade() == []


def test_an_unfinished_revision_can_be_declared_rolled_back(stopped):
    stopped.database.execute("DROP TABLE thing")
    settle(stopped, "rolled-back")
    assert stopped.status.unfinished == ()
    stopped.revision("a", TABLE)
    stopped.upgrade()

    assert sa.inspect(stopped.engine).has_table("thing")


def test_what_was_settled_by_hand_is_in_the_log(stopped):
    settle(stopped, "rolled-back")

    assert [line.action for line in log(stopped.environment())] == ["rolled-back"]


def test_there_is_nothing_to_resolve_about_a_finished_revision(project):
    project.revision("a", TABLE)
    project.upgrade()

    with pytest.raises(NothingToResolve, match="did not stop midway"):
        settle(project, "applied")


def test_an_edited_file_can_be_accepted(project):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision("a", f"{TABLE}\npass")
    assert project.status.edited == ("a",)

    settle(project, "accept")

    assert project.status.edited == ()
