"""Rows into MariaDB and MySQL: every type, any number of them, twice over, and as a script."""

from __future__ import annotations

import datetime
import enum
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.operations import BadRow
from flask_schemamigrate.operations import op
from flask_schemamigrate.schema import Schema
from tests.databases.database import Database
from tests.dialects.sink import carried_out, script, stated


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


COLUMNS: dict[str, Any] = {
    "id": sa.Integer(),
    "text": sa.String(50),
    "long": sa.Text(),
    "yes": sa.Boolean(),
    "price": sa.Numeric(12, 4),
    "rate": sa.Double(),
    "day": sa.Date(),
    "at": mysql.DATETIME(fsp=6),
    "hour": mysql.TIME(fsp=6),
    "took": sa.Interval(),
    "data": sa.LargeBinary(),
    "doc": sa.JSON(),
    "uid": sa.Uuid(),
    "hexed": sa.Uuid(native_uuid=False),
    "colour": sa.Enum(Colour),
}
ROWS = [
    {
        "id": 1, "text": "it's \\ 100% :x", "long": "a\nb\0c\"d`", "yes": True,
        "price": Decimal("1234.5000"), "rate": 0.1, "day": datetime.date(2024, 2, 29),
        "at": datetime.datetime(2024, 1, 1, 10, 0, 0, 5), "hour": datetime.time(21, 0, 0, 9),
        "took": datetime.timedelta(days=2, seconds=5), "data": b"\x00\xff'\\",
        "doc": {"a": ["it's", None, 1.5, "\\"]}, "uid": uuid.UUID(int=7),
        "hexed": uuid.UUID(int=8), "colour": Colour.RED,
    },
    {"id": 2, **dict.fromkeys(list(COLUMNS)[1:])},
    {
        "id": 3, "text": "", "long": "é😀", "yes": False, "price": Decimal("-0.0001"),
        "rate": 1e300, "day": datetime.date(1, 1, 1), "at": datetime.datetime(9999, 12, 31),
        "hour": datetime.time(0), "took": datetime.timedelta(), "data": b"",
        "doc": [], "uid": uuid.UUID(int=2**128 - 1), "hexed": uuid.UUID(int=0),
        "colour": Colour.BLUE,
    },
]  # fmt: skip


def create():
    columns: list[Any] = [sa.Column(name, type_) for name, type_ in COLUMNS.items()]
    return op.create_table("rows", *columns, sa.PrimaryKeyConstraint("id"))


def stored(engine, table):
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        return [dict(row) for row in rows]


@pytest.fixture
def table():
    """The table as SQLAlchemy knows it."""
    columns: list[Any] = [sa.Column(name, type_) for name, type_ in COLUMNS.items()]
    return sa.Table("rows", sa.MetaData(), *columns)


def test_every_value_arrives(engine, table):
    carried_out(engine, lambda: op.bulk_insert(create(), iter(ROWS)))

    assert stored(engine, table) == ROWS


def test_the_same_rows_arrive_through_a_script(shared: Database, engine, table):
    dialect = for_engine(engine)
    texts = stated(dialect, lambda: op.bulk_insert(create(), iter(ROWS)), known=Schema())

    shared.feed(script(texts))

    assert stored(engine, table) == ROWS


def test_an_expression_is_left_to_the_database(engine, table):
    rows = [{"id": 1, "text": sa.func.concat("a", "b")}, {"id": 2, "text": "c"}]

    carried_out(engine, lambda: op.bulk_insert(create(), rows))

    assert [row["text"] for row in stored(engine, table)] == ["ab", "c"]


def test_rows_are_inserted_or_updated(shared: Database, engine, table):
    first = [{"id": 1, "text": "a", "yes": True}, {"id": 2, "text": "b", "yes": True}]
    again = [{"id": 2, "text": "new", "yes": False}, {"id": 3, "text": "it's", "yes": False}]

    carried_out(
        engine,
        lambda: op.upsert(create(), first, key=["id"]),
        lambda: op.upsert(table, again, key=["id"], update=["text"]),
        lambda: op.upsert(table, [{"id": 3}], key=["id"]),
    )
    done = [(row["id"], row["text"], row["yes"]) for row in stored(engine, table)]
    written = stated(for_engine(engine), lambda: op.upsert(table, again, key=["id"]))
    shared.feed(script(written))

    assert done == [(1, "a", True), (2, "new", True), (3, "it's", False)]
    update = {
        "mariadb": "ON DUPLICATE KEY UPDATE text = VALUES(text), yes = VALUES(yes)",
        "mysql": "AS new_row ON DUPLICATE KEY UPDATE text = new_row.text, yes = new_row.yes",
    }[shared.name]
    into = for_engine(engine).quoted("rows")
    assert written == [
        f"INSERT INTO {into} (id, text, yes) VALUES\n    (2,'new',0),\n    (3,'it''s',0) {update}"
    ]


def test_many_rows_stay_under_the_packet(engine):
    body = "x" * 2000
    rows = ({"id": number, "long": body} for number in range(1, 12_001))

    carried_out(engine, lambda: op.bulk_insert(create(), rows))

    with engine.connect() as connection:
        query = "SELECT count(*), sum(length(`long`)) FROM `rows`"
        assert tuple(connection.exec_driver_sql(query).one()) == (12_000, 24_000_000)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": 1}, ["id"]], "Row 2 for table 'rows' is a list"),
        ([{"id": 1, "no": 2}], "unknown column 'no'"),
        ([{"id": 1, "text": "a"}, {"id": 2}], "Row 2 .* has no column 'text'"),
    ],
)
def test_a_row_that_does_not_fit_is_named(rows, message, engine):
    with pytest.raises(BadRow, match=message):
        carried_out(engine, lambda: op.bulk_insert(create(), rows))


def test_an_error_shows_the_beginning_of_a_long_statement(engine):
    rows = [{"id": 1, "long": "x" * 5000}] * 2

    with pytest.raises(sa.exc.IntegrityError) as caught:
        carried_out(engine, lambda: op.bulk_insert(create(), rows))

    assert len(str(caught.value)) < 600
    assert "Duplicate entry" in str(caught.value)


def test_statements_with_parameters_become_a_script_that_does_the_same(shared, engine, table):
    def say():
        op.execute(
            r"""UPDATE `rows` SET text = :text, data = :data, doc = '["\:x"]' WHERE id = :id""",
            {"text": "it's \\ %", "data": b"\x00\xff", "id": 2},
        )
        op.execute(sa.update(table).where(table.c.id == 1).values(took=datetime.timedelta(3)))
        op.execute("UPDATE `rows` SET `long` = '100% a\\:b' WHERE `text` LIKE 'it''s%'")

    carried_out(engine, lambda: op.bulk_insert(create(), ROWS))
    carried_out(engine, say)
    online = stored(
        engine,
        sa.table(
            "rows",
            sa.column("id"),
            sa.column("text"),
            sa.column("data"),
            sa.column("took"),
            sa.column("long"),
        ),
    )
    carried_out(engine, lambda: op.drop_table("rows"))

    def all_of_it():
        op.bulk_insert(create(), ROWS)
        say()

    shared.feed(script(stated(for_engine(engine), all_of_it)))

    columns: list[Any] = [sa.column(name) for name in ("id", "text", "data", "took", "long")]
    assert stored(engine, sa.table("rows", *columns)) == online
    assert json.loads(json.dumps(online[0]["text"])) == "it's \\ 100% :x"
