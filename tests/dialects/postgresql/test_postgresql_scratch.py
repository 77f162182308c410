"""Echoing leaves no trace, disturbs nobody, and makes do with the rights there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.schema import Schema
from tests.databases.database import Database

EVERYTHING = "SELECT nspname FROM pg_namespace UNION SELECT relname FROM pg_class"


def wanted(engine: sa.Engine) -> tuple[Any, Schema]:
    """Our dialect, and models with a check, an enum and a key to a table that is not theirs."""
    metadata = sa.MetaData()
    sa.Table("owner", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
    sa.Table(
        "pet",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.ForeignKey("owner.id", name="fk")),
        sa.Column("mood", sa.Enum("a", "b", name="mood"), server_default="a"),
        sa.Column("twice", sa.Integer, sa.Computed("id*2", persisted=True)),
        sa.CheckConstraint("id>0", name="ck"),
        sa.CheckConstraint("id<9"),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag")),
    )
    dialect: Any = for_engine(engine)
    schema = dialect.spelled(dialect.spelling.schema([metadata]))
    return dialect, replace(schema, tables={"pet": schema.tables["pet"]})


def is_right(echoed: Schema, asked: Schema) -> None:
    table, model = echoed.tables["pet"], asked.tables["pet"]
    assert table.checks["ck"].condition == "(id > 0)"
    assert table.checks["check ((id < 9))"].name is None
    assert table.foreign_keys == model.foreign_keys
    assert table.columns["twice"].computed.expression == "(id * 2)"  # type: ignore[union-attr]
    assert table.columns["mood"].default == "'a'::mood"
    assert table.columns["mood"].type.enum == "mood"
    assert table.columns["mood"].type.python is model.columns["mood"].type.python
    assert table.primary_key == model.primary_key


@pytest.fixture
def stranger(shared: Database, engine: sa.Engine) -> Iterator[sa.Engine]:
    """An engine of a role that owns nothing."""
    name = sa.make_url(shared.url).database
    with engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}_stranger" LOGIN')
    url = sa.make_url(shared.url).set(username=f"{name}_stranger")
    made = sa.create_engine(url)
    yield made
    made.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{name}_stranger"; DROP ROLE "{name}_stranger"')


def test_echoing_leaves_no_trace(engine):
    dialect, asked = wanted(engine)
    with engine.connect() as connection:
        before = set(connection.exec_driver_sql(EVERYTHING).all())
        connection.rollback()
        is_right(dialect.echo(connection, asked), asked)
        assert set(connection.exec_driver_sql(EVERYTHING).all()) == before
    assert dialect.echo_refused is None


def test_the_callers_transaction_goes_on(engine):
    dialect, asked = wanted(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (a int); INSERT INTO mine VALUES (1)")
        path = connection.exec_driver_sql("SHOW search_path").scalar()
        is_right(dialect.echo(connection, asked), asked)
        assert connection.exec_driver_sql("SHOW search_path").scalar() == path
        assert connection.in_transaction()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT a FROM mine").all() == [(1,)]


def test_a_connection_that_commits_by_itself_is_no_trouble(engine):
    dialect, asked = wanted(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = set(connection.exec_driver_sql(EVERYTHING).all())
        is_right(dialect.echo(connection, asked), asked)
        assert set(connection.exec_driver_sql(EVERYTHING).all()) == before


def test_a_role_that_may_not_create_schemas_uses_its_temporary_one(stranger):
    dialect, asked = wanted(stranger)
    with stranger.connect() as connection:
        is_right(dialect.echo(connection, asked), asked)
    assert dialect.echo_refused is None


def test_a_role_that_may_create_nothing_gets_the_text_and_the_reason(stranger, engine):
    with engine.begin() as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar()
        connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
    dialect, asked = wanted(stranger)
    with stranger.connect() as connection:
        assert dialect.echo(connection, asked) == asked
    with engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC")
    assert "permission denied" in dialect.echo_refused


def test_a_table_that_cannot_be_created_does_not_keep_others_from_it(engine):
    dialect, asked = wanted(engine)
    pet = asked.tables["pet"]
    other = replace(
        pet,
        name="odd",
        foreign_keys={},
        columns={**pet.columns, "twice": replace(pet.columns["twice"], computed=None)},
        checks={"c": replace(pet.checks["ck"], name="c", condition="nothing > 0")},
    )
    asked = replace(asked, tables={"odd": other, "pet": pet})
    with engine.connect() as connection:
        echoed = dialect.echo(connection, asked)
    is_right(echoed, asked)
    assert echoed.tables["odd"] == other
    assert 'column "nothing" does not exist' in dialect.echo_refused
