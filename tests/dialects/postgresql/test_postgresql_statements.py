"""Every operation on PostgreSQL: its SQL, what it does, and the way back with the rows kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate import op
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.statement import Statement
from flask_schemamigrate.errors.operations import NotSupportedHere, ValuesDiffer, ValuesInUse
from flask_schemamigrate.operations import Operation, bound
from tests.dialects.sink import TestSink, carried_out, script, stated

MOOD = sa.Enum("happy", "sad", name="mood")


PETS = """
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE owner (id serial PRIMARY KEY, name varchar(20));
CREATE TABLE pet (
    id serial PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', age integer,
    mood mood DEFAULT 'happy', data text, owner_id integer, stays boolean DEFAULT true);
INSERT INTO owner (name) VALUES ('ann');
INSERT INTO pet (name, age, data, owner_id) VALUES ('tom', 3, '5', 1), ('kim', 7, '8', 1)
"""


@pytest.fixture
def pet(engine: sa.Engine) -> sa.Engine:
    """A database with a table of pets and their two rows."""
    with engine.begin() as connection:
        connection.exec_driver_sql(PETS)
    return engine


def again(engine: sa.Engine) -> None:
    """Make the database as the fixture made it."""
    with engine.begin() as connection:
        for name in ("public", "other", "third"):
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA public; {PETS}")


def rows(engine: sa.Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def types(engine: sa.Engine) -> set[str]:
    return {name for (name,) in rows(engine, "SELECT typname FROM pg_type WHERE typtype = 'e'")}


def to_owner() -> sa.ForeignKey:
    return sa.ForeignKey("owner.id", name="fk_o")


CASES: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "add a column": (
        lambda: op.add_column("pet", sa.Column("size", sa.Integer(), server_default="0")),
        ["ALTER TABLE pet ADD COLUMN size INTEGER DEFAULT '0'"],
    ),
    "add a column with its key": (
        lambda: op.add_column(
            "pet", sa.Column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o"))
        ),
        ["ALTER TABLE pet ADD COLUMN o INTEGER CONSTRAINT fk_o REFERENCES owner (id)"],
    ),
    "add a column that must not be null with its key": (
        lambda: op.add_column(
            "pet",
            sa.Column(
                "o",
                sa.Integer,
                sa.ForeignKey("owner.id", name="fk_o"),
                server_default="1",
                nullable=False,
            ),
        ),
        [
            "ALTER TABLE pet ADD COLUMN o INTEGER DEFAULT '1' NOT NULL",
            "ALTER TABLE pet ADD CONSTRAINT fk_o FOREIGN KEY(o)",
        ],
    ),
    "add a column of an enum that is there": (
        lambda: op.add_column("pet", sa.Column("before", MOOD)),
        ["ALTER TABLE pet ADD COLUMN before mood"],
    ),
    "add a column with comment and index": (
        lambda: op.add_column("pet", sa.Column("n", sa.Integer, index=True, comment="it's")),
        [
            "ALTER TABLE pet ADD COLUMN n INTEGER",
            "CREATE INDEX ix_pet_n ON pet (n)",
            "COMMENT ON COLUMN pet.n IS 'it''s'",
        ],
    ),
    "drop a default": (
        lambda: op.alter_column("pet", "name", server_default=None),
        ["ALTER TABLE pet ALTER COLUMN name DROP DEFAULT"],
    ),
    "not null": (
        lambda: op.alter_column("pet", "age", nullable=False),
        ["ALTER TABLE pet ALTER COLUMN age SET NOT NULL"],
    ),
    "null": (
        lambda: op.alter_column("pet", "name", nullable=True),
        ["ALTER TABLE pet ALTER COLUMN name DROP NOT NULL"],
    ),
    "comment": (
        lambda: op.alter_column("pet", "name", comment="its\\name"),
        ["COMMENT ON COLUMN pet.name IS E'its\\\\name'"],
    ),
    "rename a column": (
        lambda: op.rename_column("pet", "name", "called"),
        ["ALTER TABLE pet RENAME COLUMN name TO called"],
    ),
    "widen": (
        lambda: op.alter_column("pet", "name", type_=sa.String(50)),
        ["ALTER TABLE pet ALTER COLUMN name TYPE VARCHAR(50)"],
    ),
    "text to number": (
        lambda: op.alter_column("pet", "data", type_=sa.Integer()),
        ["ALTER TABLE pet ALTER COLUMN data TYPE INTEGER USING data::integer"],
    ),
    "text to json": (
        lambda: op.alter_column("pet", "data", type_=sa.JSON()),
        ["ALTER TABLE pet ALTER COLUMN data TYPE JSON USING data::json"],
    ),
    "text to bytes": (
        lambda: op.alter_column("pet", "data", type_=sa.LargeBinary()),
        ["ALTER TABLE pet ALTER COLUMN data TYPE BYTEA USING convert_to(data, 'UTF8')"],
    ),
    "text to an array": (
        lambda: op.alter_column("pet", "data", type_=sa.ARRAY(sa.Text())),
        [
            "ALTER TABLE pet ALTER COLUMN data TYPE TEXT[] USING CASE WHEN data ~ '^\\{.*\\}$' "
            "THEN data::text[] WHEN data IS NOT NULL THEN ARRAY[data] END"
        ],
    ),
    "number to truth with a default": (
        lambda: op.alter_column("pet", "stays", type_=sa.Integer()),
        [
            "ALTER TABLE pet ALTER COLUMN stays DROP DEFAULT",
            "ALTER TABLE pet ALTER COLUMN stays TYPE INTEGER USING stays::integer",
            "ALTER TABLE pet ALTER COLUMN stays SET DEFAULT 1",
        ],
    ),
    "enum to text": (
        lambda: op.alter_column("pet", "mood", type_=sa.String(10), server_default="happy"),
        [
            "ALTER TABLE pet ALTER COLUMN mood TYPE VARCHAR(10)",
            "ALTER TABLE pet ALTER COLUMN mood SET DEFAULT 'happy'",
        ],
    ),
    "serial to big serial": (
        lambda: op.alter_column("pet", "id", type_=sa.BigInteger()),
        [
            "ALTER TABLE pet ALTER COLUMN id TYPE BIGINT",
            "DO $$ BEGIN\n    EXECUTE format('ALTER SEQUENCE %s AS bigint', "
            "pg_get_serial_sequence('pet', 'id'));\nEND $$",
        ],
    ),
    "serial to identity": (
        lambda: op.alter_column(
            "pet", "id", server_default=sa.Identity(always=True), autoincrement=False
        ),
        ["ALTER TABLE pet ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY"],
    ),
    "plain to identity": (
        lambda: op.alter_column("pet", "age", server_default=sa.Identity(), nullable=False),
        ["ALTER TABLE pet ALTER COLUMN age ADD GENERATED BY DEFAULT AS IDENTITY"],
    ),
    "several at once": (
        lambda: several(),
        [
            "ALTER TABLE pet\n    ADD COLUMN a INTEGER,\n    ADD COLUMN b INTEGER,\n"
            "    ALTER COLUMN age SET NOT NULL,\n    DROP COLUMN data",
            "COMMENT ON COLUMN pet.a IS 'one'",
        ],
    ),
    "a check": (
        lambda: op.create_check_constraint("ck", "pet", "age > 0"),
        ["ALTER TABLE pet ADD CONSTRAINT ck CHECK (age > 0)"],
    ),
    "a check for new rows": (
        lambda: op.create_check_constraint("ck", "pet", "age > 5", validate=False),
        ["ALTER TABLE pet ADD CONSTRAINT ck CHECK (age > 5) NOT VALID"],
    ),
    "a foreign key for new rows, validated later": (
        lambda: validated(),
        [
            "ALTER TABLE pet ADD CONSTRAINT fk FOREIGN KEY (owner_id) REFERENCES owner (id) "
            "ON DELETE CASCADE NOT VALID",
            "ALTER TABLE pet VALIDATE CONSTRAINT fk",
        ],
    ),
    "unique with everything": (
        lambda: op.create_unique_constraint(
            "uq",
            "pet",
            ["name"],
            deferrable=True,
            initially="DEFERRED",
            info={"postgresql_include": ["age"]},
        ),
        [
            "ALTER TABLE pet ADD CONSTRAINT uq UNIQUE (name) INCLUDE (age) "
            "DEFERRABLE INITIALLY DEFERRED"
        ],
    ),
    "exclude": (
        lambda: op.create_exclude_constraint(
            "ex", "pet", ("name", "="), using="btree", where=sa.text("age > 0")
        ),
        ["ALTER TABLE pet ADD CONSTRAINT ex EXCLUDE USING btree (name WITH =) WHERE (age > 0)"],
    ),
    "drop a primary key": (
        lambda: op.drop_constraint("pet_pkey", "pet", type_="primary"),
        ["ALTER TABLE pet DROP CONSTRAINT pet_pkey"],
    ),
    "an index with everything": (
        lambda: op.create_index(
            "ix",
            "pet",
            [sa.text("lower(name) DESC"), "age"],
            unique=True,
            postgresql_where=sa.text("age > 1"),
            postgresql_include=["data"],
            postgresql_with={"fillfactor": 70},
        ),
        [
            "CREATE UNIQUE INDEX ix ON pet (lower(name) DESC, age) INCLUDE (data) "
            "WITH (fillfactor = 70) WHERE age > 1"
        ],
    ),
    "rename a table": (
        lambda: op.rename_table("pet", "animal"),
        ["ALTER TABLE pet RENAME TO animal"],
    ),
    "comment a table": (
        lambda: op.create_table_comment("pet", "100% :x"),
        ["COMMENT ON TABLE pet IS '100% :x'"],
    ),
    "table options": (
        lambda: op.set_table_options("pet", postgresql_with={"fillfactor": 50}),
        ["ALTER TABLE pet SET (fillfactor = 50)"],
    ),
    "set storage parameters that are one text": (
        lambda: op.set_table_options("pet", postgresql_with="(fillfactor=50, parallel_workers=2)"),
        ["ALTER TABLE pet SET (fillfactor = 50, parallel_workers = 2)"],
    ),
    "unlogged": (
        lambda: op.set_table_options("pet", postgresql_prefixes=("UNLOGGED",)),
        ["ALTER TABLE pet SET UNLOGGED"],
    ),
    "a sequence": (
        lambda: op.create_sequence("numbers", start=5, increment=2, schema="other"),
        ["CREATE SEQUENCE other.numbers START WITH 5 INCREMENT BY 2"],
    ),
    "a schema": (lambda: op.create_schema("third"), ["CREATE SCHEMA third"]),
    "an enum": (
        lambda: op.create_enum("size", ["small", "it's"], schema="other"),
        ["CREATE TYPE other.size AS ENUM ('small', 'it''s')"],
    ),
    "rename an enum": (
        lambda: op.rename_enum("mood", "temper"),
        ["ALTER TYPE mood RENAME TO temper"],
    ),
    "rename a value": (
        lambda: op.rename_enum_value("mood", "sad", "blue"),
        ["ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"],
    ),
    "add a value": (
        lambda: op.add_enum_value("mood", "calm", after="happy"),
        ["ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy'"],
    ),
    "set values that only add": (
        lambda: op.set_enum_values("mood", ["angry", "happy", "calm", "sad"]),
        [
            "ALTER TYPE mood ADD VALUE 'angry' BEFORE 'happy'",
            "ALTER TYPE mood ADD VALUE 'calm' AFTER 'happy'",
        ],
    ),
    "set values": (
        lambda: op.set_enum_values("mood", ["sad", "glad"], replacing={"happy": "glad"}),
        [
            "ALTER TYPE mood RENAME TO mood_before_migration",
            "CREATE TYPE mood AS ENUM ('sad', 'glad')",
            "ALTER TABLE pet\n    ALTER COLUMN mood DROP DEFAULT,\n    ALTER COLUMN mood TYPE mood "
            "USING (CASE mood::text WHEN 'happy' THEN 'glad' ELSE mood::text END)::mood,\n"
            "    ALTER COLUMN mood SET DEFAULT 'glad'::mood",
            "DROP TYPE mood_before_migration",
        ],
    ),
    "a table with its enum": (
        lambda: op.create_table(
            "car",
            sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
            sa.Column("kind", sa.Enum("a", "b", name="kind", schema="other")),
            sa.Column("twice", sa.Integer, sa.Computed("2", persisted=True)),
            sa.Column("tags", sa.ARRAY(MOOD)),
            schema="other",
            comment="cars",
            postgresql_tablespace="pg_default",
        ),
        ["CREATE TYPE other.kind AS ENUM ('a', 'b')", "CREATE TABLE other.car ("],
    ),
    "a partitioned table": (
        lambda: op.create_table(
            "part", sa.Column("a", sa.Integer), postgresql_partition_by="RANGE (a)"
        ),
        ["CREATE TABLE part (\n    a INTEGER\n)\nPARTITION BY RANGE (a)"],
    ),
}


def several() -> None:
    with op.batch_alter_table("pet") as batch:
        batch.add_column(sa.Column("a", sa.Integer, comment="one"))
        batch.add_column(sa.Column("b", sa.Integer))
        batch.alter_column("age", nullable=False)
        batch.drop_column("data")


def validated() -> None:
    op.create_foreign_key(
        "fk", "pet", "owner", ["owner_id"], ["id"], ondelete="CASCADE", validate=False
    )
    op.validate_constraint("fk", "pet")


@pytest.mark.parametrize("title", CASES)
def test_an_operation_says_this_and_its_reverse_undoes_it(pet, read, title):
    said, expected = CASES[title]
    before = read()
    done = carried_out(pet, said)
    text = "\n".join(done.statements)
    for line in expected:
        assert line.replace("KEY(", "KEY (") in text
    done.undone()
    after = read()
    if title in ("set values", "set values that only add", "add a value"):
        assert after.enums == before.enums
    if title == "a table with its enum":
        before = replace(before, enums=after.enums)
    if title not in ("several at once", "set values"):
        assert after == before


@pytest.mark.parametrize("title", CASES)
def test_a_script_does_what_the_operation_does(pet, shared, read, title):
    known = read()
    said = stated(for_engine(pet), CASES[title][0], known=known)
    shared.feed("BEGIN;\n" + script(said) + "COMMIT;\n")
    scripted = read()
    again(pet)
    carried_out(pet, CASES[title][0])
    assert scripted == read()


@pytest.mark.parametrize("title", [title for title in CASES if "drop" not in title])
def test_an_operation_and_its_reverse_keep_the_rows(pet, title):
    query = "SELECT id, name, age, owner_id, stays FROM pet ORDER BY id"
    before = rows(pet, query)
    carried_out(pet, CASES[title][0]).undone()
    assert rows(pet, query) == before


UUID = "'6b9ee5ac-1111-4222-8333-444455556666'"
CASTS: list[tuple[str, str, str, str]] = [
    ("integer", "5", "varchar(9)", "'5'"),
    ("integer", "5", "boolean", "true"),
    ("bigint", "0", "boolean", "false"),
    ("numeric", "2.5", "boolean", "true"),
    ("boolean", "true", "smallint", "1"),
    ("boolean", "true", "numeric", "1"),
    ("varchar", "'2020-01-02'", "date", "'2020-01-02'"),
    ("varchar", "'t'", "boolean", "true"),
    (
        "text",
        UUID,
        "uuid",
        UUID,
    ),
    (
        "uuid",
        UUID,
        "varchar(36)",
        UUID,
    ),
    ("json", "'{\"a\": 1}'", "text", "'{\"a\": 1}'"),
    ("json", "'{\"a\": 1}'", "jsonb", "'{\"a\": 1}'"),
    ("jsonb", "'5'", "integer", "5"),
    ("bytea", "'abc'", "text", "'abc'"),
    ("timestamp", "'2020-01-02 03:04'", "date", "'2020-01-02'"),
    ("date", "'2020-01-02'", "timestamptz", "'2020-01-02'"),
    ("timestamp", "'2020-01-02 03:04'", "time", "'03:04'"),
    ("integer[]", "'{1,2}'", "text[]", "'{1,2}'"),
    ("text[]", "'{1,2}'", "integer[]", "'{1,2}'"),
    ("text[]", "'{a}'", "text", "'a'"),
    ("text[]", "'{a,b}'", "text", "'{a,b}'"),
    ("text", "'{a,b}'", "text[]", "'{a,b}'"),
    ("integer", "7", "integer[]", "'{7}'"),
    ("integer[]", "'{7}'", "integer", "7"),
    ("integer[]", "'{1,2}'", "jsonb", "'[1,2]'"),
    ("jsonb", "'[1,2]'", "integer[]", "'{1,2}'"),
    ("integer", "5", "bit(8)", "B'00000101'"),
    ("bit(8)", "B'00000101'", "integer", "5"),
    ("money", "'1.50'", "numeric(8,2)", "1.50"),
    ("money", "'2'", "integer", "2"),
    ("mood", "'sad'", "text", "'sad'"),
    ("text", "'sad'", "mood", "'sad'"),
    ("mood[]", "'{sad}'", "text[]", "'{sad}'"),
    ("text[]", "'{sad}'", "mood[]", "'{sad}'"),
    ("interval", "'1 hour'", "time", "'01:00'"),
    ("inet", "'10.0.0.1'", "text", "'10.0.0.1/32'"),
]


@pytest.mark.parametrize(("old", "value", "new", "expected"), CASTS)
def test_values_follow_their_column_to_its_new_type(engine, old, value, new, expected):
    class Raw(sa.types.UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return new

    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE TABLE t (c {old} DEFAULT {value});"
            "INSERT INTO t VALUES (DEFAULT), (NULL)"
        )
    carried_out(engine, lambda: op.alter_column("t", "c", type_=Raw()))
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (DEFAULT)")
    found = rows(engine, f"SELECT c::text = ({expected})::{new}::text FROM t ORDER BY c IS NULL")
    assert found[0] == (True,)
    assert found[2] == (None,)
    if "[]" not in (old + new) or old.endswith("[]") == new.endswith("[]"):
        assert found[1] == (True,)


def test_a_value_too_long_for_the_new_type_is_an_error_and_not_cut_off(pet):
    with pytest.raises(sa.exc.DBAPIError, match="too long"):
        carried_out(pet, lambda: op.alter_column("pet", "name", type_=sa.String(2)))


def test_an_enum_comes_with_its_first_column_and_goes_with_its_last(engine):
    dialect = for_engine(engine)
    carried_out(engine, lambda: op.create_table("a", sa.Column("m", MOOD)))
    carried_out(engine, lambda: op.create_table("b", sa.Column("m", MOOD)))
    assert types(engine) == {"mood"}
    closed(engine, dialect, lambda: op.drop_table("a"))
    assert types(engine) == {"mood"}
    closed(engine, dialect, lambda: op.drop_column("b", "m"))
    assert types(engine) == set()


def test_an_enum_that_the_revision_drops_itself_is_not_dropped_twice(pet):
    def said() -> None:
        op.drop_table("pet")
        op.execute("DROP TYPE mood")

    closed(pet, for_engine(pet), said)
    assert types(pet) == set()


def test_an_enum_that_nobody_used_stays(pet):
    with pet.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE spare AS ENUM ('a')")
    closed(pet, for_engine(pet), lambda: op.drop_table("pet"))
    assert types(pet) == {"spare"}


def test_an_enum_goes_when_its_last_column_gets_another_type(pet):
    closed(
        pet,
        for_engine(pet),
        lambda: op.alter_column("pet", "mood", type_=sa.Text(), server_default=None),
    )
    assert types(pet) == set()


def closed(engine: sa.Engine, dialect: Any, said: Callable[[], None]) -> list[str]:
    """Carry out a whole revision: outside of its transaction where it must be, and to its end."""
    dialect = dialect.within([])

    class Revision(TestSink):
        def take(self, operation: Operation) -> None:
            for step in list(dialect.statements(operation, self.known)):
                self.do(step)

        def do(self, step: Any) -> None:
            assert self.connection is not None
            if isinstance(step, Statement):
                self.statements.append(step.sql)
            if isinstance(step, Statement) and step.outside:
                with dialect.autocommit(self.connection):
                    dialect.carry_out(step, self.connection)
            else:
                dialect.carry_out(step, self.connection)

    with engine.connect() as connection:
        sink = Revision(dialect, connection)
        with dialect.transaction(connection), bound(sink):
            said()
            for operation in list(dialect.closing([], sink.known)):
                sink.take(operation)
    return sink.statements


def test_a_value_is_usable_in_the_revision_that_adds_it(pet):
    def said() -> None:
        op.add_enum_value("mood", "calm")
        op.alter_column("pet", "mood", server_default="calm")

    closed(pet, for_engine(pet), said)
    assert rows(pet, "INSERT INTO pet DEFAULT VALUES RETURNING mood::text") == [("calm",)]


def test_a_value_that_rows_hold_is_not_removed(pet):
    with pytest.raises(ValuesInUse, match=r"pet\.mood still holds: 'happy' \(2 rows\)"):
        carried_out(pet, lambda: op.set_enum_values("mood", ["sad"]))


def test_what_mentions_an_enum_follows_it_to_its_new_values(pet, read):
    with pet.begin() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE pet ADD CONSTRAINT ck CHECK (mood <> 'sad'::mood);"
            "ALTER TABLE pet ADD COLUMN moods mood[];"
            "CREATE INDEX ix ON pet (age) WHERE mood = 'happy'::mood;"
            "UPDATE pet SET moods = '{happy,sad}'"
        )
    before = read()
    carried_out(pet, lambda: op.set_enum_values("mood", ["happy", "blue", "sad"]))
    done = carried_out(pet, lambda: op.set_enum_values("mood", ["sad", "happy"], replacing={}))
    after = read()
    assert done.statements[-2:] == [
        "ALTER TABLE pet ADD CONSTRAINT ck CHECK ((mood <> 'sad'::mood))",
        "CREATE INDEX ix ON pet (age) WHERE (mood = 'happy'::mood)",
    ]
    assert after.tables == before.tables
    assert rows(pet, "SELECT moods::text FROM pet") == [("{happy,sad}",)] * 2


def test_an_invalid_index_is_replaced(pet):
    with pet.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("UPDATE pet SET age = 1")
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("CREATE UNIQUE INDEX CONCURRENTLY ix ON pet (age)")
        connection.exec_driver_sql("UPDATE pet SET age = id")
    dialect = for_engine(pet)
    with pet.connect() as connection:
        assert "ix" not in dialect.read(connection).tables["pet"].indexes

    def said() -> None:
        op.create_index("ix", "pet", ["age"], unique=True, concurrently=True, if_not_exists=True)

    closed(pet, dialect, said)
    closed(pet, dialect, said)
    with pet.connect() as connection:
        assert dialect.read(connection).tables["pet"].indexes["ix"].unique


def test_numbers_go_on_where_a_serial_column_stopped(pet):
    done = carried_out(
        pet,
        lambda: op.alter_column("pet", "id", server_default=sa.Identity(), autoincrement=False),
    )
    assert rows(pet, "SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ 'pet'") == [
        ("pet_id_seq",)
    ]
    with pet.begin() as connection:
        connection.exec_driver_sql("INSERT INTO pet (name) VALUES ('new')")
    done.undone()
    with pet.begin() as connection:
        connection.exec_driver_sql("INSERT INTO pet (name) VALUES ('newer')")
    assert rows(pet, "SELECT id FROM pet ORDER BY id DESC LIMIT 2") == [(4,), (3,)]


def test_an_identity_begins_behind_the_rows_that_are_there(pet):
    carried_out(
        pet, lambda: op.alter_column("pet", "age", server_default=sa.Identity(), nullable=False)
    )
    with pet.begin() as connection:
        connection.exec_driver_sql("INSERT INTO pet (name) VALUES ('new')")
    assert rows(pet, "SELECT max(age) FROM pet") == [(8,)]


def test_an_identity_changes_only_what_differs(pet, read):
    carried_out(pet, lambda: op.alter_column("pet", "id", server_default=sa.Identity()))
    done = carried_out(
        pet,
        lambda: op.alter_column(
            "pet", "id", server_default=sa.Identity(always=True, increment=5, cycle=True)
        ),
    )
    assert done.statements == [
        "ALTER TABLE pet ALTER COLUMN id SET GENERATED ALWAYS SET INCREMENT BY 5 SET CYCLE"
    ]
    done.undone()
    assert read().tables["pet"].columns["id"].identity.increment is None


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("START 5", sa.Identity(minvalue=4)),
        ("START 5 CACHE 2", sa.Identity(start=6, cache=3)),
        ("START 5", sa.Identity()),
        ("START -5 INCREMENT -1", sa.Identity(increment=-1)),
        ("START -5 INCREMENT -1", sa.Identity(increment=-1, maxvalue=-2)),
    ],
)
def test_an_identity_gets_another_start(engine, read, was, now):
    with engine.begin() as connection:
        words = f"GENERATED BY DEFAULT AS IDENTITY ({was})"
        connection.exec_driver_sql(f"CREATE TABLE counted (id integer {words})")
    before = read()
    done = carried_out(engine, lambda: op.alter_column("counted", "id", server_default=now))
    found = read().tables["counted"].columns["id"].identity
    assert (found.minimum, found.cache) == (now.minvalue, now.cache)
    done.undone()
    assert read() == before


def test_a_column_is_not_generated_over_values_that_differ(pet):
    with pytest.raises(ValuesDiffer, match=r"pet\.age"):
        carried_out(
            pet,
            lambda: op.alter_column(
                "pet", "age", server_default=sa.Computed("id * 2", persisted=True)
            ),
        )


def test_a_generated_column_changes_with_all_that_stands_on_it(pet, read):
    def said() -> None:
        op.add_column("pet", sa.Column("twice", sa.Integer, sa.Computed("age * 2", persisted=True)))
        op.create_index("ix_twice", "pet", ["twice"])
        op.create_check_constraint("ck_twice", "pet", "twice > 0")
        op.create_index("ix_name", "pet", ["name"], postgresql_include=["twice"])
        op.create_unique_constraint("uq_id", "pet", ["id"], postgresql_include=["twice"])
        op.execute("CREATE TABLE keyed (id int, twice int GENERATED ALWAYS AS (id * 2) STORED)")
        op.execute("ALTER TABLE keyed ADD PRIMARY KEY (id) INCLUDE (twice)")

    def keyed() -> None:
        op.alter_column("keyed", "twice", server_default=sa.Computed("id * 3", persisted=True))

    carried_out(pet, said)
    before = read()
    carried_out(pet, keyed)
    assert read().tables["keyed"].primary_key == before.tables["keyed"].primary_key
    before = read()
    done = carried_out(
        pet,
        lambda: op.alter_column(
            "pet", "twice", server_default=sa.Computed("age * 3", persisted=True)
        ),
    )
    assert rows(pet, "SELECT twice FROM pet ORDER BY id") == [(9,), (21,)]
    done.undone()
    assert read() == before
    carried_out(
        pet,
        lambda: op.alter_column(
            "pet",
            "twice",
            server_default=None,
            existing_server_default=sa.Computed("age * 2", persisted=True),
        ),
    )
    assert rows(pet, "SELECT twice FROM pet ORDER BY id") == [(6,), (14,)]
    assert read().tables["pet"].columns["twice"].computed is None


def test_a_group_becomes_one_alter_table_only_where_that_means_the_same(pet):
    def said() -> None:
        with op.batch_alter_table("pet") as batch:
            batch.add_column(sa.Column("extra", sa.Text))
            batch.alter_column("extra", type_=sa.Integer)
            batch.drop_column("extra")
            batch.add_column(sa.Column("extra", MOOD))
            batch.rename_column("extra", "more")
            batch.alter_column("more", nullable=False, server_default="sad")

    with pet.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pet")
    done = carried_out(pet, said)
    assert done.statements == [
        "ALTER TABLE pet ADD COLUMN extra TEXT",
        "ALTER TABLE pet ALTER COLUMN extra TYPE INTEGER USING extra::integer",
        "ALTER TABLE pet\n    DROP COLUMN extra,\n    ADD COLUMN extra mood",
        "ALTER TABLE pet RENAME COLUMN extra TO more",
        "ALTER TABLE pet\n    ALTER COLUMN more SET NOT NULL,\n"
        "    ALTER COLUMN more SET DEFAULT 'sad'",
    ]


def test_an_option_that_cannot_change_is_refused(pet):
    with pytest.raises(NotSupportedHere, match="partition_by"):
        carried_out(pet, lambda: op.set_table_options("pet", postgresql_partition_by="LIST (name)"))


def test_rows_are_updated_where_their_key_is_there(pet):
    table = sa.table("owner", sa.column("id"), sa.column("name"))
    carried_out(
        pet,
        lambda: op.upsert(table, [{"id": 1, "name": "eve"}, {"id": 2, "name": "bob"}], key=["id"]),
        lambda: op.upsert(table, [{"id": 2, "name": "no"}], key=["id"], update=[]),
    )
    assert rows(pet, "SELECT id, name FROM owner ORDER BY id") == [(1, "eve"), (2, "bob")]


def test_a_virtual_column_becomes_a_plain_one_with_its_values(pet, read):
    # Before PostgreSQL 18 there are none, and what is asked for as virtual is stored.
    carried_out(
        pet,
        lambda: op.add_column(
            "pet", sa.Column("twice", sa.Integer, sa.Computed("age * 2", persisted=False))
        ),
        lambda: op.create_check_constraint("ck", "pet", "twice > 0"),
    )
    before = read()
    done = carried_out(
        pet,
        lambda: op.alter_column(
            "pet",
            "twice",
            server_default=None,
            existing_server_default=sa.Computed("age * 2", persisted=False),
        ),
    )
    assert rows(pet, "SELECT twice FROM pet ORDER BY id") == [(6,), (14,)]
    assert read().tables["pet"].columns["twice"].computed is None
    done.undone()
    assert read() == before


def test_a_column_that_is_called_as_a_variable_can_be_numbered(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE heap (next integer NOT NULL)")
        connection.exec_driver_sql("INSERT INTO heap VALUES (7)")
    carried_out(engine, lambda: op.alter_column("heap", "next", server_default=sa.Identity()))
    assert rows(engine, "INSERT INTO heap DEFAULT VALUES RETURNING next") == [(8,)]
