"""What is written for a revision to last, and what a run takes away again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.runs import StatementFailed
from flask_schemamigrate.runner.history import History, now
from flask_schemamigrate.runner.journal import DONE, FAILED, PLANNED, RUNNING, Entry, ended
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing{n}", sa.Column("id", sa.Integer, primary_key=True))'
NOTED = """
seen = op.get_bind().exec_driver_sql("SHOW synchronous_commit").scalar()
op.get_bind().exec_driver_sql(f"INSERT INTO noted VALUES ('{seen}')")
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_last_commit_alone_waits_for_the_disk(project):
    project.revision("a", "op.create_table('noted', sa.Column('seen', sa.Text))")
    project.revision("b", NOTED)
    project.revision("c", NOTED)
    project.upgrade()

    with project.engine.connect() as connection:
        assert connection.scalars(sa.text("SELECT seen FROM noted")).all() == ["off", "on"]
        assert connection.scalar(sa.text("SHOW synchronous_commit")) == "on"


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_plain_revision_takes_three_statements_besides_its_own(project):
    said = []
    project.revision("a", TABLE.format(n=1))
    project.revision("b", TABLE.format(n=2))
    project.revision("c", TABLE.format(n=3))

    @sa.event.listens_for(project.engine, "before_cursor_execute")
    def hear(connection, cursor, sql, *_):
        said.append(" ".join(sql.split()[:3]))

    project.upgrade()
    first, second = (
        at for at, sql in enumerate(said) if sql in {"CREATE TABLE thing2", "CREATE TABLE thing3"}
    )
    assert said[first:second] == [
        "CREATE TABLE thing2",
        "UPDATE schemamigrate_history SET",
        "INSERT INTO schemamigrate_history",
        "INSERT INTO schemamigrate_history_journal",
    ]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_the_row_of_the_next_statement_says_that_the_one_before_has_run(project):
    said = []
    index = 'op.create_index("ix_thing", "thing1", ["id"])'
    project.revision("a", f"{TABLE.format(n=1)}\n{index}\nop.execute('SELECT nothing')")
    sa.event.listen(
        project.engine, "before_cursor_execute", lambda *given: said.append(given[2].split()[:2])
    )

    with pytest.raises(StatementFailed):
        project.upgrade()

    first, second = (
        said.index(["CREATE", "TABLE"], said.index(["INSERT", "INTO"])),
        said.index(["CREATE", "INDEX"]),
    )
    assert said[first + 1 : second] == [["INSERT", "INTO"]]
    journal = History("schemamigrate_history").journal.table
    states = project.rows(f"SELECT state, finished_at FROM {journal.name} ORDER BY operation")
    assert [state for state, _ in states] == [DONE, DONE, FAILED]
    assert sorted(at for _, at in states) == [at for _, at in states]


def written(**states):
    """Rows of the journal, a letter for each."""
    return [
        Entry(
            "r",
            number,
            1,
            "statement",
            state,
            letter,
            "",
            started_at=None if state == PLANNED else now(),
        )
        for number, (letter, state) in enumerate(states.items(), 1)
    ]


@pytest.mark.parametrize(
    ("states", "done"),
    [
        ({"a": RUNNING}, ""),
        ({"a": RUNNING, "b": PLANNED}, ""),
        ({"a": RUNNING, "b": RUNNING}, "a"),
        ({"a": RUNNING, "b": RUNNING, "c": FAILED, "d": PLANNED}, "ab"),
        ({"a": FAILED, "b": PLANNED}, ""),
    ],
)
def test_a_statement_has_ended_once_one_behind_it_has_begun(states, done):
    assert "".join(each.described for each in ended(written(**states)) if each.is_done) == done


def rows(project):
    with project.engine.connect() as connection:
        table = History("schemamigrate_history").journal.table
        return connection.scalars(sa.select(table.c.revision)).all()


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_run_takes_away_what_finished_revisions_left(project):
    project.revision("a", TABLE.format(n=1), "op.drop_table('thing1')")
    project.revision("b", TABLE.format(n=2), "op.drop_table('thing2')")
    project.upgrade()
    assert rows(project) == []

    # As a kill after the last revision, and before the end of the run, leaves it.
    leave(project, "b")
    project.downgrade()
    project.upgrade()
    assert rows(project) == []


def leave(project, revision):
    """Write rows of a finished revision into the journal."""
    entry = Entry(revision, 1, 1, "statement", RUNNING, "what it did", "", "CREATE TABLE thing2")
    with project.engine.begin() as connection:
        History("schemamigrate_history").journal.add(connection, [entry])


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_rows_of_a_finished_revision_do_not_make_it_unfinished(project):
    project.revision("a", TABLE.format(n=1))
    project.upgrade()
    leave(project, "a")

    assert project.status.is_ready
    assert project.status.unfinished == ()
