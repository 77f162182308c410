"""Each operation's SQL, carried out and taken back with rows that survive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.altering import ChangeRefused, UnknownSchema
from flask_schemamigrate.errors.operations import (
    UnknownColumn,
    UnknownConstraint,
    UnknownIndex,
    UnknownTable,
    ValuesDiffer,
    WrongArgument,
)
from tests.dialects.sqlite.revising import executed, revised, revision, rows

START = """
CREATE TABLE owner (id INTEGER NOT NULL, name VARCHAR(20) NOT NULL, PRIMARY KEY (id));
CREATE TABLE pet (
    id INTEGER NOT NULL,
    name VARCHAR(10) NOT NULL,
    age INTEGER DEFAULT 3,
    owner_id INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT uq_name UNIQUE (name),
    CONSTRAINT ck_age CHECK (age < 100),
    CONSTRAINT fk_owner FOREIGN KEY (owner_id) REFERENCES owner (id)
);
CREATE INDEX ix_age ON pet (age);
INSERT INTO owner VALUES (1, 'Ann');
INSERT INTO pet VALUES (1, 'Rex', 3, 1), (7, 'Tom', 9, NULL);
"""
COPY = [
    'INSERT OR ABORT INTO "_pet_copy"',
    'DROP TABLE "pet"',
    "PRAGMA legacy_alter_table=ON",
    'ALTER TABLE "_pet_copy" RENAME TO "pet"',
    "PRAGMA legacy_alter_table=OFF",
    "CREATE INDEX ix_age ON pet (age)",
]


@dataclass(frozen=True)
class Case:
    """What is said, and how each of its statements begins; ``edit`` is what the text then has."""

    say: Any
    begins: list[str]
    edit: str = ""


def column(name, *args, **kwargs):
    return sa.Column(name, *args, **kwargs)


EDIT = ['UPDATE "main".sqlite_master SET sql = ']
CASES = {
    "a table": Case(
        lambda op: op.create_table("new", column("id", sa.Integer, primary_key=True)),
        ["CREATE TABLE new (\n    id INTEGER NOT NULL,\n    PRIMARY KEY (id)\n)"],
    ),
    "a dropped index": Case(lambda op: op.drop_index("ix_age", "pet"), ["DROP INDEX ix_age"]),
    "an index": Case(
        lambda op: op.create_index(
            "ix", "pet", [sa.text("lower(name)"), sa.desc("age")], sqlite_where=sa.text("age > 1")
        ),
        ["CREATE INDEX ix ON pet (lower(name), age DESC) WHERE age > 1"],
    ),
    "a renamed index": Case(
        lambda op: op.rename_index("pet", "ix_age", "ix new"),
        ["DROP INDEX ix_age", 'CREATE INDEX "ix new" ON pet (age)'],
    ),
    "a renamed table": Case(
        lambda op: op.rename_table("owner", "keeper"), ["ALTER TABLE owner RENAME TO keeper"]
    ),
    "a column": Case(
        lambda op: op.add_column("pet", column("a", sa.String(5), server_default="x")),
        ["ALTER TABLE \"pet\" ADD COLUMN a VARCHAR(5) DEFAULT 'x'"],
    ),
    "a column with a foreign key": Case(
        lambda op: op.add_column(
            "pet", column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o"))
        ),
        ['ALTER TABLE "pet" ADD COLUMN o INTEGER', *EDIT],
        "CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES owner (id)",
    ),
    "a column with a default and a foreign key": Case(
        lambda op: op.add_column(
            "pet",
            column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o"), server_default="1"),
        ),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        "CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES owner (id)",
    ),
    "a column with an index": Case(
        lambda op: op.add_column("pet", column("a", sa.Integer, index=True)),
        ['ALTER TABLE "pet" ADD COLUMN a INTEGER', "CREATE INDEX ix_pet_a ON pet (a)"],
    ),
    "a unique column": Case(
        lambda op: op.add_column("pet", column("a", sa.Integer, unique=True)),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "a column with a default that is no constant": Case(
        lambda op: op.add_column("pet", column("a", sa.DateTime, server_default=sa.func.now())),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "a column in its place": Case(
        lambda op: op.add_column("pet", column("a", sa.Integer), insert_after="id"),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        "id INTEGER NOT NULL,\n    a INTEGER,\n    name",
    ),
    "a generated column": Case(
        lambda op: op.add_column("pet", column("a", sa.Integer, sa.Computed("age + 1"))),
        ['ALTER TABLE "pet" ADD COLUMN a INTEGER GENERATED ALWAYS AS (age + 1) VIRTUAL'],
    ),
    "a stored generated column": Case(
        lambda op: op.add_column(
            "pet", column("a", sa.Integer, sa.Computed("age + 1", persisted=True))
        ),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "a renamed column": Case(
        lambda op: op.alter_column("pet", "age", new_column_name="years"),
        ['ALTER TABLE "pet" RENAME COLUMN age TO years'],
        "CHECK (years < 100)",
    ),
    "a wider type": Case(
        lambda op: op.alter_column("pet", "name", type_=sa.Text()), EDIT, "name TEXT NOT NULL,"
    ),
    "another type": Case(
        lambda op: op.alter_column("pet", "age", type_=sa.Numeric(5, 1)),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        "age NUMERIC(5, 1) DEFAULT 3,",
    ),
    "a collation": Case(
        lambda op: op.alter_column("pet", "name", type_=sa.String(10, collation="NOCASE")),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        'name VARCHAR(10) COLLATE "NOCASE" NOT NULL,',
    ),
    "NOT NULL": Case(
        lambda op: op.alter_column("pet", "age", nullable=False),
        EDIT,
        "age INTEGER DEFAULT 3 NOT NULL,",
    ),
    "NULL": Case(
        lambda op: op.alter_column("pet", "name", nullable=True), EDIT, "name VARCHAR(10),"
    ),
    "a default": Case(
        lambda op: op.alter_column("pet", "name", server_default=sa.text("('a' || 'b')")),
        EDIT,
        "name VARCHAR(10) DEFAULT ('a' || 'b') NOT NULL,",
    ),
    "no default": Case(
        lambda op: op.alter_column("pet", "age", server_default=None), EDIT, "age INTEGER,"
    ),
    "another default": Case(
        lambda op: op.alter_column("pet", "age", server_default="4"), EDIT, "DEFAULT '4',"
    ),
    "what a column is made of": Case(
        lambda op: op.alter_column("pet", "age", server_default=sa.Computed("id + 2")),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "a check": Case(
        lambda op: op.create_check_constraint("ck", "pet", "length(name) < 50"),
        EDIT,
        "CONSTRAINT ck CHECK (length(name) < 50)",
    ),
    "no check": Case(lambda op: op.drop_constraint("ck_age", "pet", "check"), EDIT),
    "a foreign key": Case(
        lambda op: op.create_foreign_key(
            *("fk", "pet", "owner", ["id"], ["id"]), ondelete="CASCADE", validate=False
        ),
        EDIT,
        "CONSTRAINT fk FOREIGN KEY (id) REFERENCES owner (id) ON DELETE CASCADE",
    ),
    "no foreign key": Case(lambda op: op.drop_constraint("fk_owner", "pet", "foreignkey"), EDIT),
    "a unique": Case(
        lambda op: op.create_unique_constraint("uq", "pet", ["age", "name"]),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        "CONSTRAINT uq UNIQUE (age, name)",
    ),
    "no unique": Case(
        lambda op: op.drop_constraint("uq_name", "pet", "unique"),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "no primary key": Case(
        lambda op: op.drop_constraint(None, "pet", "primary"),
        ['CREATE TABLE "_pet_copy" (', *COPY],
    ),
    "a renamed constraint": Case(
        lambda op: op.rename_constraint("pet", "uq_name", "uq new"),
        EDIT,
        'CONSTRAINT "uq new" UNIQUE (name)',
    ),
    "comments": Case(
        lambda op: (
            op.create_table_comment("pet", "hello"),
            op.alter_column("pet", "age", comment="years"),
        ),
        [],
    ),
    "several edits": Case(
        lambda op: _group(
            op,
            lambda batch: (
                batch.alter_column("name", nullable=True),
                batch.drop_constraint("ck_age"),
                batch.create_check_constraint("ck_new", "age > 0"),
            ),
        ),
        EDIT,
    ),
    "a new order": Case(
        lambda op: _group(op, lambda batch: None, partial_reordering=[("owner_id", "name")]),
        ['CREATE TABLE "_pet_copy" (', *COPY],
        "age INTEGER DEFAULT 3,\n    owner_id INTEGER,\n    name VARCHAR(10) NOT NULL,",
    ),
}


def _group(op, say, **how):
    with op.batch_alter_table("pet", recreate="always" if how else "auto", **how) as batch:
        say(batch)


@pytest.fixture
def engine(sqlite):
    engine = sqlite.engine()
    executed(engine, START)
    return engine


def schema(engine):
    with engine.connect() as connection:
        return for_engine(engine).read(connection)


def text(engine, name="pet"):
    return rows(engine, f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0]


@pytest.mark.parametrize(
    ("was", "now", "kinds"),
    [
        ("VARCHAR(9)", sa.Numeric(), ["integer", "real"]),
        ("CLOB", sa.Float(), ["real", "real"]),
        ("CLOB", sa.Numeric(), ["integer", "real"]),
        ("BLOB", sa.Text(), ["text", "text"]),
        ("NUMERIC", sa.LargeBinary(), ["integer", "real"]),
        ("VARCHAR(9)", sa.Text(), ["text", "text"]),
    ],
)
def test_values_are_stored_as_the_new_type_stores_them(sqlite, was, now, kinds):
    engine = sqlite.engine()
    executed(engine, f"CREATE TABLE t (a {was}); INSERT INTO t VALUES ('1'), ('2.5')")
    revised(engine, lambda op: op.alter_column("t", "a", type_=now))
    assert [kind for (kind,) in rows(engine, "SELECT typeof(a) FROM t")] == kinds


def test_a_generated_column_says_another_expression(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a INT /* one */, b AS (a * 2)); INSERT INTO t VALUES (1)")
    revised(engine, lambda op: op.alter_column("t", "b", server_default=sa.Computed("a * 3")))
    assert rows(engine, "SELECT * FROM t") == [(1, 3)]
    ((text,),) = rows(engine, "SELECT sql FROM sqlite_master")
    assert "/* one */" in text


def test_of_two_foreign_keys_of_a_column_the_added_one_is_taken_back(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE x (id INTEGER PRIMARY KEY); CREATE TABLE y (id INTEGER PRIMARY KEY);"
        "CREATE TABLE t (a INT /* one */, FOREIGN KEY (a) REFERENCES x (id))",
    )
    sink = revision(engine, lambda op: op.create_foreign_key(None, "t", "y", ["a"], ["id"]))
    revision(engine, lambda op: [op.invoke(reverse) for reverse in sink.reverses])
    found = rows(engine, "SELECT sql FROM sqlite_master WHERE name = 't'")
    assert found == [("CREATE TABLE t (a INT /* one */, FOREIGN KEY (a) REFERENCES x (id))",)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_operation_is_carried_out_and_taken_back(engine, case):
    before = schema(engine)

    sink = revision(engine, case.say)

    assert [
        sql.startswith(begin) for sql, begin in zip(sink.statements, case.begins, strict=True)
    ] == [True] * len(case.begins), sink.statements
    assert case.edit in text(engine)
    ids = rows(engine, "SELECT id, owner_id FROM pet ORDER BY id")
    assert ids == [(1, 1), (7, None)]
    after = schema(engine)
    revision(engine, lambda op: [op.invoke(reverse) for reverse in sink.reverses])
    assert schema(engine) == before
    found = rows(engine, "SELECT id, name, owner_id FROM pet ORDER BY id")
    assert found == [(1, "Rex", 1), (7, "Tom", None)]
    revision(engine, case.say)
    assert schema(engine) == after
    assert rows(engine, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("key", ["", ", PRIMARY KEY (a, b)"])
def test_a_table_without_a_number_for_its_key_is_copied_without_numbers(engine, key):
    executed(engine, f"CREATE TABLE pair (a INT, b INT {key}); INSERT INTO pair VALUES (1, 2)")

    def say(op):
        numbers = {"sqlite_autoincrement": True}
        with op.batch_alter_table("pair", recreate="always", table_kwargs=numbers):
            pass

    revision(engine, say)
    assert rows(engine, "SELECT * FROM pair") == [(1, 2)]
    assert "AUTOINCREMENT" not in text(engine, "pair")


@pytest.mark.parametrize("default", [None, "1"])
def test_sqlalchemy_reads_the_name_of_a_foreign_key_that_came_with_its_column(engine, default):
    key = sa.ForeignKey("owner.id", name="fk_o")
    new = column("o", sa.Integer, key, server_default=default)
    revision(engine, lambda op: op.add_column("pet", new))
    assert "fk_o" in [found["name"] for found in sa.inspect(engine).get_foreign_keys("pet")]


def test_a_not_null_that_comes_back_has_its_conflict_clause_again(engine):
    strict = "CREATE TABLE pet (name TEXT NOT NULL ON CONFLICT IGNORE)"
    executed(engine, f"DROP TABLE pet; {strict};")

    sink = revision(engine, lambda op: op.alter_column("pet", "name", nullable=True))
    assert text(engine) == "CREATE TABLE pet (name TEXT)"
    revision(engine, lambda op: [op.invoke(reverse) for reverse in sink.reverses])

    assert text(engine) == strict


WRONG = {
    "a table": (lambda op: op.drop_table("nowhere"), UnknownTable),
    "an indexed table": (lambda op: op.create_index("i", "nowhere", ["a"]), UnknownTable),
    "a renamed table": (lambda op: op.rename_table("nowhere", "b"), UnknownTable),
    "an altered table": (
        lambda op: op.alter_column("nowhere", "a", nullable=True),
        UnknownTable,
    ),
    "a table with a new column": (
        lambda op: op.add_column("nowhere", column("a", sa.Integer)),
        UnknownTable,
    ),
    "a column": (lambda op: op.drop_column("pet", "nothing"), UnknownColumn),
    "an indexed column": (lambda op: op.create_index("i", "pet", ["nothing"]), UnknownColumn),
    "a renamed column": (lambda op: op.rename_column("pet", "nothing", "b"), UnknownColumn),
    "an altered column": (
        lambda op: op.alter_column("pet", "nothing", nullable=True),
        UnknownColumn,
    ),
    "a key's column": (lambda op: op.create_unique_constraint("u", "pet", ["n"]), UnknownColumn),
    "a constraint": (lambda op: op.drop_constraint("nothing", "pet"), UnknownConstraint),
    "an index": (lambda op: op.drop_index("nothing", "pet"), UnknownIndex),
    "an index of a table": (lambda op: op.rename_index("pet", "nothing", "b"), UnknownIndex),
}


@pytest.mark.parametrize(("say", "error"), WRONG.values(), ids=WRONG)
def test_what_is_not_there_is_named(engine, say, error):
    with pytest.raises(error, match=r"nowhere|nothing|'n'"):
        revised(engine, say)


@pytest.mark.parametrize(
    "say",
    [
        lambda op: op.drop_table("nowhere", if_exists=True),
        lambda op: op.drop_index("nothing", "pet", if_exists=True),
        lambda op: op.drop_column("pet", "nothing", if_exists=True),
        lambda op: op.drop_constraint("nothing", "pet", if_exists=True),
        lambda op: op.add_column("pet", column("age", sa.Integer), if_not_exists=True),
        lambda op: op.create_index("ix_age", "pet", ["age"], if_not_exists=True),
        lambda op: op.create_table("pet", column("id", sa.Integer), if_not_exists=True),
        lambda op: op.create_check_constraint("ck_age", "pet", "1", if_not_exists=True),
    ],
)
def test_if_exists_and_if_not_exists_leave_everything_as_it_is(engine, say):
    before = schema(engine)
    revised(engine, say)
    assert schema(engine) == before


def test_a_constraint_without_a_name_is_dropped_by_what_it_says(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT UNIQUE CHECK (a > 0), "
        "b INT REFERENCES p (id), UNIQUE (a, b)); INSERT INTO t VALUES (1, NULL)",
    )

    def say(op):
        op.drop_constraint(None, "t", "unique", columns=["a"])
        op.drop_constraint(None, "t", "check", condition="a > 0")
        op.drop_constraint(None, "t", "foreignkey", columns=["b"])

    revised(engine, say)
    assert text(engine, "t") == 'CREATE TABLE "t" (a INT, b INT, UNIQUE (a, b))'
    assert rows(engine, "SELECT * FROM t") == [(1, None)]


def test_a_batch_may_say_again_what_the_table_has_as_alembics_may(sqlite):
    engine = sqlite.engine()
    sqlite.execute(
        "CREATE TABLE a (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER NOT NULL, a INTEGER, b INTEGER, CONSTRAINT pk_old PRIMARY KEY "
        "(id), CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)",
        "CREATE INDEX ix_a_b ON t (a, b)",
        "INSERT INTO t VALUES (1, NULL, 2)",
    )

    def say(op):
        with op.batch_alter_table("t") as batch:
            batch.create_primary_key("pk_new", ["id"])
            batch.create_foreign_key("fk_a", "a", ["a"], ["id"], ondelete="cascade")
            batch.drop_column("b")
            batch.drop_index("ix_a_b")
            batch.create_index("ix_c", ["c"])
            batch.add_column(sa.Column("c", sa.Integer))

    revised(engine, say)

    (sql,) = sqlite.rows("SELECT sql FROM sqlite_master WHERE name = 't'")[0]
    assert ("pk_new" in sql, "pk_old" in sql, sql.count("fk_a")) == (True, False, 1)
    assert sqlite.rows("SELECT name FROM sqlite_master WHERE name LIKE 'ix%'") == [("ix_c",)]
    assert sqlite.rows("SELECT * FROM t") == [(1, None, None)]


def test_a_batch_may_give_another_primary_key_without_dropping_the_one_without_a_name(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (id VARCHAR NOT NULL, a VARCHAR, PRIMARY KEY (id))")
    executed(engine, "INSERT INTO t VALUES ('1', '2')")

    def say(op):
        with op.batch_alter_table("t") as batch:
            batch.create_primary_key("pk_t", ["id", "a"])

    revised(engine, say)

    assert text(engine, "t") == (
        'CREATE TABLE "t" (id VARCHAR NOT NULL, a VARCHAR NOT NULL, CONSTRAINT pk_t PRIMARY KEY '
        "(id, a))"
    )
    assert rows(engine, "SELECT * FROM t") == [("1", "2")]


COPIED = sa.Table(
    "t",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Text),
    sa.Column("b", sa.Text),
    sa.UniqueConstraint("b", name="uq_b"),
)


@pytest.mark.parametrize(
    ("say", "left"),
    [
        (lambda batch: batch.create_unique_constraint("uq", ["a", "b"]), ["a b", "b", "c"]),
        (lambda batch: batch.drop_constraint("uq_b", type_="unique"), ["c"]),
        (lambda batch: batch.drop_constraint("uq_a", type_="unique"), ["b", "c"]),
        (lambda batch: batch.create_index("ix", ["a"]), ["a", "b", "c"]),
    ],
    ids=["a new one", "one that it names", "one that it does not tell", "not written anew"],
)
def test_copy_from_tells_which_unique_constraints_a_table_has(sqlite, say, left):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CONSTRAINT uq_a UNIQUE, b TEXT UNIQUE, "
        "c TEXT UNIQUE CHECK (c > ''))",
    )
    executed(engine, "INSERT INTO t VALUES (1, 'x', 'y', 'z')")

    def revision(op):
        with op.batch_alter_table("t", copy_from=COPIED) as batch:
            say(batch)

    revised(engine, revision)

    uniques = sa.inspect(engine).get_unique_constraints("t")
    assert sorted(" ".join(key["column_names"]) for key in uniques) == left
    assert rows(engine, "SELECT * FROM t") == [(1, "x", "y", "z")]
    assert "CHECK" in text(engine, "t")


def test_a_naming_convention_names_constraints_that_have_no_name(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a INT UNIQUE CHECK (a > 0), b INT REFERENCES t (a))")
    convention = {
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }

    def say(op):
        with op.batch_alter_table("t", naming_convention=convention) as batch:
            batch.drop_constraint("fk_t_b_t", type_="foreignkey")
            batch.drop_constraint("uq_t_a", type_="unique")

    revised(engine, say)
    assert text(engine, "t") == 'CREATE TABLE "t" (a INT CHECK (a > 0), b INT)'


def test_a_naming_convention_stays_in_a_table_that_alembic_would_copy(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a INT UNIQUE, b INT, FOREIGN KEY (b) REFERENCES t (a))")
    executed(engine, "INSERT INTO t VALUES (1, 1)")
    convention = {
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }

    def say(op):
        with op.batch_alter_table("t", naming_convention=convention) as batch:
            batch.create_index("ix", ["b"])
        assert "CONSTRAINT" not in text(engine, "t")
        with op.batch_alter_table("t", naming_convention=convention) as batch:
            batch.alter_column("b", nullable=False)
        op.drop_constraint("fk_t_b_t", "t", type_="foreignkey")

    revised(engine, say)
    assert text(engine, "t") == "CREATE TABLE t (a INT CONSTRAINT uq_t_a UNIQUE, b INT NOT NULL)"
    assert rows(engine, "SELECT * FROM t") == [(1, 1)]


def test_a_foreign_key_replaces_the_one_of_its_name_on_its_columns_alone(sqlite):
    engine = sqlite.engine()
    key = "CONSTRAINT fk FOREIGN KEY(b) REFERENCES t (a)"
    executed(engine, f"CREATE TABLE t (a INT PRIMARY KEY, b INT, {key});")
    executed(engine, "INSERT INTO t VALUES (1, NULL), (2, 1);")

    def say(op, column="b"):
        with op.batch_alter_table("t") as batch:
            batch.create_foreign_key("fk", "t", [column], ["a"], ondelete="CASCADE")

    revised(engine, say)
    with engine.connect() as connection:
        (found,) = sa.inspect(connection).get_foreign_keys("t")
    assert (found["name"], found["options"]) == ("fk", {"ondelete": "CASCADE"})
    assert rows(engine, "SELECT * FROM t") == [(1, None), (2, 1)]
    with pytest.raises(ChangeRefused, match="already has a constraint 'fk'"):
        revised(engine, lambda op: say(op, "a"))


def test_a_boolean_s_check_comes_and_goes_with_its_type(engine):
    boolean = sa.Boolean(create_constraint=True, name="is_bool")

    def there(op):
        op.alter_column("pet", "owner_id", type_=boolean, existing_type=sa.Integer())

    def back(op):
        op.alter_column("pet", "owner_id", type_=sa.Integer(), existing_type=boolean)

    revised(engine, there)
    assert "CONSTRAINT is_bool CHECK (owner_id IN (0, 1))" in text(engine)
    revised(engine, back)
    assert "is_bool" not in text(engine)


@pytest.mark.parametrize("expression", ["id * 2", "later"])
def test_a_column_is_not_generated_over_values_that_differ(engine, expression):
    def say(op):
        with op.batch_alter_table("pet") as batch_op:
            batch_op.add_column(column("later", sa.Integer))
            batch_op.alter_column("age", server_default=sa.Computed(expression))

    before = rows(engine, "SELECT age FROM pet")
    with pytest.raises(ValuesDiffer, match=r"pet\.age"):
        revision(engine, say)
    assert rows(engine, "SELECT age FROM pet") == before


def test_table_options_are_changed_by_a_copy(engine):
    def say(op):
        with op.batch_alter_table("owner", table_kwargs={"sqlite_autoincrement": True}) as batch:
            batch.alter_column("name", type_=sa.String(30))

    revised(engine, say)
    assert "PRIMARY KEY AUTOINCREMENT" in text(engine, "owner")
    assert rows(engine, "SELECT * FROM owner") == [(1, "Ann")]


def test_a_condition_that_names_the_table_itself_follows_a_copy(sqlite):
    engine = sqlite.engine()
    executed(
        engine,
        "CREATE TABLE t (a INT CHECK (t.a > 0), b INT, CHECK (\"T\" . b <> 't.a')); "
        "INSERT INTO t VALUES (1, 2)",
    )
    revised(engine, lambda op: op.create_unique_constraint("uq", "t", ["a"]))
    assert "(a INT CHECK (a > 0), b INT, CHECK ( b <> 't.a'), CONSTRAINT uq" in text(engine, "t")
    assert rows(engine, "SELECT * FROM t") == [(1, 2)]


def test_a_key_that_is_dropped_and_added_again_has_the_numbers_of_the_rows(engine):
    def say(op):
        with op.batch_alter_table("owner") as batch:
            batch.drop_column("id")
            batch.add_column(column("id", sa.Integer, primary_key=True), inline_primary_key=True)

    executed(engine, "DELETE FROM pet")
    revised(engine, lambda op: op.drop_constraint("fk_owner", "pet", "foreignkey"))
    revised(engine, say)
    assert rows(engine, "SELECT name, id FROM owner") == [("Ann", 1)]


def test_a_last_column_is_dropped_although_a_comment_before_it_has_a_comma(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE t (a INT, /* b, the last */ b INT); INSERT INTO t VALUES (1, 2)")
    revised(engine, lambda op: op.drop_column("t", "b"))
    assert rows(engine, "SELECT * FROM t") == [(1,)]


def test_a_reference_without_columns_stands_in_nobody_s_way(sqlite):
    engine = sqlite.engine()
    executed(engine, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a REFERENCES p)")
    with pytest.raises(UnknownConstraint, match="has no constraint 'nothing'"):
        revised(engine, lambda op: op.drop_constraint("nothing", "t", "unique"))


def test_numbers_of_its_own_in_an_attached_database(sqlite, new_database):
    other = new_database("sqlite")
    executed(other.engine(), START)
    engine = sqlite.engine()
    path = other.url.removeprefix("sqlite:///")

    @sa.event.listens_for(engine, "connect")
    def attach(connection, record):
        connection.execute(f"ATTACH '{path}' AS aux")

    revised(engine, lambda op: op.set_table_options("pet", schema="aux", sqlite_autoincrement=True))
    assert "PRIMARY KEY AUTOINCREMENT" in text(other.engine())


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (
            lambda op: op.add_column("pet", column("x", sa.Integer), insert_after="nothing"),
            UnknownColumn,
        ),
        (
            lambda op: op.alter_column("pet", "age", insert_before="nothing", nullable=True),
            UnknownColumn,
        ),
        (
            lambda op: _group(
                op, lambda batch: None, partial_reordering=[("name", "age"), ("age", "name")]
            ),
            WrongArgument,
        ),
    ],
)
def test_a_place_that_there_is_not_is_refused(engine, say, error):
    with pytest.raises(error, match=r"nothing|contradict"):
        revised(engine, say)


@pytest.mark.parametrize(
    "say",
    [
        lambda op: op.drop_table("pet", schema="nowhere"),
        lambda op: op.alter_column("pet", "name", nullable=True, schema="nowhere"),
        lambda op: op.drop_index("ix_age", "pet", schema="nowhere"),
        lambda op: op.add_column("pet", sa.Column("x", sa.Integer), schema="nowhere"),
    ],
)
def test_a_schema_that_is_not_attached_is_named(engine, say):
    with pytest.raises(UnknownSchema, match="No database is attached as 'nowhere'"):
        revised(engine, say)


def test_changes_in_an_attached_database(sqlite, new_database):
    other = new_database("sqlite")
    executed(other.engine(), START)
    engine = sqlite.engine()
    path = other.url.removeprefix("sqlite:///")

    @sa.event.listens_for(engine, "connect")
    def attach(connection, record):
        connection.execute(f"ATTACH '{path}' AS aux")

    def say(op):
        op.alter_column("pet", "name", nullable=True, schema="aux")
        op.create_unique_constraint("uq", "pet", ["age"], schema="aux")
        op.create_index("ix", "pet", ["name"], schema="aux")
        op.rename_column("pet", "age", "years", schema="aux")
        op.drop_column("pet", "owner_id", schema="aux")
        op.create_table(
            "toy",
            column("id", sa.Integer, primary_key=True),
            column("pet_id", sa.Integer, sa.ForeignKey("aux.pet.id")),
            schema="aux",
        )

    revised(engine, say)
    assert rows(other.engine(), "SELECT * FROM pet") == [(1, "Rex", 3), (7, "Tom", 9)]
    assert "CONSTRAINT uq UNIQUE (years)" in text(other.engine())
    assert rows(sqlite.engine(), "SELECT * FROM sqlite_master") == []
    names = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    assert rows(other.engine(), names) == [("ix",), ("ix_age",)]
