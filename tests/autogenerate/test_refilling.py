"""The way back runs on tables with rows, also for what the way there has lost."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from flask_schemamigrate.autogenerate import Answers
from flask_schemamigrate.autogenerate.allowed import first_allowed
from tests.autogenerate.models import ck, col, metadata, t

TYPES = [
    sa.String(20),
    sa.Text(),
    sa.Integer(),
    sa.Numeric(8, 2),
    sa.Float(),
    sa.Boolean(),
    sa.Date(),
    sa.DateTime(),
    sa.Time(),
    sa.JSON(),
    sa.LargeBinary(),
    sa.Uuid(),
    sa.Enum("a", "b", name="letter"),
    sa.Interval(),
    sa.TIMESTAMP(),
]
NATIVE = {
    postgresql.INT4RANGE(): "[1,2)",
    postgresql.TSTZMULTIRANGE(): "{}",
    postgresql.INET(): "::1",
    postgresql.CIDR(): "10.0.0.0/8",
    postgresql.MACADDR(): "08:00:2b:01:02:03",
    postgresql.MONEY(): "1",
    postgresql.TSVECTOR(): "a",
}
VALUES = {
    sa.Date: datetime.date(2020, 1, 1),
    sa.DateTime: datetime.datetime(2020, 1, 1),
    sa.Time: datetime.time(1),
    sa.LargeBinary: b"x",
    sa.Interval: datetime.timedelta(1),
    sa.TIMESTAMP: datetime.datetime(2020, 1, 1),
    sa.Uuid: uuid.uuid4(),
    sa.JSON: {"x": 1},
    sa.Enum: "b",
    sa.Boolean: True,
}


def with_rows(room, models, **values):
    """The database at these models, with a row in its table."""
    room.reach(models)
    with room.engine.begin() as connection:
        connection.execute(models.tables["t"].insert(), [{"id": 1, **values}])


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type(type_).__name__)
def test_a_dropped_column_comes_back_not_null_on_a_table_with_rows(room, type_):
    before = metadata(t(col("lost", type_, nullable=False)))
    with_rows(room, before, lost=VALUES.get(type(type_), "1" if "char" in str(type_) else 1))
    was = room.read()
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    assert room.read() == was
    assert room.rows("SELECT count(*) FROM t WHERE lost IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("type_", NATIVE, ids=lambda type_: type(type_).__name__)
def test_a_type_that_only_postgresql_has_comes_back_too(new_room, type_):
    room = new_room("postgresql")
    room.reach(metadata(t(col("lost", type_, nullable=False))))
    room.execute(f"INSERT INTO t (id, lost) VALUES (1, '{NATIVE[type_]}')")
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    assert room.rows("SELECT count(*) FROM t WHERE lost IS NOT NULL") == [(1,)]


def test_filling_a_column_is_no_update_of_the_row(new_room):
    room = new_room("mariadb")
    now = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
    changed = col("changed at", sa.DateTime(), server_default=now)
    room.reach(metadata(t(changed)))
    room.execute("INSERT INTO t (`changed at`) VALUES ('2020-01-01')")
    new = col("new", sa.Integer(), nullable=False)
    room.reach(metadata(t(changed, new)), Answers.parse(fill=["t.new=1"]))
    assert room.rows("SELECT `changed at`, new FROM t") == [(datetime.datetime(2020, 1, 1), 1)]


@pytest.mark.parametrize(
    ("type_", "condition", "value"),
    [
        (sa.String(9), "lost IN ('b:c', 'it is')", "b:c"),
        (sa.String(9), "lost = 'only'", "only"),
        (sa.CHAR(1), "lost in ('x', 'y')", "x"),
        (sa.Text(), "(lost IN ('x'))", "x"),
        (sa.Integer(), "lost IN (1, 2)", 1),
        (sa.Numeric(8, 2), "lost IN (-2.5, 3)", decimal.Decimal("-2.5")),
    ],
)
def test_what_a_check_lists_is_respected(room, type_, condition, value):
    rule = ck(condition, name="rule")
    with_rows(room, metadata(t(col("lost", type_, nullable=False), rule)), lost=value)
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    assert not room.read().tables["t"].columns["lost"].nullable
    assert room.rows("SELECT lost FROM t") == [(value,)]


def test_an_enum_that_is_text_and_a_check_comes_back_as_its_first_value(room):
    letter = sa.Enum("a", "b", name="letter", native_enum=False, create_constraint=True)
    with_rows(room, metadata(t(col("lost", letter, nullable=False))), lost="b")
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    assert room.rows("SELECT lost FROM t") == [("a",)]


@pytest.mark.parametrize(
    "condition",
    [
        "lost IN ('a', 'b') OR other = 1",
        "lost NOT IN ('a', 'b')",
        "lower(lost) IN ('a', 'b')",
        "lostin ('a')",
        "other IN ('a', 'b')",
        r"lost IN ('a\', 'b')",
        "lost IN ('a', other)",
        "lost > 'a'",
    ],
)
def test_what_a_check_says_besides_makes_its_values_uncertain(condition):
    assert first_allowed("lost", [condition]) is None


def test_only_the_first_value_has_to_be_without_backslashes():
    assert first_allowed("lost", [r"`lost` in ('ok','it\'s','it is')"]) == "'ok'"


def test_of_two_lists_none_is_certain():
    assert first_allowed("lost", ["lost IN ('a')", "lost IN ('b')"]) is None


def test_bytes_come_back_as_bytes(room):
    with_rows(room, metadata(t(col("lost", sa.LargeBinary(), nullable=False))), lost=b"x")
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    ((value,),) = room.rows("SELECT lost FROM t")
    assert bytes(value) == b""


def test_the_file_says_that_the_values_are_gone(room):
    room.reach(metadata(t(col("lost", sa.String(20), nullable=False))))
    source = room.reach(metadata(t()))
    assert "# What was in t.lost is gone; rows get this in its place." in source.downgrade


def test_an_index_of_a_refilled_column_comes_back_too(room):
    before = metadata(t(col("lost", sa.String(20), nullable=False, index=True)))
    with_rows(room, before, lost="x")
    was = room.read()
    source = room.reach(metadata(t()))
    room.run(source.downgrade, source.imports)
    assert room.read() == was


def test_a_column_that_is_unique_is_not_filled_with_one_value(room):
    room.reach(metadata(t(col("lost", sa.String(20), nullable=False, unique=True))))
    source = room.reach(metadata(t()))
    assert not any("UPDATE" in line for line in source.downgrade)
