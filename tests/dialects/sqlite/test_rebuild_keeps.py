"""What a table, and all around it, keeps when it is copied into its new form."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.altering import (
    CannotKeep,
    ChangeRefused,
    DanglingRows,
    MentionedElsewhere,
    NoValueForRows,
    RecreateNeeded,
    RowsInTheWay,
)
from flask_schemamigrate.errors.operations import UnknownColumn
from tests.dialects.sqlite.revising import executed, guarded, revised, rows

RICH = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE pet (
    -- the number of the pet
    id INTEGER CONSTRAINT pk_pet PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(20) COLLATE NOCASE NOT NULL ON CONFLICT IGNORE,
    owner_id INTEGER CONSTRAINT fk_own REFERENCES owner ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
    age INT DEFAULT (1 + 1) CHECK (age >= 0), /* in years */
    untyped,
    money MONEY DEFAULT "free",
    "odd name" TEXT UNIQUE ON CONFLICT REPLACE,
    twice INT GENERATED ALWAYS AS (age * 2) STORED,
    thrice AS (age * 3),
    made TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_both UNIQUE (name COLLATE BINARY, age),
    UNIQUE (money, id)
    CHECK (length(name) > 0)
);
CREATE TABLE toy (
    id INTEGER PRIMARY KEY,
    pet_id INTEGER NOT NULL REFERENCES pet (id) ON DELETE CASCADE
);
CREATE TABLE seen (what TEXT);
CREATE INDEX ix_lower ON pet (lower(name), age DESC) WHERE age > 1;
CREATE UNIQUE INDEX "ix odd" ON pet ("odd name" COLLATE NOCASE);
CREATE VIEW old_pets AS SELECT name, age FROM pet WHERE age > 1;
CREATE TRIGGER watch AFTER INSERT ON pet BEGIN INSERT INTO seen VALUES (new.name); END;
CREATE TRIGGER elsewhere AFTER DELETE ON toy BEGIN UPDATE pet SET age = age + 1; END;
INSERT INTO owner VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO pet (id, name, owner_id, age, untyped, "odd name") VALUES
    (1, 'Rex', 1, 3, x'00ff', 'a'), (5, 'tom', 2, 1, 'text', 'b'), (9, 'Zoe', NULL, 4, 1.5, 'c');
DELETE FROM pet WHERE id = 9;
INSERT INTO toy VALUES (1, 1), (2, 5), (3, 5);
"""
ROWS = "SELECT rowid, *, typeof(untyped), thrice FROM pet"


@pytest.fixture
def engine(sqlite) -> sa.Engine:
    engine = guarded(sqlite.engine())
    executed(engine, RICH)
    return engine


def stored(engine, *names):
    found = dict(rows(engine, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return [found[name] for name in names] if names else found


def test_a_forced_copy_leaves_everything_as_it_was(engine):
    before = stored(engine), rows(engine, ROWS), rows(engine, "SELECT * FROM toy")

    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    revised(engine, say)

    after = stored(engine), rows(engine, ROWS), rows(engine, "SELECT * FROM toy")
    assert after[0].pop("pet") == before[0].pop("pet").replace("TABLE pet", 'TABLE "pet"')
    assert after == before


def test_a_check_that_table_args_repeat_stays_one(engine):
    def say(op):
        repeated = [sa.CheckConstraint("length(name) > 0"), sa.CheckConstraint("age < 99")]
        with op.batch_alter_table("pet", table_args=repeated) as batch_op:
            batch_op.alter_column("money", nullable=False, server_default="1")

    revised(engine, say)

    (text,) = stored(engine, "pet")
    assert [text.count(check) for check in ("length(name) > 0", "age < 99")] == [1, 1]


def test_a_copied_table_still_works(engine):
    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    revised(engine, say)

    executed(
        engine,
        "INSERT INTO pet (name, age) VALUES ('New', 2);"
        "PRAGMA foreign_keys=ON; DELETE FROM owner WHERE id = 2;",
    )
    assert rows(engine, "SELECT max(id) FROM pet") == [(10,)]
    assert rows(engine, "SELECT what FROM seen") == [("Rex",), ("tom",), ("Zoe",), ("New",)]
    assert ("New", 4) in rows(engine, "SELECT * FROM old_pets")
    assert rows(engine, "SELECT * FROM toy") == [(1, 1)]
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]
    assert rows(engine, "PRAGMA foreign_key_check") == []


def test_foreign_keys_are_on_again_afterwards(engine):
    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    with engine.connect() as connection:
        pooled = connection.connection.dbapi_connection
    revised(engine, say)
    assert pooled.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert pooled.execute("PRAGMA legacy_alter_table").fetchone() == (0,)
    assert pooled.isolation_level == ""


def test_several_changes_share_one_copy(engine):
    def say(op):
        with op.batch_alter_table("pet") as batch:
            batch.alter_column("age", type_=sa.String(10))
            batch.alter_column("name", nullable=True, server_default="nobody")
            batch.drop_constraint("uq_both", type_="unique")
            batch.create_unique_constraint("uq_new", ["name", "untyped"])
            batch.add_column(sa.Column("born", sa.Date))
            batch.drop_column("made")
            batch.create_check_constraint("ck_new", "length(name) < 99")
            batch.alter_column("money", new_column_name="cash")

    statements = revised(engine, say)

    assert len([sql for sql in statements if sql.startswith("INSERT OR ABORT")]) == 1
    (text,) = stored(engine, "pet")
    assert 'cash MONEY DEFAULT "free"' in text
    assert "-- the number of the pet" in text
    assert "CONSTRAINT uq_new UNIQUE (name, untyped)" in text
    assert rows(engine, "SELECT id, age, typeof(age), cash, born FROM pet") == [
        (1, "3", "text", "free", None),
        (5, "1", "text", "free", None),
    ]
    assert rows(engine, "SELECT seq FROM sqlite_sequence WHERE name = 'pet'") == [(9,)]


def test_a_renamed_column_is_followed_by_views_triggers_and_indexes(engine):
    revised(engine, lambda op: op.rename_column("pet", "age", "years"))
    view, trigger, index = stored(engine, "old_pets", "elsewhere", "ix_lower")
    assert "years" in view
    assert "years = " in trigger
    assert "years" in index
    assert rows(engine, "SELECT count(*) FROM old_pets") == [(1,)]


def test_a_column_that_a_view_needs_is_not_dropped(engine):
    with pytest.raises(MentionedElsewhere, match="the view 'old_pets'"):
        revised(engine, lambda op: op.drop_column("pet", "age"))
    assert "age INT" in stored(engine, "pet")[0]


@pytest.mark.parametrize(
    ("column", "user"),
    [
        ("what", "the trigger 'watch2'"),
        ("flag", "the trigger 'of'"),
        ("shape", "the trigger 'changed'"),
        ("gone", "the trigger 'deleted'"),
        ("sum", "the generated column 'total'"),
        ("Low", "the check ordered"),
        ("part", "the index 'ix_part'"),
        ("expr", "the index 'ix_expr'"),
    ],
)
def test_a_column_that_something_else_needs_is_not_dropped(sqlite, column, user):
    engine = sqlite.engine()
    executed(
        engine,
        """CREATE TABLE t (id INTEGER PRIMARY KEY, what TEXT, flag INT, sum INT, Low INT, high INT,
        part INT, expr INT, shape INT, gone INT, total INT AS (sum + 1),
        CONSTRAINT ordered CHECK (low < high));
        CREATE TABLE log (what TEXT);
        CREATE INDEX ix_part ON t (id) WHERE part > 1;
        CREATE INDEX ix_expr ON t (abs(expr));
        CREATE TRIGGER watch2 AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.what); END;
        CREATE TRIGGER "of" AFTER UPDATE OF flag ON t BEGIN SELECT 1; END;
        CREATE TRIGGER changed AFTER UPDATE ON t BEGIN SELECT new.shape; END;
        CREATE TRIGGER deleted AFTER DELETE ON t BEGIN SELECT old.gone; END;
        CREATE TRIGGER other AFTER INSERT ON log BEGIN SELECT new.what, id FROM t; END;""",
    )
    before = stored(engine)
    with pytest.raises(MentionedElsewhere) as refused:
        revised(engine, lambda op: op.drop_column("t", column))
    assert refused.value.what == (user,)
    assert stored(engine) == before


def test_a_dropped_column_takes_along_what_is_about_it_alone(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        """CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, c INT,
        CONSTRAINT about_a CHECK (a > 0), CHECK (b > 0), UNIQUE (a, b));
        CREATE INDEX ix_a ON t (a, c); CREATE INDEX ix_c ON t (c);
        INSERT INTO t VALUES (1, 1, 1, 1), (4, 2, 2, 2)""",
    )
    revised(engine, lambda op: op.drop_column("t", "a"))
    assert sorted(stored(engine)) == ["ix_c", "t"]
    assert "about_a" not in stored(engine, "t")[0]
    assert "CHECK (b > 0)" in stored(engine, "t")[0]
    assert rows(engine, "SELECT * FROM t") == [(1, 1, 1), (4, 2, 2)]


def test_a_trigger_that_needs_a_column_twice_is_named_once(sqlite):
    engine = sqlite.engine()
    fired = "AFTER UPDATE OF a, b ON t BEGIN UPDATE t SET a = new.b; END"
    executed(engine, f"CREATE TABLE t (a INT, b INT); CREATE TRIGGER tr {fired}")
    with pytest.raises(MentionedElsewhere, match=r"is used by the trigger 'tr'\."):
        revised(engine, lambda op: op.drop_column("t", "b"))


@pytest.mark.parametrize("name", ["😀", "a·b", "a\u00a0b", "٣"])
def test_names_that_sqlite_takes_without_quotes_are_understood(sqlite, name):
    engine = sqlite.engine()
    executed(engine, f"CREATE TABLE t (a TEXT, {name} INT CHECK ({name} > 0))")
    revised(engine, lambda op: op.alter_column("t", "a", nullable=False))
    revised(engine, lambda op: op.alter_column("t", name, type_=sa.Text()))
    assert f"a TEXT NOT NULL, {name} TEXT CHECK" in stored(engine, "t")[0]


def test_keys_with_columns_written_as_strings_are_understood(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t ('a' TEXT, b INT, UNIQUE ('a', b)); CREATE INDEX i ON t ('b')")
    revised(engine, lambda op: op.drop_column("t", "a"))
    assert "UNIQUE" not in stored(engine, "t")[0]
    revised(engine, lambda op: op.add_column("t", sa.Column("c", sa.Text())))
    revised(engine, lambda op: op.drop_column("t", "b"))
    assert sorted(stored(engine)) == ["t"]


@pytest.mark.parametrize("column", ["oid INT", "ROWID INT", "id INTEGER PRIMARY KEY DESC"])
def test_rowids_without_a_column_of_their_own_are_kept(sqlite, column):
    engine = sqlite.engine()
    executed(
        engine,
        f"CREATE TABLE t (a TEXT, {column}); INSERT INTO t (_rowid_, a) VALUES (7, 'x'), (70, 'y')",
    )
    revised(engine, lambda op: op.create_unique_constraint("u", "t", ["a"]))
    assert rows(engine, "SELECT _rowid_, a FROM t") == [(7, "x"), (70, "y")]


def test_a_table_without_rowid_and_a_strict_one_stay_so(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (a TEXT PRIMARY KEY, b ANY) STRICT, WITHOUT ROWID;"
        "INSERT INTO t VALUES ('x', 1), ('y', 'z')",
    )
    revised(engine, lambda op: op.create_unique_constraint("u", "t", ["b"]))
    assert stored(engine, "t")[0].endswith("STRICT, WITHOUT ROWID")
    assert rows(engine, "SELECT *, typeof(b) FROM t") == [
        ("x", 1, "integer"),
        ("y", "z", "text"),
    ]


def test_a_leftover_of_another_tool_is_not_in_the_way(engine):
    executed(engine, 'CREATE TABLE _pet_copy (x); CREATE TABLE "_alembic_tmp_pet" (x)')

    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    revised(engine, say)
    assert stored(engine, "_pet_copy") == ["CREATE TABLE _pet_copy (x)"]


def test_rows_that_would_dangle_are_named_and_nothing_is_done(engine):
    before = stored(engine)
    with pytest.raises(DanglingRows, match="'toy' row 1 -> 'pet'"):
        revised(engine, lambda op: op.drop_table("pet"))
    assert stored(engine) == before
    assert rows(engine, "SELECT count(*) FROM toy") == [(3,)]


def test_rows_that_dangled_before_do_not_stand_in_the_way(engine):
    executed(engine, "PRAGMA foreign_keys=OFF; INSERT INTO toy VALUES (9, 99);")

    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    revised(engine, say)
    assert rows(engine, "SELECT count(*) FROM toy") == [(4,)]


def test_dropping_a_table_takes_no_rows_of_others_along(engine):
    def say(op):
        op.drop_table("owner")
        op.drop_constraint("fk_own", "pet", "foreignkey")

    revised(engine, say)
    assert rows(engine, "SELECT count(*) FROM pet") == [(2,)]


def test_nulls_in_the_way_of_not_null_are_shown(engine):
    executed(engine, "INSERT INTO pet (id, name) VALUES (12, 'n')")
    with pytest.raises(RowsInTheWay, match=r"column 'untyped': 12, None"):
        revised(engine, lambda op: op.alter_column("pet", "untyped", nullable=False))


def test_rows_against_a_check_a_key_and_a_reference_are_shown(engine):
    with pytest.raises(RowsInTheWay, match="check 'young'"):
        revised(engine, lambda op: op.create_check_constraint("young", "pet", "age < 2"))
    executed(engine, "UPDATE pet SET untyped = 1")
    with pytest.raises(RowsInTheWay, match="must be unique: 1, 2"):
        revised(engine, lambda op: op.create_unique_constraint("u", "pet", ["untyped"]))
    with pytest.raises(RowsInTheWay, match=r"foreign key \(age\) -> owner: 3"):
        revised(engine, lambda op: op.create_foreign_key("f", "pet", "owner", ["age"], ["id"]))
    revised(
        engine,
        lambda op: op.create_foreign_key("f", "pet", "owner", ["age"], ["id"], validate=False),
    )


def test_a_column_without_a_value_for_the_rows_is_refused(engine):
    column = sa.Column("must", sa.Integer, nullable=False)
    with pytest.raises(NoValueForRows, match="'must'"):
        revised(engine, lambda op: op.add_column("pet", column))
    executed(engine, "DELETE FROM pet")
    revised(engine, lambda op: op.add_column("pet", column))


def test_a_default_that_is_no_constant_fills_the_rows(engine):
    column = sa.Column("at", sa.DateTime, server_default=sa.func.now(), nullable=False)
    revised(engine, lambda op: op.add_column("pet", column))
    assert rows(engine, "SELECT count(at) FROM pet") == [(2,)]


def test_a_text_that_is_not_understood_is_refused(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE VIRTUAL TABLE v USING fts5(a)")
    with pytest.raises(CannotKeep, match="'v'"):
        revised(engine, lambda op: op.alter_column("v", "a", nullable=False))


def test_what_sqlite_would_not_take_is_refused_before_anything_is_done(engine):
    with pytest.raises(ChangeRefused, match="no such column: nowhere"):
        revised(engine, lambda op: op.create_check_constraint("c", "pet", "nowhere > 1"))


def test_recreate_never_refuses_a_copy(engine):
    def say(op):
        with op.batch_alter_table("pet", recreate="never") as batch:
            batch.create_unique_constraint("u", ["untyped"])

    with pytest.raises(RecreateNeeded):
        revised(engine, say)


def test_a_unique_is_dropped_as_an_index_and_the_other_way_round(sqlite):
    engine = sqlite.engine()
    executed(
        engine, "CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a)); CREATE UNIQUE INDEX i ON t (a)"
    )
    revised(engine, lambda op: op.drop_index("u", "t"))
    assert "UNIQUE" not in stored(engine, "t")[0]
    revised(engine, lambda op: op.drop_constraint("i", "t", type_="unique"))
    assert sorted(stored(engine)) == ["t"]


def test_foreign_keys_that_differ_in_their_actions_alone_are_all_kept(sqlite):
    engine = sqlite.engine()
    keys = (
        "FOREIGN KEY (up) REFERENCES t (id), FOREIGN KEY (up) REFERENCES t (id) ON DELETE CASCADE"
    )
    executed(engine, f"CREATE TABLE t (id INTEGER PRIMARY KEY, up INT, {keys})")
    revised(engine, lambda op: op.create_unique_constraint("u", "t", ["up"]))
    assert keys in stored(engine, "t")[0]


def test_what_analyze_found_is_kept(engine):
    executed(engine, "ANALYZE")
    query = "SELECT * FROM sqlite_stat1 ORDER BY tbl, idx"
    before = rows(engine, query)

    def say(op):
        with op.batch_alter_table("pet", recreate="always"):
            pass

    revised(engine, say)
    assert rows(engine, query) == before


def test_what_analyze_found_is_kept_where_a_batch_renames_between_two_copies(engine):
    executed(engine, "ANALYZE")
    query = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2"
    found = rows(engine, query)

    def batch(op):
        with op.batch_alter_table("toy") as batch_op:
            batch_op.add_column(sa.Column("first", sa.Text()), insert_before="id")
            batch_op.alter_column("first", new_column_name="second")
            batch_op.create_unique_constraint("uq_second", ["second"])

    revised(engine, batch)
    assert found
    assert rows(engine, query) == found


@pytest.mark.parametrize("rest", ["", ", CHECK (1)"])
def test_a_batch_replaces_the_only_column(sqlite, rest):
    engine = sqlite.engine()
    executed(engine, f"CREATE TABLE t (a TEXT{rest}); INSERT INTO t VALUES ('x')")

    def batch(op):
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("a")
            batch_op.add_column(sa.Column("b", sa.Integer(), server_default="1"))

    revised(engine, batch)
    assert rows(engine, "SELECT b FROM t") == [(1,)]


def test_a_foreign_key_to_a_column_that_is_not_there_is_refused(engine):
    with pytest.raises(UnknownColumn, match="Table 'pet' has no column 'nope'"):
        revised(engine, lambda op: op.create_foreign_key("fk", "toy", "pet", ["id"], ["nope"]))
    revised(engine, lambda op: op.create_foreign_key("fk", "toy", "toy", ["id"], ["ID"]))


def test_a_table_s_only_column_is_not_dropped(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a TEXT)")
    with pytest.raises(ChangeRefused, match="it would have no column left; drop the table"):
        revised(engine, lambda op: op.drop_column("t", "a"))


def test_a_column_with_a_check_and_a_reference_of_its_own_is_dropped_natively(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);"
        "CREATE TABLE t (a INT REFERENCES p (id) CHECK (a > 0), b INT);"
        "INSERT INTO t VALUES (1, 2)",
    )
    statements = revised(engine, lambda op: op.drop_column("t", "a"))
    assert statements == ['ALTER TABLE "t" DROP COLUMN a']
    assert rows(engine, "SELECT * FROM t") == [(2,)]


def test_a_batch_numbers_the_rows_by_a_key_that_it_adds_for_the_one_it_drops(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (k TEXT PRIMARY KEY, x INT); INSERT INTO t VALUES ('a', 5), ('b', 6);"
        "CREATE TABLE u (k TEXT PRIMARY KEY, x INT)",
    )

    def say(op):
        for table, dropped in (("t", "k"), ("u", "x")):
            with op.batch_alter_table(table) as batch_op:
                batch_op.drop_column(dropped)
                batch_op.add_column(sa.Column("id", sa.Integer, primary_key=True))

    revised(engine, say)
    assert rows(engine, "SELECT id, x FROM t") == [(1, 5), (2, 6)]
    keys = {
        table: sa.inspect(engine).get_pk_constraint(table)["constrained_columns"]
        for table in ("t", "u")
    }
    assert keys == {"t": ["id"], "u": ["k"]}
