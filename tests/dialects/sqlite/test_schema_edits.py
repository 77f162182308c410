"""Changes to a table's stored text alone, and when a copy has to be made instead."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects.sqlite import schema_edit
from flask_schemamigrate.errors.altering import RowsInTheWay
from tests.dialects.sqlite.revising import executed, revised, rows
from tests.dialects.sqlite.test_rebuild_keeps import RICH


def stored(engine, *names):
    found = dict(rows(engine, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return [found[name] for name in names] if names else found


@pytest.mark.parametrize("words", ["", "WITHOUT ROWID"])
def test_rows_without_values_of_their_own_keep_what_an_index_says_they_have(sqlite, words):
    engine = sqlite.engine()
    executed(
        engine,
        f"CREATE TABLE t (id INT PRIMARY KEY) {words}; INSERT INTO t VALUES (1); "
        "ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'old'; CREATE INDEX ix ON t (late)",
    )
    revised(engine, lambda op: op.alter_column("t", "late", server_default="new"))
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]
    assert rows(engine, "SELECT * FROM t") == [(1, "old")]


def test_rows_added_before_a_column_keep_its_old_default(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);"
        "ALTER TABLE t ADD COLUMN a INT DEFAULT 5; ALTER TABLE t ADD COLUMN b TEXT;",
    )
    revised(engine, lambda op: op.alter_column("t", "a", server_default="7"))
    revised(engine, lambda op: op.alter_column("t", "b", server_default="new"))
    executed(engine, "INSERT INTO t (id) VALUES (3)")
    assert rows(engine, "SELECT * FROM t") == [(1, 5, None), (2, 5, None), (3, 7, "new")]


def test_a_default_is_edited_in_place_where_rows_have_values_of_their_own(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT 5); INSERT INTO t (id) VALUES (1)",
    )
    revised(engine, lambda op: op.alter_column("t", "a", server_default="7"))
    assert stored(engine, "t") == ["CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT '7')"]
    assert rows(engine, "SELECT a FROM t") == [(5,)]


def test_rows_that_were_against_a_rule_before_do_not_stand_in_the_way_of_an_edit(sqlite):
    engine = sqlite.engine()
    executed(engine, RICH)
    executed(
        engine,
        "PRAGMA ignore_check_constraints=ON; UPDATE pet SET age = -1 WHERE id = 1;"
        "PRAGMA ignore_check_constraints=OFF",
    )
    before = stored(engine)
    revised(engine, lambda op: op.alter_column("pet", "money", server_default="4"))
    assert "money MONEY DEFAULT '4'" in stored(engine, "pet")[0]
    with pytest.raises(RowsInTheWay):
        revised(engine, lambda op: op.create_check_constraint("c", "pet", "age > 2"))
    assert "uq_both" in before["pet"]


def test_an_edit_that_falls_back_on_a_copy_leaves_the_rest_of_the_group_alone(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);"
        "ALTER TABLE t ADD COLUMN a INT DEFAULT 5; CREATE INDEX old ON t (a)",
    )

    def say(op):
        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", server_default="7")
            batch.drop_index("old")
            batch.create_index("new", ["a"])
            batch.add_column(sa.Column("b", sa.Integer))

    revised(engine, say)
    assert rows(engine, "SELECT * FROM t") == [(1, 5, None)]
    assert sorted(stored(engine)) == ["new", "t"]


def test_an_edit_is_seen_by_other_connections(sqlite):
    executed(sqlite.engine(), "CREATE TABLE t (a INT)")
    with sqlite.engine().connect() as other:
        other.exec_driver_sql("INSERT INTO t VALUES (1)")
        other.commit()
        revised(sqlite.engine(), lambda op: op.alter_column("t", "a", nullable=False))
        with pytest.raises(sa.exc.IntegrityError, match="NOT NULL"):
            other.exec_driver_sql("INSERT INTO t VALUES (NULL)")


def test_a_connection_in_defensive_mode_gets_a_copy(sqlite, monkeypatch):
    # Only newer Pythons can switch defensive mode on, so what it does is pretended.
    monkeypatch.setattr(schema_edit, "_possible", lambda ask: False)
    executed(sqlite.engine(), "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2)")
    revised(sqlite.engine(), lambda op: op.alter_column("t", "a", nullable=False))
    assert stored(sqlite.engine(), "t") == ['CREATE TABLE "t" (a INT NOT NULL, b INT)']
    assert rows(sqlite.engine(), "SELECT * FROM t") == [(1, 2)]
