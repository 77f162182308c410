"""A database that will not make the models' tables out of sight, and so compares text with text."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

import flask_schemamigrate


def models(*rules: sa.CheckConstraint) -> sa.MetaData:
    """A table whose rule is spelled otherwise than PostgreSQL would, and some more rules."""
    metadata = sa.MetaData()
    id = sa.Column("id", sa.Integer, primary_key=True)
    rule = sa.CheckConstraint("id in (1, 2)", name="either")
    sa.Table("person", metadata, id, rule, *rules)
    return metadata


@pytest.fixture
def said(caplog, new_app, new_database):
    """What `check` warns of for models, beside the database of the others."""
    database = new_database("postgresql")
    with new_app(database.url, metadatas=models()).app_context():
        flask_schemamigrate.migrate()
        flask_schemamigrate.upgrade()

    def call(metadata: sa.MetaData) -> tuple[list[str], str]:
        caplog.clear()
        with (
            caplog.at_level(logging.WARNING),
            new_app(database.url, metadatas=metadata).app_context(),
        ):
            changes = flask_schemamigrate.check()
        return [line for change in changes for line in change.lines], caplog.text

    return call


def test_that_texts_were_compared_is_said_with_the_reason(said):
    lines, warned = said(models(sa.CheckConstraint("nowhere(id) > 0", name="odd")))
    assert "- person check either" in lines
    assert "'default' would not spell all models (function nowhere(integer) does not" in warned


def test_there_is_nothing_to_say_where_the_database_was_asked(said):
    assert said(models()) == ([], "")
    assert said(models(sa.CheckConstraint("id > 0", name="new"))) == (["+ person check new"], "")
