"""Made-up rows: of every type, within every check, after the rows they refer to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.databases import databases
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.pytest_plugin.rows import Filled, fill
from flask_schemamigrate.pytest_plugin.scratch.names import is_leftover, new_name
from flask_schemamigrate.pytest_plugin.values import candidates


@pytest.fixture
def filled(database, tmp_path):
    """Make these tables and put rows into them."""

    def filled(metadata: sa.MetaData, **given) -> Filled:
        engine = database.engine()
        metadata.create_all(engine)
        environment = Environment.without_app(tmp_path, engines=engine, metadatas=metadata)
        (found,) = databases(environment)
        with engine.connect() as connection:
            return fill(found, connection, given)

    return filled


def of_one_table(*items: Any) -> sa.MetaData:
    """Models of a table ``t`` with a key, and these columns and rules."""
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *items)
    return metadata


def test_every_common_type_has_a_value(filled):
    metadata = sa.MetaData()
    types: list[Any] = [
        sa.SmallInteger(),
        sa.BigInteger(),
        sa.Float(),
        sa.Numeric(2, 2),
        sa.Numeric(),
        sa.Boolean(),
        sa.String(3),
        sa.Text(),
        sa.Unicode(20),
        sa.Date(),
        sa.DateTime(),
        sa.Time(),
        sa.LargeBinary(),
        sa.JSON(),
        sa.Uuid(),
        sa.Enum("on", "off", name="switch"),
        sa.CHAR(2),
        sa.DateTime(timezone=True),
        sa.Double(),
        sa.Interval(),
    ]
    columns = [sa.Column(f"c{number}", each, nullable=False) for number, each in enumerate(types)]
    sa.Table("all", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    assert filled(metadata).missed == {}


def test_a_row_comes_after_those_it_refers_to(filled):
    metadata = sa.MetaData()
    key = ["a", "b"]
    sa.Table(
        "a_child",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.Column("self_id", sa.ForeignKey("a_child.id")),
        sa.ForeignKeyConstraint(key, ["z_parent.a", "z_parent.b"]),
    )
    sa.Table("z_parent", metadata, *(sa.Column(name, sa.Integer, primary_key=True) for name in key))
    done = filled(metadata)
    assert done.missed == {}
    assert done.rows["a_child"] | done.rows["z_parent"] == done.rows["a_child"]


def test_tables_that_refer_to_each_other_are_filled_where_one_may_wait(filled):
    metadata = sa.MetaData()
    sa.Table(
        "a",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("b_id", sa.ForeignKey("b.id", name="fk_a", use_alter=True), nullable=False),
    )
    sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a_id", sa.ForeignKey("a.id", name="fk_b", use_alter=True)),
    )
    assert list(filled(metadata).rows) == ["b", "a"]


CHECKS = {
    "a number above one": (sa.Integer(), "it > 17"),
    "a number below one": (sa.Numeric(6, 2), "it < -3"),
    "one of some texts": (sa.String(9), "it IN ('red', 'blue')"),
    "a text of some length": (sa.String(9), "length(it) = 5"),
    "a text with something in it": (sa.String(30), "it LIKE '%@%.example'"),
    "a date after one": (sa.Date(), "it > '2031-05-05'"),
}


@pytest.mark.parametrize(("type_", "condition"), CHECKS.values(), ids=CHECKS)
def test_a_check_is_met(filled, type_, condition):
    metadata = of_one_table(
        sa.Column("it", type_, nullable=False),
        sa.CheckConstraint(condition),
    )
    done = filled(metadata)
    assert done.missed == {}


def test_checks_of_several_columns_are_met_together(filled):
    metadata = of_one_table(
        sa.Column("low", sa.Integer, nullable=False),
        sa.Column("high", sa.Integer, nullable=False),
        sa.CheckConstraint("low > 10"),
        sa.CheckConstraint("high < 20 AND high > low"),
    )
    assert filled(metadata).missed == {}


def test_a_default_is_left_to_the_database_and_a_given_value_goes_before_all(filled):
    metadata = of_one_table(
        sa.Column("a", sa.Integer, server_default="7"),
        sa.Column("b", sa.Integer),
    )
    assert filled(metadata, t={"b": 5, "gone": 1}).rows == {"t": {"b": 5}}


def test_a_generated_column_is_left_alone(filled):
    metadata = of_one_table(
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("twice", sa.Integer, sa.Computed("a * 2", persisted=True)),
    )
    assert filled(metadata).rows == {"t": {"a": 1}}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_text_column_gets_a_value_of_the_models_enum(filled):
    metadata = of_one_table(
        sa.Column("mood", sa.Enum("good", "bad"), nullable=False),
    )
    assert filled(metadata).rows == {"t": {"mood": "good"}}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresqls_own_types_have_values(filled, database):
    from sqlalchemy.dialects import postgresql

    database.execute("CREATE DOMAIN year AS integer CHECK (VALUE > 1900)")
    metadata = sa.MetaData()
    types: list[Any] = [
        postgresql.INET(),
        postgresql.CIDR(),
        postgresql.MACADDR(),
        postgresql.JSONB(),
        postgresql.ARRAY(sa.Text()),
        postgresql.TSVECTOR(),
        postgresql.INTERVAL(),
        postgresql.BYTEA(),
        postgresql.TIMESTAMP(timezone=True),
        postgresql.BIT(4),
        postgresql.DOMAIN("year", sa.Integer(), create_type=False),
    ]
    columns = [sa.Column(f"c{number}", each, nullable=False) for number, each in enumerate(types)]
    sa.Table("all", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    assert filled(metadata).missed == {}


def test_a_table_that_takes_no_row_says_why(filled):
    metadata = of_one_table(
        sa.Column("a", sa.Integer, nullable=False),
        sa.CheckConstraint("a * a = 144 * 2 - 63"),
    )
    sa.Table("u", metadata, sa.Column("t_id", sa.ForeignKey("t.id"), primary_key=True))
    missed = filled(metadata).missed
    assert "check" in missed["t"].lower() or "constraint" in missed["t"].lower()
    assert missed["u"] == "it refers to t, which has no row"


def test_values_have_room_in_their_type():
    assert [*candidates("name", sa.String(2), [])] == ["na", "a"]
    assert [*candidates("n", sa.Numeric(1, 1), [])] == [Decimal(0)]
    moment = next(candidates("at", sa.DateTime(timezone=True), []))
    assert moment.tzinfo is UTC


def test_a_database_that_is_a_day_old_is_a_leftover():
    then, now = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, 1, tzinfo=UTC)
    assert is_leftover(new_name(then), now)
    assert not is_leftover(new_name(now), now)
    assert not is_leftover("schemamigrate_something_else", now)
    assert not is_leftover("shop", now)
