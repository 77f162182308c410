"""Rows are filled batch by batch, every one of them once, however often the run is cut off."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.planning import downgrade_plan, refuse_losses, upgrade_plan
from flask_schemamigrate.commands.scripting import upgrade_script
from flask_schemamigrate.commands.seeding import seed
from flask_schemamigrate.errors.operations import WrongArgument
from flask_schemamigrate.errors.runs import (
    ChangedSinceStarted,
    LosesData,
    NotBackfilled,
    SeedFailed,
    StatementFailed,
    UnknownSeed,
)
from flask_schemamigrate.errors.stopping import LeaseLost
from flask_schemamigrate.hooks import Seed
from flask_schemamigrate.runner.events import Progress

TABLE = """
op.create_table(
    "thing",
    sa.Column("a", sa.Integer, primary_key=True),
    sa.Column("b", sa.String(10), primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.Column("size", sa.Integer, nullable=False, server_default="0"),
)
rows = [{"a": n // 10, "b": str(n % 10)} for n in range(95)]
op.bulk_insert(sa.table("thing", sa.column("a"), sa.column("b")), rows)
"""
FAILS = "op.execute('INSERT INTO nowhere VALUES (1)')"


class CutOff(BaseException):
    """What ends a run that nobody can go on with."""


def cut_off(event):
    """End the run after three batches of ten."""
    if isinstance(event, Progress) and event.done == 30:
        raise CutOff


@pytest.fixture
def filled(project):
    """A table of 95 rows with a primary key of two columns."""
    project.revision("a", TABLE)
    project.upgrade()
    return project


def test_a_backfill_reaches_every_row_and_tells_how_far_it_is(filled):
    filled.revision("b", "op.backfill('thing', {'name': 'x'}, where='name IS NULL', batch=20)")
    seen: list[Any] = []

    filled.upgrade(watch=seen.append)

    assert filled.rows("SELECT COUNT(*) FROM thing WHERE name = 'x'") == [(95,)]
    progress = [event for event in seen if isinstance(event, Progress)]
    assert [event.done for event in progress] == [20, 40, 60, 80, 95]
    assert {event.total for event in progress} == {95}


def test_a_backfill_without_a_condition_changes_each_row_once_though_it_was_cut_off(filled):
    up = "op.backfill('thing', {'size': sa.text('size + 1')}, batch=10)"
    filled.revision("b", up)

    with pytest.raises(CutOff):
        filled.upgrade(watch=cut_off)
    assert filled.rows("SELECT SUM(size) FROM thing") == [(30,)]
    assert [stop.revision for stop in filled.status.unfinished] == ["b"]
    filled.upgrade()

    assert filled.rows("SELECT MIN(size), MAX(size) FROM thing") == [(1, 1)]
    assert filled.status.is_ready


def test_a_backfill_that_was_edited_halfway_is_refused(filled):
    filled.revision("b", "op.backfill('thing', {'size': 1}, batch=10)")
    with pytest.raises(CutOff):
        filled.upgrade(watch=cut_off)
    filled.revision("b", "op.backfill('thing', {'size': 2}, batch=10)")

    with pytest.raises(ChangedSinceStarted):
        filled.upgrade()


def test_a_batch_that_is_refused_is_told_and_the_batches_before_it_stay(filled):
    filled.database.execute("UPDATE thing SET name = 'long' WHERE a = 5")
    up = "op.backfill('thing', {'size': sa.text(\"CASE WHEN name = 'long' THEN NULL ELSE 1 END\")}"
    filled.revision("b", f"{up}, batch=10)")

    with pytest.raises(StatementFailed, match="'backfill thing size'"):
        filled.upgrade()
    (stop,) = filled.status.unfinished
    assert (stop.operation, stop.is_unknown) == (1, False)
    filled.database.execute("UPDATE thing SET name = 'short'")
    filled.upgrade()

    assert filled.rows("SELECT MIN(size), MAX(size) FROM thing") == [(1, 1)]


def test_a_backfill_that_another_process_goes_on_with_is_left_to_it(filled):
    filled.revision("b", "op.backfill('thing', {'size': sa.text('size + 1')}, batch=10)")
    moved = "UPDATE schemamigrate_history_journal SET position = 'where the other one is'"

    def take_over(event):
        if isinstance(event, Progress) and event.done == 30:
            with filled.engine.begin() as other:
                other.exec_driver_sql(moved)

    with pytest.raises(LeaseLost):
        filled.upgrade(watch=take_over)

    assert filled.rows("SELECT SUM(size) FROM thing") == [(30,)]
    assert filled.rows("SELECT error FROM schemamigrate_history WHERE revision = 'b'") == [(None,)]


@pytest.mark.parametrize(
    "ended", ["UPDATE {} SET state = 'done' WHERE state = 'running'", "DELETE FROM {}"]
)
def test_rows_that_another_process_has_changed_meanwhile_are_not_changed_twice(project_on, ended):
    # Where an operation is a transaction of its own its row in the journal is new, and unique.
    filled = project_on("mariadb")
    filled.revision("a", TABLE)
    filled.upgrade()
    block = "with op.get_context().autocommit_block():"
    filled.revision("b", f"{block}\n    op.execute('UPDATE thing SET size = size + 1')")

    @sa.event.listens_for(filled.engine, "after_cursor_execute")
    def end(connection: sa.Connection, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("UPDATE thing"):
            connection.exec_driver_sql(ended.format("schemamigrate_history_journal"))

    with pytest.raises(LeaseLost):
        filled.upgrade()

    assert filled.rows("SELECT SUM(size) FROM thing") == [(0,)]


def test_a_backfill_that_leaves_its_condition_true_is_an_error(filled):
    filled.revision("b", "op.backfill('thing', {'size': 1}, where='name IS NULL')")

    with pytest.raises(NotBackfilled, match="still true for 95"):
        filled.upgrade()


def test_a_table_without_a_key_needs_one(project):
    table = "op.create_table('thing', sa.Column('id', sa.Integer))"
    project.revision("a", f"{table}\nop.backfill('thing', {{'id': 1}})")

    with pytest.raises(WrongArgument, match="no primary key"):
        project.upgrade()


def test_a_function_may_return_the_rows_to_update(filled):
    more = """
def named(connection, rows):
    return [{"a": row["a"], "b": row["b"], "name": f"{row['a']}-{row['b']}"} for row in rows]
"""
    filled.revision("b", "op.run_data(named, 'thing', columns=['b'], batch=40)", more=more)

    filled.upgrade()

    assert filled.rows("SELECT name FROM thing WHERE a = 4 AND b = '2'") == [("4-2",)]
    assert filled.rows("SELECT COUNT(name) FROM thing") == [(95,)]


def test_what_a_function_did_is_not_done_twice(filled):
    once = "sql = sa.text('UPDATE thing SET size = size + 1')\n"
    once += "op.run_data(lambda connection: connection.execute(sql))"
    filled.revision("b", f"{once}\n{FAILS}")
    with pytest.raises(StatementFailed):
        filled.upgrade()
    filled.revision("b", f"{once}\npass")

    filled.upgrade()

    assert filled.rows("SELECT MAX(size) FROM thing") == [(1,)]


def test_a_script_says_what_it_leaves_out(filled):
    filled.revision("b", "op.backfill('thing', {'size': 1})")

    script = "".join(upgrade_script(filled.environment(), "a:b"))

    assert "-- NOT WRITTEN, since it works in batches: backfill thing size" in script


def test_a_plan_shows_the_sql_and_changes_nothing(filled):
    filled.revision("b", "op.add_column('thing', sa.Column('extra', sa.Integer))")

    (planned,) = upgrade_plan(filled.environment())

    (step,) = planned.steps
    assert step.operation == "+ thing.extra"
    assert any("ADD COLUMN extra" in sql for sql in step.statements)
    assert filled.status.pending == ("b",)
    assert "extra" not in filled.columns("thing")


BLOCK = """
op.execute("UPDATE thing SET size = 1")
with op.get_context().autocommit_block():
    pass
with op.get_context().autocommit_block():
    op.execute("UPDATE thing SET size = 2")
    with op.get_context().autocommit_block():
        op.execute("UPDATE thing SET size = 3")
    op.execute("UPDATE thing SET size = 4")
"""


def test_a_plan_shows_where_a_block_leaves_the_transaction_and_where_it_begins_anew(filled):
    filled.revision("b", BLOCK)

    (planned,) = upgrade_plan(filled.environment())

    has_transactions = filled.database.name in ("sqlite", "postgresql")
    commit, begin = (("COMMIT",), ("BEGIN",)) if has_transactions else ((), ())
    updates = [f"UPDATE thing SET size = {size}" for size in (1, 2, 3, 4)]
    assert [step.statements for step in planned.steps] == [
        (updates[0],),
        (*commit, updates[1]),
        (updates[2],),
        (updates[3], *begin),
    ]


def test_a_script_leaves_the_transaction_once_for_a_block_and_what_is_in_it(project_on):
    filled = project_on("postgresql")
    filled.revision("a", TABLE)
    block = """
        with op.get_context().autocommit_block():
            op.create_index("ix", "thing", ["name"], postgresql_concurrently=True)
            op.execute("VACUUM thing")
    """
    filled.revision("b", block)

    lines = upgrade_script(filled.environment(), "a:b")

    words = [
        line.split()[0] for line in lines if line.startswith(("BEGIN", "COMMIT", "VAC", "CRE"))
    ]
    assert words == ["BEGIN;", "COMMIT;", "CREATE", "VACUUM", "BEGIN;", "COMMIT;"]


def test_a_downgrade_is_planned_with_what_it_would_lose(project):
    drops = "op.drop_column('thing', 'name')\nop.drop_table('empty')"
    project.revision("a", TABLE, "op.drop_table('thing')")
    project.revision("b", "op.create_table('empty', sa.Column('id', sa.Integer))", drops)
    project.revision("c", "op.execute(\"UPDATE thing SET name = 'x' WHERE a = 1\")")
    project.upgrade()

    plans = list(downgrade_plan(project.environment(), "base"))

    losses = [loss.text for planned in plans for loss in planned.losses]
    assert losses == ["thing.name (10 rows)", "thing (95 rows)"]
    with pytest.raises(LosesData, match=r"thing \(95 rows\)"):
        refuse_losses(plans)


def test_a_downgrade_tells_what_it_loses_by_the_names_that_the_database_has_now(project):
    table = "op.create_table('old', sa.Column('id', sa.Integer, primary_key=True), {})"
    project.revision("a", table.format("sa.Column('x', sa.Integer)"), "op.drop_table('old')")
    project.revision("b", "pass", "op.drop_column('old', 'x')")
    up = "op.rename_table('old', 'new')\nop.alter_column('new', 'x', new_column_name='y')"
    down = "op.alter_column('new', 'y', new_column_name='x')\nop.rename_table('new', 'old')"
    project.revision("c", f"{up}\nop.execute('INSERT INTO new VALUES (1, 1)')", down)
    project.revision("d", table.format("sa.Column('z', sa.Integer)"), "op.drop_table('old')")
    project.upgrade()

    plans = list(downgrade_plan(project.environment(), "base"))

    losses = [loss.text for planned in plans for loss in planned.losses]
    assert losses == ["new.y (1 row)", "new (1 row)"]


def test_rows_that_cannot_be_counted_are_lost_all_the_same(project_on):
    project = project_on("postgresql")
    project.revision("a", TABLE, "op.drop_table('thing')")
    project.upgrade()
    with project.engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE OR REPLACE FUNCTION slow() RETURNS bool LANGUAGE sql "
                "AS 'SELECT pg_sleep(1) IS NOT NULL'"
            )
        )
        connection.execute(sa.text("ALTER TABLE thing RENAME TO thing_itself"))
        connection.execute(sa.text("CREATE VIEW thing AS SELECT * FROM thing_itself WHERE slow()"))
    url = project.engine.url.update_query_dict({"options": "-c statement_timeout=100"})
    project.engine = sa.create_engine(url, poolclass=sa.NullPool)

    (planned,) = downgrade_plan(project.environment(), "base")

    with pytest.raises(LosesData, match=r"thing \(rows that could not be counted\)"):
        refuse_losses([planned])


def seeds(project, *found):
    here = project.environment()
    return type(here)(
        here.config, here.sources, here.root, seeds={each.name: each for each in found}
    )


def test_a_seed_runs_once_and_again_when_its_source_has_changed(filled):
    def sizes(connection):
        connection.execute(sa.text("UPDATE thing SET size = size + 1"))

    def other(connection):
        connection.execute(sa.text("UPDATE thing SET size = size + 10"))

    here = seeds(filled, Seed("sizes", sizes))
    assert [done.name for done in seed(here)] == ["sizes"]
    assert list(seed(here)) == []
    assert [done.name for done in seed(seeds(filled, Seed("sizes", other)))] == ["sizes"]
    assert filled.rows("SELECT MAX(size) FROM thing") == [(11,)]


def test_a_seed_that_fails_leaves_nothing_and_does_not_count(filled):
    def wrong(connection):
        connection.execute(sa.text("UPDATE thing SET size = 5"))
        raise ValueError("no")

    here = seeds(filled, Seed("wrong", wrong))
    for _ in range(2):
        with pytest.raises(SeedFailed, match="ValueError: no"):
            list(seed(here))
    assert filled.rows("SELECT MAX(size) FROM thing") == [(0,)]
    with pytest.raises(UnknownSeed, match="nothing"):
        list(seed(here, "nothing"))
