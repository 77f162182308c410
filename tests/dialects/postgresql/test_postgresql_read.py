"""What is read of a PostgreSQL database, beside SQLAlchemy's own reflection."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.schema import Schema
from tests.databases.database import Database

RICH = """
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above CHECK (VALUE > 0);
CREATE SEQUENCE numbers START 7 INCREMENT 3 CACHE 2;
CREATE TABLE owner (id serial PRIMARY KEY, a int, b int, UNIQUE (b, a));
CREATE TABLE other.pet (
    id bigint GENERATED ALWAYS AS IDENTITY (START 10) PRIMARY KEY,
    owner_id int REFERENCES public.owner ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    mood mood DEFAULT 'sad', moods mood[], name varchar(20) COLLATE "C" DEFAULT 'it''s',
    size positive, twice int GENERATED ALWAYS AS (owner_id * 2) STORED,
    x int, y int, CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES owner (b, a) MATCH FULL,
    CONSTRAINT ck CHECK (x > 0 AND name <> ''));
COMMENT ON TABLE other.pet IS 'pets'; COMMENT ON COLUMN other.pet.name IS 'its name';
CREATE INDEX ix ON other.pet (lower(name) DESC, x) INCLUDE (y) WHERE x > 5;
CREATE UNIQUE INDEX ux ON other.pet USING btree (name varchar_pattern_ops, y DESC NULLS LAST);
CREATE INDEX ic ON other.pet (name COLLATE "POSIX");
CREATE TABLE parent (a int, b text CHECK (b <> ''));
CREATE TABLE child (c int) INHERITS (parent);
CREATE TABLE measured (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE measured_2020 PARTITION OF measured FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE UNLOGGED TABLE quick (a int) WITH (fillfactor = 50);
CREATE VIEW happy AS SELECT * FROM other.pet WHERE mood = 'happy';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM owner;
ALTER TABLE owner ADD CONSTRAINT nv CHECK (a > 0) NOT VALID;
CREATE EXTENSION IF NOT EXISTS plpgsql
"""


@pytest.fixture
def rich(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        connection.exec_driver_sql(RICH)
    return engine


def test_what_is_read_is_what_sqlalchemy_reflects(rich):
    with rich.connect() as connection:
        found = for_engine(rich).read(connection, schemas=(None, "other"))
    inspector = sa.inspect(rich)
    for schema in (None, "other"):
        names = set(inspector.get_table_names(schema=schema)) - {"measured_2020"}
        assert names == {t.name for t in found.tables.values() if t.schema == schema}
        for name in names:
            compare(inspector, found, name, schema)


def compare(inspector: sa.Inspector, found: Schema, name: str, schema: str | None) -> None:
    """Hold a table that was read against its reflection."""
    table = found.table(name, schema)
    assert table is not None
    local = [c for c in inspector.get_columns(name, schema) if c["name"] in table.columns]
    for reflected in local:
        column = table.columns[reflected["name"]]
        if column.type.text != "positive":  # SQLAlchemy counts the domain's NOT NULL in.
            assert column.nullable == reflected["nullable"]
        assert column.comment == reflected.get("comment")
        assert (column.computed is not None) == ("computed" in reflected)
        assert (column.identity is not None) == ("identity" in reflected)
        if not column.autoincrement and column.type.text != "positive" and not column.computed:
            assert column.default == reflected["default"]
    reflected_key = inspector.get_pk_constraint(name, schema)
    assert list(table.primary_key.columns if table.primary_key else []) == (
        reflected_key["constrained_columns"] if reflected_key else []
    )
    assert set(table.uniques) == {u["name"] for u in inspector.get_unique_constraints(name, schema)}
    checks = {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(name, schema)}
    if "inherits" not in table.options:
        assert {c.name: bare(c.condition) for c in table.checks.values()} == {
            key: bare(text) for key, text in checks.items()
        }
    keys: dict[Any, Any] = {k["name"]: k for k in inspector.get_foreign_keys(name, schema)}
    assert set(table.foreign_keys) == set(keys)
    for key in table.foreign_keys.values():
        assert list(key.columns) == keys[key.name]["constrained_columns"]
        assert list(key.referent_columns) == keys[key.name]["referred_columns"]
        assert key.ondelete == keys[key.name]["options"].get("ondelete")
    indexes: dict[Any, Any] = {
        i["name"]: i
        for i in inspector.get_indexes(name, schema)
        if "duplicates_constraint" not in i
    }
    assert set(table.indexes) == set(indexes)
    for index in table.indexes.values():
        assert index.unique == indexes[index.name]["unique"]
        names = [None if key.column is None else key.column for key in index.keys]
        assert names == indexes[index.name]["column_names"][: len(names)]
    assert table.comment == inspector.get_table_comment(name, schema)["text"]


def bare(text: str) -> str:
    """A condition without its parentheses, which SQLAlchemy leaves out where it can."""
    return text.replace("(", "").replace(")", "")


def test_everything_that_sqlalchemy_does_not_reflect_is_read(rich):
    with rich.connect() as connection:
        found = for_engine(rich).read(connection, schemas=(None, "other"))
    pet = found.tables["other.pet"]
    assert found.views == {"happy", "counted"}
    assert found.unmanaged == {"measured_2020": "it is a partition of measured"}
    assert found.namespaces == {"other"}
    assert found.enums["mood"].values == ("sad", "happy")
    assert found.enum_users("mood") == {("other.pet", "mood"), ("other.pet", "moods")}
    assert found.sequences["numbers"].start == 7
    assert set(found.sequences) == {"numbers"}
    assert found.domains["positive"].checks["above"].condition == "(VALUE > 0)"
    assert found.domains["positive"].nullable is False
    assert pet.columns["name"].type.text == 'character varying(20) COLLATE "C"'
    assert pet.columns["size"].type.text == "positive"
    assert found.tables["owner"].columns["id"].autoincrement
    assert found.tables["owner"].checks["nv"].validated is False
    assert pet.foreign_keys["fk"].match == "FULL"
    assert pet.foreign_keys["fk"].referent == "owner"
    assert pet.indexes["ux"].keys[0].operator_class == "varchar_pattern_ops"
    assert pet.indexes["ux"].keys[1].order == "DESC NULLS LAST"
    assert pet.indexes["ic"].keys[0].collation == '"POSIX"'
    assert found.tables["child"].options == {"inherits": ("parent",)}
    assert list(found.tables["child"].columns) == ["c"]
    assert found.tables["measured"].options == {"partition_by": "RANGE (at)"}
    assert found.tables["quick"].options == {
        "prefixes": ("UNLOGGED",),
        "with": {"fillfactor": "50"},
    }


def test_one_table_is_read_as_it_is_among_all(rich):
    dialect = for_engine(rich)
    with rich.connect() as connection:
        everything = dialect.read(connection, schemas=(None, "other"))
        for key, table in everything.tables.items():
            one = dialect.read(connection, schemas=(table.schema,), tables=(key,))
            assert one.tables == {key: table}
            assert set(one.enums) <= {"mood"}


def test_the_number_of_queries_does_not_grow_with_the_number_of_tables(engine):
    counted: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    numbers = []
    for number in range(2):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE t{number} (id serial PRIMARY KEY, a text)")
            counted.clear()
            for_engine(engine).read(connection)
            numbers.append(len(counted))
    assert numbers[0] == numbers[1] <= 9


def test_a_schema_may_be_called_by_its_name(rich):
    with rich.connect() as connection:
        found = for_engine(rich).read(connection, schemas=("public", "other"))
    assert "public.owner" in found.tables
    assert found.tables["other.pet"].foreign_keys["fk"].referent == "public.owner"


def test_another_driver_reads_the_same(rich, shared: Database):
    asyncio = pytest.importorskip("asyncio")
    pytest.importorskip("asyncpg")
    from sqlalchemy.ext.asyncio import create_async_engine

    def all_of_it(connection: sa.Connection) -> tuple[Schema, Schema]:
        dialect = for_engine(connection.engine)
        found = dialect.read(connection, schemas=(None, "other"))
        owner = Schema(tables={"owner": found.tables["owner"]})
        return found, dialect.echo(connection, owner)

    async def read() -> tuple[Schema, Schema]:
        other = create_async_engine(shared.async_url)
        async with other.connect() as connection:
            found = await connection.run_sync(all_of_it)
        await other.dispose()
        return found

    with rich.connect() as connection:
        expected = for_engine(rich).read(connection, schemas=(None, "other"))
    found, echoed = asyncio.run(read())
    assert found == expected
    assert echoed.tables["owner"] == expected.tables["owner"]


def test_a_driver_may_give_rows_as_lists(rich):
    # As pg8000 does.
    url, rows = rich.url, {"row_factory": lambda cursor: list}
    listing = sa.create_engine(url, connect_args=rows, poolclass=sa.pool.NullPool)
    with rich.connect() as usual, listing.connect() as connection:
        dialect = for_engine(listing)
        assert dialect.read(connection, schemas=(None,)) == dialect.read(usual, schemas=(None,))
