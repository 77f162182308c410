"""Enum types that more stands on than the columns of tables."""

from __future__ import annotations

import pytest

from flask_schemamigrate import op
from tests.dialects.sink import carried_out


@pytest.fixture
def pet(engine):
    """A table of moods, with a row of each."""
    with engine.begin() as connection:
        for sql in (
            "CREATE TYPE mood AS ENUM ('ok', 'sad', 'bad')",
            "CREATE TABLE pet (id integer, mood mood DEFAULT 'ok')",
            "INSERT INTO pet VALUES (1, 'ok'), (2, 'sad'), (3, 'bad')",
        ):
            connection.exec_driver_sql(sql)
    return engine


def moods(engine, table: str = "pet") -> list[str]:
    with engine.connect() as connection:
        query = f"SELECT mood::text FROM {table} ORDER BY id"
        return [row[0] for row in connection.exec_driver_sql(query)]


def renamed() -> None:
    op.set_enum_values("mood", ["ok", "sad", "awful"], replacing={"bad": "awful"})


def test_a_table_that_inherits_its_column_follows_to_other_values(pet):
    with pet.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE child () INHERITS (pet)")
        connection.exec_driver_sql("INSERT INTO child VALUES (4, 'bad')")
    done = carried_out(pet, renamed)
    assert moods(pet) == ["ok", "sad", "awful", "awful"]
    done.undone()
    assert moods(pet, "child") == ["bad"]


def test_a_generated_column_of_an_enum_follows_to_other_values(pet):
    with pet.begin() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE pet ADD felt mood GENERATED ALWAYS AS"
            " (CASE WHEN mood = 'bad' THEN 'sad'::mood ELSE mood END) STORED"
        )
    done = carried_out(pet, renamed)
    assert moods(pet) == ["ok", "sad", "awful"]
    done.undone()
    with pet.connect() as connection:
        rows = connection.exec_driver_sql("SELECT felt::text FROM pet ORDER BY id").all()
    assert [row[0] for row in rows] == ["ok", "sad", "sad"]


def test_values_change_places_in_rows_arrays_and_defaults(pet):
    with pet.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pet ADD was mood[] DEFAULT '{sad,bad}'")
    carried_out(
        pet,
        lambda: op.set_enum_values(
            "mood", ["sad", "bad", "fine"], replacing={"ok": "fine", "sad": "bad", "bad": "sad"}
        ),
    )
    with pet.begin() as connection:
        connection.exec_driver_sql("INSERT INTO pet VALUES (4)")
        rows = connection.exec_driver_sql("SELECT mood::text, was::text FROM pet ORDER BY id")
        assert [*map(tuple, rows)] == [
            ("fine", "{bad,sad}"),
            ("bad", "{bad,sad}"),
            ("sad", "{bad,sad}"),
            ("fine", "{bad,sad}"),
        ]


@pytest.mark.parametrize("new", ["awful", 'so "bad"', "null"])
def test_an_array_s_default_follows_to_a_value_that_replaces_another(pet, new):
    with pet.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pet ADD was mood[] DEFAULT '{sad,bad}'")
    carried_out(pet, lambda: op.set_enum_values("mood", ["ok", "sad", new], replacing={"bad": new}))
    with pet.begin() as connection:
        connection.exec_driver_sql("INSERT INTO pet VALUES (4)")
        rows = connection.exec_driver_sql("SELECT DISTINCT was[1]::text, was[2]::text FROM pet")
        assert [*map(tuple, rows)] == [("sad", new)]


def test_a_generated_column_that_does_not_say_the_type_s_name_is_made_again(pet):
    with pet.begin() as connection:
        said = "GENERATED ALWAYS AS (felt IS NULL) STORED"
        connection.exec_driver_sql("ALTER TABLE pet RENAME mood TO felt")
        connection.exec_driver_sql(f"ALTER TABLE pet ADD is_quiet boolean {said}")
    carried_out(pet, renamed)
    with pet.begin() as connection:
        assert connection.exec_driver_sql("SELECT DISTINCT is_quiet FROM pet").all() == [(False,)]
