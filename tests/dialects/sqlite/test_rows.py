"""Inserting many rows, and upserting."""

from __future__ import annotations

import asyncio
import datetime
import decimal
import enum
import tracemalloc
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.operations import BadRow
from flask_schemamigrate.operations import BulkInsert
from tests.dialects.sqlite.revising import executed, revised, rows


class Color(enum.Enum):
    red = 1
    green = 2


COLUMNS: dict[str, Any] = {
    "id": (sa.Integer, [1, 2]),
    "day": (sa.Date, [datetime.date(2024, 2, 29), None]),
    "moment": (sa.DateTime, [datetime.datetime(2024, 2, 29, 12, 30, 1, 5), None]),
    "time": (sa.Time, [datetime.time(1, 2, 3), None]),
    "price": (sa.Numeric(10, 2), [decimal.Decimal("1.50"), None]),
    "weight": (sa.Float, [1.25, None]),
    "data": (sa.JSON, [{"a": [1, None]}, None]),
    "color": (sa.Enum(Color), [Color.green, None]),
    "flag": (sa.Boolean, [True, None]),
    "raw": (sa.LargeBinary, [b"\x00\xff", None]),
    "key": (sa.Uuid, [uuid.UUID(int=5), None]),
    "name": (sa.String(5), ["it's", None]),
    "gap": (sa.Interval, [datetime.timedelta(hours=5), None]),
}


def table():
    return sa.Table(
        "t",
        sa.MetaData(),
        *[sa.Column(name, type_, primary_key=name == "id") for name, (type_, _) in COLUMNS.items()],
    )


def given(number):
    return {name: values[number] for name, (_, values) in COLUMNS.items()}


@pytest.fixture
def engine(sqlite):
    engine = sqlite.engine()
    table().create(engine)
    return engine


def read(engine):
    with engine.connect() as connection:
        return [row._asdict() for row in connection.execute(sa.select(table()).order_by("id"))]


def test_values_of_every_type_arrive_as_they_left(engine):
    revised(engine, lambda op: op.bulk_insert(table(), (given(number) for number in (0, 1))))
    assert read(engine) == [given(0), given(1)]
    # What SQLAlchemy itself would have stored is what is stored.
    stored = rows(engine, "SELECT * FROM t")
    with engine.begin() as connection:
        connection.execute(table().delete())
        connection.execute(table().insert(), [given(0), given(1)])
    assert rows(engine, "SELECT * FROM t") == stored


def test_sql_expressions_may_stand_among_the_values(engine):
    light = sa.table("t", sa.column("id"), sa.column("name"))
    given = [{"id": number, "name": f"n{number}"} for number in range(20)]
    given[7]["name"] = sa.func.upper("seven")
    given[12]["name"] = sa.literal("twelve")
    revised(engine, lambda op: op.bulk_insert(light, given))
    names = [name for (name,) in rows(engine, "SELECT name FROM t ORDER BY id")]
    assert names[6:9] == ["n6", "SEVEN", "n8"]
    assert names[12] == "twelve"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"id": 9}, "Row 3 for table 't' has no column 'name'"),
        ({"id": 9, "name": "x", "day": None}, "Row 3 for table 't' alone has the column 'day'"),
        ((9, "x"), "Row 3 for table 't' is a tuple, not a dictionary"),
    ],
)
def test_a_bad_row_is_named_and_nothing_stays(engine, row, problem):
    given = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, row]
    with pytest.raises(BadRow, match=problem):
        revised(engine, lambda op: op.bulk_insert(table(), given))
    assert read(engine) == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [([1], "type 'list' is not supported"), (2**70, "too large"), ("\ud800", "surrogates")],
)
def test_a_value_the_driver_cannot_take_is_named(engine, value, reason):
    light = sa.table("t", sa.column("id"), sa.column("name"))
    given = [{"id": number, "name": "x"} for number in range(700)] + [{"id": 700, "name": value}]
    with pytest.raises(BadRow, match=f"Row 701 for table 't' does not fit column 'name'.*{reason}"):
        revised(engine, lambda op: op.bulk_insert(light, given))
    assert read(engine) == []


def test_a_value_its_type_cannot_take_is_named(engine):
    given = [{"id": number, "key": uuid.UUID(int=number)} for number in range(600)]
    given[550]["key"] = "no uuid"
    with pytest.raises(BadRow, match="Row 551 for table 't' does not fit column 'key'"):
        revised(engine, lambda op: op.bulk_insert(table(), given))


def test_an_error_while_the_rows_are_made_stays_what_it_is(engine):
    def given():
        yield from ({"id": number} for number in range(600))
        raise OverflowError("no more")

    with pytest.raises(OverflowError, match="no more"):
        revised(engine, lambda op: op.bulk_insert(table(), given()))
    assert read(engine) == []


def test_the_rows_may_come_from_the_same_connection(engine):
    executed(engine, "CREATE TABLE old (id); INSERT INTO old VALUES (5), (6)")

    def say(op):
        old = op.get_bind().exec_driver_sql("SELECT id FROM old ORDER BY id")
        op.bulk_insert(table(), ({"id": row.id} for row in old))

    revised(engine, say)
    assert rows(engine, "SELECT id FROM t") == [(5,), (6,)]


def test_an_unknown_column_is_named(engine):
    with pytest.raises(BadRow, match="Row 1 for table 't' has an unknown column 'nme'"):
        revised(engine, lambda op: op.bulk_insert(table(), [{"id": 1, "nme": "a"}]))


@pytest.mark.parametrize(
    ("place", "problem"), [("t", "has no column named nope"), ("nowhere", "no such table")]
)
def test_a_statement_that_the_database_does_not_take_is_shown(engine, place, problem):
    given = sa.table(place, sa.column("id"), sa.column("nope"))
    with pytest.raises(sa.exc.OperationalError, match=problem) as caught:
        revised(engine, lambda op: op.bulk_insert(given, [{"id": 1, "nope": 2}]))
    assert caught.value.statement == f"INSERT INTO {place} (id, nope) VALUES (?, ?)"


def test_a_duplicate_key_is_the_driver_s_error(engine):
    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE") as caught:
        revised(engine, lambda op: op.bulk_insert(table(), [{"id": 1}, {"id": 2}, {"id": 2}]))
    assert str(caught.value.statement).endswith("-- row 3")


def test_an_error_shows_no_values_where_the_app_hides_them(sqlite, engine):
    hiding = sa.create_engine(sqlite.url, hide_parameters=True)
    given = [{"id": 1, "name": "me"}, {"id": 1, "name": "secret"}]
    with pytest.raises(sa.exc.IntegrityError) as caught:
        revised(hiding, lambda op: op.bulk_insert(table(), given))
    assert "secret" not in str(caught.value)


def test_python_side_defaults_are_filled_in(engine):
    with_default = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("name", sa.Text, default="d")
    )
    revised(engine, lambda op: op.bulk_insert(with_default, [{"id": 1}, {"id": 2}]))
    assert rows(engine, "SELECT name FROM t") == [("d",), ("d",)]


def test_rows_arrive_through_aiosqlite(sqlite, engine):
    def insert(connection):
        dialect = for_engine(connection.engine)
        with dialect.transaction(connection):
            dialect.carry_out_data(BulkInsert(table(), iter([given(0), given(1)])), connection)

    async def run():
        engine = create_async_engine(sqlite.async_url)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(insert)
        finally:
            await engine.dispose()

    asyncio.run(run())
    assert read(engine) == [given(0), given(1)]


def test_no_rows_are_no_trouble(engine):
    revised(engine, lambda op: op.bulk_insert(table(), []))
    assert read(engine) == []


def test_memory_stays_flat(engine):
    light = sa.table("t", sa.column("id"), sa.column("name"))
    tracemalloc.start()
    revised(
        engine,
        lambda op: op.bulk_insert(light, ({"id": n, "name": "x" * 50} for n in range(60_000))),
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_an_upsert_updates_what_is_there(engine):
    light = sa.table("t", sa.column("id"), sa.column("name"), sa.column("flag"))

    def say(op):
        op.bulk_insert(light, [{"id": 1, "name": "old", "flag": 1}])
        op.upsert(light, [{"id": 1, "name": "new"}, {"id": 2, "name": "two"}], key=["id"])
        op.upsert(light, [{"id": 2}], key=["id"])
        op.upsert(light, [{"id": 2, "name": "x", "flag": 0}], key=["id"], update=["flag"])

    revised(engine, say)
    assert rows(engine, "SELECT id, name, flag FROM t") == [(1, "new", 1), (2, "two", 0)]
