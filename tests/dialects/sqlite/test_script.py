"""SQL scripts that the sqlite3 program carries out as they are."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors import SchemaMigrateError
from flask_schemamigrate.errors.operations import UnknownTable
from flask_schemamigrate.operations import bound
from flask_schemamigrate.runner.sinks import ScriptSink
from tests.databases.clients import NoClient, ScriptFailed, program
from tests.dialects.sqlite.revising import executed, revised, rows


@pytest.fixture(autouse=True)
def client():
    try:
        program("sqlite")
    except NoClient as error:
        pytest.skip(str(error))


def written(*revisions):
    """The script of these revisions, each in its own transaction."""
    dialect = for_engine(sa.create_engine("sqlite://"))
    rehearsal = dialect.rehearsal()
    lines = []
    for revision in revisions:
        lines.append(f"{dialect.begin_text};")
        sink = ScriptSink(dialect, lambda text: lines.append(f"{text};\n"), rehearsal)
        with bound(sink) as op:
            revision(op)
            sink.finish()
        lines.append(f"{dialect.commit_text};")
    return "\n".join(lines)


def first(op):
    op.create_table("owner", sa.Column("id", sa.Integer, primary_key=True))
    pet = op.create_table(
        "pet",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(10), index=True),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("owner.id", ondelete="CASCADE")),
        sa.Column("day", sa.Date),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("data", sa.JSON),
        sa.Column("flag", sa.Boolean),
        sa.Column("key", sa.Uuid),
        sa.Column("raw", sa.LargeBinary),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO owner VALUES (1)")
    op.bulk_insert(
        pet,
        [
            {
                "name": "it's; -- 100% : :x",
                "owner_id": 1,
                "day": datetime.date(2024, 2, 29),
                "price": decimal.Decimal("1.50"),
                "data": {"a": "'"},
                "flag": True,
                "key": uuid.UUID(int=7),
                "raw": b"\x00\xff",
            },
            dict.fromkeys(["name", "owner_id", "day", "price", "data", "flag", "key", "raw"]),
        ],
    )
    op.execute("CREATE TRIGGER trg AFTER DELETE ON pet BEGIN SELECT 1; END")
    op.execute("CREATE VIEW v AS SELECT name FROM pet")


def second(op):
    with op.batch_alter_table("pet") as batch:
        batch.alter_column("name", type_=sa.String(50), server_default="nobody")
        batch.create_unique_constraint("uq_name", ["name"])
        batch.create_check_constraint("ck", "length(name) < 99")
    op.rename_column("pet", "name", "called")
    op.drop_column("pet", "flag")
    op.add_column("pet", sa.Column("at", sa.DateTime, server_default=sa.func.now()))
    op.drop_table("owner")


def test_a_script_leaves_what_the_run_leaves(new_database):
    online, offline = new_database("sqlite"), new_database("sqlite")
    for revision in (first, second):
        revised(online.engine(), revision)
    offline.feed(written(first, second))
    dialect = for_engine(online.engine())
    with online.engine().connect() as one, offline.engine().connect() as other:
        assert dialect.read(one) == dialect.read(other)
    query = (
        "SELECT id, called, owner_id, day, price, data, key, raw, typeof(raw), typeof(at) FROM pet"
    )
    assert online.rows(query) == offline.rows(query)
    masters = "SELECT type, name FROM sqlite_master ORDER BY type, name"
    assert online.rows(masters) == offline.rows(masters)
    assert offline.rows("SELECT name, seq FROM sqlite_sequence") == [("pet", 2)]


def test_a_script_knows_of_the_key_that_a_batch_added(new_database):
    def anew(op):
        op.create_table("t", sa.Column("k", sa.Text, primary_key=True), sa.Column("x", sa.Integer))
        with op.batch_alter_table("t") as batch:
            batch.drop_column("k")
            batch.add_column(sa.Column("id", sa.Integer, primary_key=True))

    def later(op):
        with op.batch_alter_table("t", recreate="always") as batch:
            batch.alter_column("x", nullable=False)

    offline = new_database("sqlite")
    offline.feed(written(anew, later))

    assert sa.inspect(offline.engine()).get_pk_constraint("t")["constrained_columns"] == ["id"]


def test_a_revision_that_fails_leaves_nothing(sqlite):
    def failing(op):
        op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))
        op.alter_column("pet", "day", nullable=False)

    with pytest.raises(ScriptFailed, match="NOT NULL"):
        sqlite.feed(written(first, failing))
    assert sqlite.rows("SELECT count(*) FROM pet") == [(2,)]
    assert rows(sqlite.engine(), "SELECT name FROM sqlite_master WHERE name = 'other'") == []


def test_a_script_stops_at_an_error_even_if_the_program_was_not_told_to(sqlite, monkeypatch):
    from tests.databases import clients

    def failing(op):
        op.alter_column("pet", "day", nullable=False)

    monkeypatch.setattr(clients, "command", lambda kind, url: ([url.database], {}))
    with pytest.raises(ScriptFailed, match="NOT NULL"):
        sqlite.feed(written(first, failing))
    assert sqlite.rows("SELECT count(*) FROM pet") == [(2,)]


def test_tables_made_by_raw_sql_are_known(sqlite):
    def raw(op):
        op.execute("CREATE TABLE raw (a INT CHECK (a > 0), b TEXT COLLATE NOCASE)")
        op.execute("INSERT INTO raw VALUES (1, 'x')")
        op.create_unique_constraint("u", "raw", ["b"])

    sqlite.feed(written(raw))
    assert sqlite.rows("SELECT * FROM raw") == [(1, "x")]
    (text,) = sqlite.rows("SELECT sql FROM sqlite_master WHERE name = 'raw'")[0]
    assert "COLLATE NOCASE" in text
    assert "CHECK (a > 0)" in text


@pytest.mark.parametrize(
    "made",
    [
        "-- by hand\n/* still */ CREATE TABLE raw (a TEXT DEFAULT 'x\\:y')",
        sa.text("CREATE TABLE raw (a TEXT DEFAULT 'x\\:y')"),
        sa.DDL("CREATE TABLE raw (a TEXT DEFAULT 'x:y')"),
        sa.schema.CreateTable(
            sa.Table("raw", sa.MetaData(), sa.Column("a", sa.Text, server_default="x:y"))
        ),
    ],
    ids=["comments", "text", "DDL", "CreateTable"],
)
def test_tables_made_by_any_statement_of_a_revision_are_known(sqlite, made):
    def raw(op):
        op.execute(made)
        op.alter_column("raw", "a", nullable=False)
        op.execute("INSERT INTO raw DEFAULT VALUES")

    sqlite.feed(written(raw))
    assert sqlite.rows("SELECT a FROM raw") == [("x:y",)]


def test_a_table_that_is_not_known_is_refused_by_name():
    with pytest.raises(UnknownTable, match="'nowhere'"):
        written(lambda op: op.alter_column("nowhere", "a", nullable=False))


def test_copy_from_tells_what_the_table_is(sqlite):
    executed(sqlite.engine(), "CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x')")
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.INT), sa.Column("b", sa.TEXT))

    def revision(op):
        with op.batch_alter_table("t", copy_from=table) as batch:
            batch.alter_column("a", nullable=False)

    sqlite.feed(written(revision))
    assert sqlite.rows("SELECT * FROM t") == [(1, "x")]
    with pytest.raises(SchemaMigrateError):
        written(lambda op: op.alter_column("t", "a", nullable=False))
