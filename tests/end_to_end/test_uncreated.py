"""Which tables are told of that are there although no revision creates them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

import flask_schemamigrate
from flask_schemamigrate.commands.uncreated import uncreated
from flask_schemamigrate.extension import environment


def models(*more: str, schema: str | None = None) -> sa.MetaData:
    """One table that a revision creates, and more."""
    metadata = sa.MetaData()
    for name in ("person", *more):
        place = None if name == "person" else schema
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), schema=place)
    return metadata


@pytest.fixture
def told(new_app, database):
    """The tables that are told of for models whose tables are all there."""
    with new_app(database.url, metadatas=models()).app_context():
        flask_schemamigrate.migrate()
        flask_schemamigrate.upgrade()

    def told(metadata: sa.MetaData, *exclude: str) -> list[str]:
        with new_app(database.url, metadatas=metadata).app_context():
            here = environment()
            return uncreated(replace(here, config=replace(here.config, exclude=exclude)))

    return told


def test_the_few_that_were_made_by_other_means(told, database):
    database.execute("CREATE TABLE note (id INTEGER)")
    assert told(models("note", "absent")) == ["note"]


def test_not_those_of_a_database_that_was_there_before(told, database):
    database.execute("CREATE TABLE note (id INTEGER)")
    database.execute("CREATE TABLE other (id INTEGER)")
    assert told(models("note", "other")) == []


def test_not_those_that_are_left_alone_even_where_there_is_no_such_schema(told):
    hidden = models("note", schema="nowhere")
    assert told(hidden, "nowhere.*") == []
