"""What SQLite is asked, where there are so many tables that each look at all of them takes long."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.operations import UnknownIndex
from tests.dialects.sqlite.revising import executed, guarded, revised, rows

START = """
    CREATE TABLE shop (id INTEGER PRIMARY KEY);
    CREATE TABLE pet (id INTEGER PRIMARY KEY, age INT, shop INT REFERENCES shop ON DELETE CASCADE);
    CREATE INDEX ix_age ON pet (age);
    CREATE TABLE toy (name TEXT PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO shop VALUES (1);
    INSERT INTO pet VALUES (1, 2, 1);
"""


@pytest.fixture
def engine(sqlite):
    engine = sqlite.engine()
    executed(engine, START)
    return engine


@pytest.fixture
def heard(engine):
    """All that SQLite is told from now on, by whichever way."""
    heard: list[str] = []

    @sa.event.listens_for(engine, "connect")
    def listen(connection: Any, record: object) -> None:
        connection.set_trace_callback(heard.append)

    engine.dispose()
    return heard


def searches(heard: list[str], condition: str) -> list[str]:
    """What was asked of the catalogue, which SQLite reads from end to end, with a condition."""
    return [text for text in heard if "sqlite_master" in text and condition in text]


def test_an_index_of_a_named_table_is_dropped_without_a_search(engine, heard):
    revised(engine, lambda op: op.drop_index("IX_age", "Pet"))
    assert searches(heard, "type = 'index' AND name") == []
    assert rows(engine, "SELECT name FROM sqlite_master WHERE name = 'ix_age'") == []


@pytest.mark.parametrize("name", ["toy", "sqlite_autoindex_toy_1"])
def test_what_is_no_index_of_its_own_is_still_told_from_one(engine, name):
    with pytest.raises(UnknownIndex):
        revised(engine, lambda op: op.drop_index(name, "toy"))


def test_an_index_of_another_table_than_the_named_one_is_still_found(engine):
    revised(engine, lambda op: op.drop_index("ix_age", "shop"))
    assert rows(engine, "SELECT name FROM sqlite_master WHERE name = 'ix_age'") == []


def test_who_refers_to_a_dropped_table_is_only_asked_with_foreign_keys_on(engine, heard):
    revised(engine, lambda op: op.drop_table("shop"))
    assert searches(heard, "instr") == []
    assert rows(engine, "SELECT * FROM pet") == [(1, 2, 1)]


def test_with_foreign_keys_on_a_dropped_table_takes_no_rows_along_either(sqlite, engine):
    with pytest.raises(Exception, match="shop"):
        revised(guarded(sqlite.engine()), lambda op: op.drop_table("shop"))
    assert rows(engine, "SELECT * FROM pet") == [(1, 2, 1)]
