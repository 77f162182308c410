"""How tables and indexes are stored is told only where a model says it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.autogenerate.models import col, ix, metadata, pk, t, table, uq

INT = sa.Integer


def models(*more, **options):
    key = ix("i", "a", **options)
    return metadata(t(col("a", INT), key, uq("a"), uq("a", "id", name="u"), *more))


@pytest.fixture
def room(new_room):
    """A database that somebody tuned by hand."""
    room = new_room("postgresql")
    room.reach(models())
    room.execute(
        "ALTER TABLE t SET (autovacuum_enabled = false, toast_tuple_target = 256)",
        "ALTER INDEX i SET (fillfactor = 60)",
        "ALTER INDEX u SET (fillfactor = 61)",
        "ALTER INDEX uq_t_a SET (fillfactor = 62)",
        "ALTER INDEX t_pkey SET (fillfactor = 63)",
    )
    return room


def test_what_was_tuned_by_hand_is_no_difference(room):
    assert room.resolved(models()).lines == []


def test_what_a_model_says_is_changed_and_the_rest_stays(room):
    said = {"postgresql_with": {"fillfactor": 50, "toast_tuple_target": 512}}
    wanted = metadata(*(t(col("a", INT), ix("i", "a"), info=said),))
    room.reach(wanted)
    assert room.resolved(wanted).lines == []
    assert room.read().tables["t"].options["with"] == {
        "autovacuum_enabled": "false",
        "fillfactor": "50",
        "toast_tuple_target": "512",
    }


def test_an_index_that_is_made_anew_is_stored_as_it_was(room):
    room.reach(models(postgresql_where=sa.text("a > 1")))
    assert room.read().tables["t"].indexes["i"].options == {"with": {"fillfactor": "60"}}
    room.reach(models(postgresql_with={"fillfactor": 70}))
    assert room.read().tables["t"].indexes["i"].options == {"with": {"fillfactor": "70"}}


def test_a_table_that_was_partitioned_by_hand_is_no_difference(new_room):
    room = new_room("postgresql")
    number = col("id", INT, autoincrement=False)
    wanted = metadata(table("log", number, col("at", sa.Date), pk("id", "at"), key=False))
    room.execute(
        "CREATE TABLE log (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE log_rest PARTITION OF log DEFAULT",
    )
    assert room.resolved(wanted).lines == []


def test_a_table_that_was_given_a_parent_by_hand_stays_its_child(room):
    room.execute("CREATE TABLE above (id int NOT NULL)", "ALTER TABLE t INHERIT above")
    assert room.resolved(models()).lines == ["- above"]


def test_a_table_that_forgets_its_rows_in_a_crash_is_a_difference(room):
    room.execute("ALTER TABLE t SET UNLOGGED")
    assert room.resolved(models()).lines == ["~ t prefixes none"]
