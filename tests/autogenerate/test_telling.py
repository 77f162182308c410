"""What is told of a change: its losses with row counts, its lines, a message for the file."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import Answers, counted, fill, lines, losses, message_for
from flask_schemamigrate.autogenerate.destructive import narrows
from flask_schemamigrate.autogenerate.matching import best
from flask_schemamigrate.autogenerate.order import by_dependency
from flask_schemamigrate.schema import Column, ForeignKey, Table, Type
from tests.autogenerate.models import col, ix, metadata, t, table

INT, TEXT = sa.Integer, sa.String(20)
NO = Answers(not_renames=frozenset({"t.a", "gone"}))


@pytest.fixture
def lite(new_room):
    """An empty SQLite database."""
    return new_room("sqlite")


def test_losses_are_told_first_and_counted_in_the_database(room):
    room.reach(metadata(t(col("a", TEXT), col("n", sa.BigInteger)), table("gone")))
    rows = "INSERT INTO t (id, a, n) VALUES (1, 'x', 1), (2, NULL, 2)"
    room.execute(rows, "INSERT INTO gone (id) VALUES (1)")
    resolved = room.resolved(metadata(t(col("n", sa.SmallInteger), col("c", sa.Date))), NO)
    assert {line[:3] for line in resolved.lines[:3]} == {"- g", "- t", "~ t"}
    with room.open() as (dialect, connection):
        found = counted(resolved.losses, dialect, connection, resolved.before)
    texts = sorted(loss.text for loss in found)
    assert texts[0] == "column t.a (1 row)"
    assert texts[1].startswith("column t.n narrowed from ")
    assert texts[1].endswith("(2 rows)")
    assert texts[2] == "table gone (1 row)"


def test_an_enum_type_is_told_beside_what_it_was(new_room):
    room = new_room("postgresql")
    room.reach(metadata(t(col("a", sa.Enum("x", "y", name="letters")))))
    resolved = room.resolved(metadata(t(col("a", sa.Enum("y", "x", name="letters")))))
    assert resolved.lines == ["~ enum letters (x, y) -> (y, x)"]


def test_a_removed_enum_value_is_a_loss_and_an_added_one_is_none(new_room):
    room = new_room("postgresql")
    room.reach(metadata(t(col("m", sa.Enum("a", "b", name="mood")))))
    fewer = room.resolved(metadata(t(col("m", sa.Enum("a", name="mood")))))
    assert [loss.what for loss in fewer.losses] == ["enum mood without b"]
    more = room.resolved(metadata(t(col("m", sa.Enum("a", "b", "c", name="mood")))))
    assert more.losses == []
    assert losses(more.operations, more.before) == []


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("INTEGER", "BIGINT", False),
        ("BIGINT", "INTEGER", True),
        ("VARCHAR(20)", "VARCHAR(30)", False),
        ("VARCHAR(30)", "VARCHAR(20)", True),
        ("VARCHAR(20)", "TEXT", False),
        ("TEXT", "VARCHAR(20)", True),
        ("INTEGER", "TEXT", False),
        ("NUMERIC(8, 2)", "NUMERIC(10, 2)", False),
        ("NUMERIC(10, 2)", "NUMERIC(10, 4)", True),
        ("NUMERIC", "NUMERIC(10, 2)", True),
        ("TIMESTAMP", "DATE", True),
        ("date", "TIMESTAMP WITH TIME ZONE", False),
        ("timestamp without time zone", "TIMESTAMP WITH TIME ZONE", False),
        ("timestamp with time zone", "TIMESTAMP WITHOUT TIME ZONE", True),
        ("cidr", "INET", False),
        ("inet", "CIDR", True),
        ("character varying(30)", "CITEXT", False),
        ("citext", "VARCHAR(30)", True),
        ("FLOAT", "DOUBLE", False),
        ("DOUBLE PRECISION", "REAL", True),
        ("integer[]", "BIGINT[]", False),
        ("bigint[]", "INTEGER[]", True),
        ("character varying(20)[]", "VARCHAR(30)[]", False),
        ("integer[]", "BIGINT", True),
        ("json", "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", False),
        ("longtext", "LONGTEXT CHARACTER SET latin1", True),
    ],
)
def test_a_type_is_narrowed_if_values_may_not_fit(old, new, verdict):
    assert narrows(Type(old), Type(new)) is verdict


def test_what_changes_is_told_beside_what_it_was(lite):
    lite.reach(metadata(t(col("a", INT, server_default="1"), col("b", INT))))
    after = metadata(t(col("a", sa.BigInteger, server_default="2"), col("b", INT, nullable=False)))
    resolved = lite.resolved(after, Answers(fills={"t.b": fill("0")}))
    assert resolved.lines == [
        "~ t.a type INTEGER -> BIGINT, default '1' -> '2'",
        "~ t.b nullable no",
    ]


def test_what_is_no_text_is_told_in_words(new_room):
    room = new_room("postgresql")
    room.reach(metadata(t(col("n", INT, sa.Identity()))))
    numbers = sa.Identity(always=True, start=5, cycle=True)
    stored = {"postgresql_with": {"fillfactor": 70}}
    assert room.resolved(metadata(t(col("n", INT, numbers), info=stored))).lines == [
        "~ t.n identity always start 5 cycle",
        "~ t with fillfactor=70",
    ]


def test_a_column_that_is_filled_is_one_change(lite):
    lite.reach(metadata(t(col("a", INT))))
    after = metadata(t(col("a", INT), col("b", INT, nullable=False)))
    resolved = lite.resolved(after, Answers(fills={"t.b": fill("0")}))
    assert len(resolved.operations) > 1
    assert resolved.lines == ["+ t.b"]
    assert message_for(resolved.operations) == "add t b"


def test_a_difference_has_lines_before_anything_is_answered(lite):
    lite.reach(metadata(t(col("name", TEXT))))
    difference = lite.compared(metadata(t(col("full_name", TEXT))))
    assert lines(difference) == ["- t.name", "+ t.full_name"]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ([t(col("a", INT), col("email", TEXT))], "add t email"),
        ([t()], "drop t a"),
        ([t(col("a", INT)), table("u")], "add u"),
        ([t(col("a", INT)), table("u"), table("v")], "add u and v"),
        ([t(col("a", sa.BigInteger))], "change t a"),
        ([t(col("a", INT), ix("ix_a", "a"))], "add ix_a"),
        ([t(col("a", INT), *(col(f"c{n}", INT) for n in range(9)))], "change t"),
        ([t(col("a", INT)), *(table(f"u{n}") for n in range(9))], "add u0 and 8 more"),
    ],
)
def test_a_message_says_what_a_revision_does(lite, after, message):
    lite.reach(metadata(t(col("a", INT))))
    assert message_for(lite.resolved(metadata(*after)).operations) == message


def test_the_message_of_a_rename_says_both_names(lite):
    lite.reach(metadata(t(col("a", INT))))
    renamed = lite.resolved(metadata(t(col("z", INT))), Answers(renames={"t.a": "z"}))
    assert message_for(renamed.operations) == "rename t a to z"


def leading(name: str, *referents: str) -> Table:
    keys = {to: ForeignKey((to,), to, ("id",), name=to) for to in referents}
    return Table(name, {"id": Column("id", Type("INTEGER"))}, foreign_keys=keys)


def test_referenced_tables_come_first_and_circles_are_broken():
    tables = {
        name: leading(name, *to) for name, to in {"a": "b", "b": "c", "c": "b", "d": ""}.items()
    }
    ordered = list(by_dependency(tables))
    assert [name for name, _ in ordered] == ["d", "b", "a", "c"]
    assert [key.referent for _, waiting in ordered for key in waiting] == ["c"]


def test_the_best_assignment_is_that_of_all_pairs_together():
    scores = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.85}
    assert best(scores) == [("a", "y"), ("b", "x")]
    assert best(dict(reversed(list(scores.items())))) == [("a", "y"), ("b", "x")]
    assert best({}) == []
