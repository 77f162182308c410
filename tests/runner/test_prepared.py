"""Statements that are compiled once."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from flask_schemamigrate.runner.prepared import Prepared

TABLE = sa.Table(
    "note",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime),
)
MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789)


@pytest.fixture
def connection(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        TABLE.create(connection)
        yield connection


def test_values_arrive_as_sqlalchemy_would_send_them(connection):
    insert = Prepared(TABLE.insert().inline(), ["id", "at"])
    insert(connection, {"id": 1, "at": MOMENT})
    insert(connection, {"id": 2, "at": MOMENT}, {"id": 3, "at": None})
    rows = connection.execute(sa.select(TABLE).order_by(TABLE.c.id)).all()
    whole = MOMENT.replace(microsecond=0)
    assert [(id, at and at.replace(microsecond=0)) for id, at in rows] == [
        *((1, whole), (2, whole)),
        (3, None),
    ]


def test_an_update_tells_how_many_rows_it_found(connection):
    connection.execute(TABLE.insert(), [{"id": 1, "at": MOMENT}])
    update = Prepared(TABLE.update().where(TABLE.c.id == sa.bindparam("of")), ["at"])
    assert update(connection, {"at": MOMENT, "of": 1}).rowcount == 1
    assert update(connection, {"at": MOMENT, "of": 2}).rowcount == 0


def test_a_revision_that_translates_schemas_for_itself_is_not_heeded():
    engine = sa.create_engine("sqlite://")
    insert = Prepared(TABLE.insert().inline(), ["id"])
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS other")
        connection.exec_driver_sql("CREATE TABLE other.note (id INTEGER)")
        connection.exec_driver_sql("CREATE TABLE note (id INTEGER)")
        insert(connection.execution_options(schema_translate_map={None: "other"}), {"id": 7})
        assert connection.exec_driver_sql("SELECT id FROM main.note").all() == [(7,)]
