"""What PostgreSQL can say since its version 18."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.autogenerate.room import Room
from tests.databases import private, temporary
from tests.databases.plugin import missing, server_url
from tests.databases.temporary import administrator

LAX = {"postgresql_enforced": False}
APART = {"postgresql_without_overlaps": True}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The server of the tests if it is new enough, else one of this module's own."""
    usual = server_url("postgresql", pytestconfig)
    with administrator(usual) as connection:
        version = connection.dialect.server_version_info or ()
    if version >= (18,):
        yield usual
        return
    folder = tmp_path_factory.mktemp("newer")
    try:
        yield private.start("postgresql", folder)
    except private.CannotStart as error:
        missing("postgresql", str(error))
    finally:
        private.stop(folder)


@pytest.fixture
def room(server: str) -> Iterator[Room]:
    """An empty database of a server that is new enough."""
    with temporary.database(server) as url:
        engine = sa.create_engine(url)
        yield Room("postgresql", engine)
        engine.dispose()


def lax(said):
    """A check and a foreign key that may not be enforced."""
    metadata = sa.MetaData()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("p_id", sa.Integer),
        sa.CheckConstraint("id > 0", name="ck", info=said),
        sa.ForeignKeyConstraint(["p_id"], ["p.id"], name="fk", info=said),
    )
    return metadata


def periods():
    """Keys that hold for a time, and one that leads to them."""
    metadata = sa.MetaData()
    key: list[Any] = [sa.Column("r", pg.INT4RANGE), sa.Column("during", pg.DATERANGE)]
    sa.Table("p", metadata, *key, sa.PrimaryKeyConstraint("r", "during", name="pk", info=APART))
    sa.Table(
        "t",
        metadata,
        sa.Column("r", pg.INT4RANGE),
        sa.Column("during", pg.DATERANGE),
        sa.UniqueConstraint("r", "during", name="uq", info=APART),
        sa.ForeignKeyConstraint(
            ["r", "during"], ["p.r", "p.during"], name="fk", info={"postgresql_period": True}
        ),
        sa.CheckConstraint("NOT isempty(r)", name="ck", info={"postgresql_no_inherit": True}),
    )
    return metadata


@pytest.mark.parametrize(("before", "after"), [({}, LAX), (LAX, {})])
def test_what_is_not_enforced_is_told_from_what_is(room, before, after):
    room.reach(lax(before))
    first = room.read()

    source = room.reach(lax(after))

    assert len(source.upgrade) > 1
    assert room.resolved(lax(after)).lines == []
    room.run(source.downgrade, source.imports)
    assert room.read() == first


def test_keys_of_periods_come_back_as_they_were(room):
    keep = sa.Table("keep", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    models = periods()
    keep.to_metadata(models)
    room.reach(models)
    first = room.read()

    assert room.resolved(models).lines == []
    source = room.reach(keep.metadata)
    room.run(source.downgrade, source.imports)
    assert room.read() == first


def test_not_null_has_a_name_and_changes_as_ever(room):
    room.execute(
        "CREATE TABLE t (id integer PRIMARY KEY, a integer CONSTRAINT there NOT NULL, "
        "twice integer GENERATED ALWAYS AS (id * 2) VIRTUAL)"
    )
    metadata = sa.MetaData()
    twice = sa.Column("twice", sa.Integer, sa.Computed("id * 2", persisted=False))
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        twice,
    )

    source = room.reach(metadata)

    assert room.resolved(metadata).lines == []
    assert not room.read().tables["t"].checks
    room.run(source.downgrade, source.imports)
    assert not room.read().tables["t"].columns["a"].nullable
