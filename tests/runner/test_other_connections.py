"""Revisions that ask the database past the connection of their run, as the app's session does."""

from __future__ import annotations

import pytest

from flask_schemamigrate.errors.runs import StatementFailed
from flask_schemamigrate.runner.events import Waiting

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
OTHER = (
    "from sqlalchemy.orm import Session\n"
    "engine = sa.create_engine(op.get_bind().engine.url, poolclass=sa.NullPool)\n"
    "with Session(engine) as session:\n"
    "    session.execute(sa.text('DELETE FROM thing'))\n"
    "    session.commit()"
)
TRANSACTIONAL = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def hint_of(project) -> str:
    """What the error of an upgrade advises."""
    with pytest.raises(StatementFailed) as caught:
        project.upgrade()
    return str(caught.value.hint)


@TRANSACTIONAL
def test_a_session_that_does_not_see_the_table_yet_is_told_which_connection_does(project):
    project.revision("a", f"{TABLE}\n{OTHER}")

    hint = hint_of(project)
    assert "Session(op.get_bind())" in hint
    assert hint.endswith("Then run 'flask db upgrade' again.")


def test_what_is_wrong_on_the_connection_of_the_run_is_not_said_to_be_elsewhere(project):
    project.revision("a", "op.get_bind().execute(sa.text('DELETE FROM nowhere'))")

    assert hint_of(project).startswith("Mend the revision")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_session_that_waits_for_its_own_run_gives_up_and_is_not_tried_again(project):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision(
        "b",
        'op.add_column("thing", sa.Column("n", sa.Integer))\n'
        "from sqlalchemy.orm import Session\n"
        "with Session(op.get_bind().engine) as session:\n"
        "    session.execute(sa.text('SELECT * FROM thing'))",
    )
    told: list[object] = []

    with pytest.raises(StatementFailed, match="lock timeout") as caught:
        project.upgrade(config={"lock_timeout": 0.2}, watch=told.append)

    assert "Session(op.get_bind())" in str(caught.value.hint)
    assert not [event for event in told if isinstance(event, Waiting)]
    assert project.rows("SHOW lock_timeout") == [("0",)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_session_of_its_own_that_waits_for_nobody_works(project):
    project.revision("a", TABLE)
    project.upgrade()
    project.revision(
        "b",
        "from sqlalchemy.orm import Session\n"
        "with Session(op.get_bind().engine) as session:\n"
        "    session.execute(sa.text('INSERT INTO thing VALUES (1)'))\n"
        "    session.commit()\n"
        "    session.execute(sa.text('INSERT INTO thing VALUES (2)'))\n"
        "    session.commit()\n"
        "other = op.get_bind().engine.connect()\n"
        "with other.execution_options(isolation_level='AUTOCOMMIT'):\n"
        "    other.execute(sa.text('VACUUM thing'))",
    )

    project.upgrade()

    assert project.rows("SELECT * FROM thing") == [(1,), (2,)]
    assert project.rows("SHOW lock_timeout") == [("0",)]
