"""A model that the database cannot have is refused, unless the app excludes it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_schemamigrate.errors import (
    DottedReferent,
    KeyTypesDiffer,
    NameTooLong,
    NoSuchReferent,
    NotSupportedHere,
)
from tests.autogenerate.models import col, fk, metadata, t, table

INT = sa.Integer


def odd(name="odd"):
    """A model that MariaDB cannot have: a VARCHAR there needs a length."""
    return table(name, col("a", sa.String))


@pytest.fixture
def maria(new_room):
    """An empty MariaDB database."""
    return new_room("mariadb")


EXCLUSIONS = [
    {"exclude": ("odd",)},
    {"include_object": lambda thing, name, kind, reflected, other: name != "odd"},
    {"include_name": lambda name, *_: name != "odd", "exclude": ("odd",)},
]


def test_a_model_that_cannot_be_had_is_refused(maria):
    with pytest.raises(NotSupportedHere, match=r"odd\.a"):
        maria.compared(metadata(t(), odd()))


@pytest.mark.parametrize("given", EXCLUSIONS)
def test_an_excluded_one_stops_nothing(maria, given):
    difference = maria.compared(metadata(t(), odd()), **given)
    assert set(difference.wanted.tables) == {"t"}


@pytest.mark.parametrize("given", EXCLUSIONS)
def test_its_table_stays_as_it_is(maria, given):
    maria.reach(metadata(t(), table("odd", col("a", INT))))
    assert maria.compared(metadata(t(), odd()), **given).is_empty


def test_a_filter_that_wants_it_hears_why_it_cannot_be(maria):
    def include(thing, name, kind, reflected, other):
        return other is None

    maria.reach(metadata(t(), table("odd", col("a", INT))))
    with pytest.raises(NotSupportedHere, match=r"odd\.a"):
        maria.compared(metadata(t(), odd(), table("even")), include_object=lambda *_: True)
    assert maria.compared(metadata(t(), odd()), include_object=include).is_empty


@pytest.mark.parametrize(
    ("parent", "key"),
    [
        (table("a.b"), "a.b.id"),
        (table("parent", col("i.d", INT, unique=True)), "parent.i.d"),
    ],
)
def test_a_foreign_key_to_a_name_with_a_dot_is_refused(room, parent, key):
    models = metadata(parent)
    (referred,) = models.tables.values()
    target = referred.c[key.removeprefix(f"{referred.name}.")]
    sa.Table("child", models, sa.Column("p", INT, sa.ForeignKey(target)))
    with pytest.raises(DottedReferent, match=r"child\.p refers to"):
        room.compared(models)


def test_a_foreign_key_of_a_table_with_a_dot_is_none_of_them(room):
    models = metadata(table("parent"), table("a.b", col("p.q", INT, fk("parent.id"))))
    room.reach(models)
    assert room.compared(models).is_empty


@pytest.mark.parametrize("type_", [INT, None])
@pytest.mark.parametrize(
    ("target", "near"),
    [("ts.id", "t.id"), ("T.id", "t.id"), ("t.idd", "t.id"), ("t", None), ("alien.n", None)],
)
def test_a_foreign_key_to_nothing_is_refused_with_what_it_may_have_meant(room, type_, target, near):
    with pytest.raises(NoSuchReferent, match=r"child\.p refers to") as caught:
        room.compared(metadata(t(), table("child", col("p", type_, fk(target)))))
    assert caught.value.near == near


@pytest.mark.parametrize("long", ["n" * 64, "ü" * 32])
def test_a_name_that_postgresql_would_cut_is_refused(new_room, long):
    postgresql = new_room("postgresql")
    kept = long.encode()[:63].decode(errors="ignore")
    for model in (table(long, col("a", INT)), table("t", col(long, INT))):
        with pytest.raises(NameTooLong) as caught:
            postgresql.compared(metadata(model))
        assert caught.value.kept == kept
        assert postgresql.compared(metadata(model), exclude=("t", long)).is_empty
    postgresql.reach(metadata(table(kept, col(kept, INT))))
    assert postgresql.compared(metadata(table(kept, col(kept, INT)))).is_empty


def test_a_foreign_key_may_refer_to_a_table_that_has_no_model(room):
    room.reach(metadata(t()))
    room.execute("CREATE TABLE alien (id INTEGER NOT NULL PRIMARY KEY)")
    child = table("child", col("p", INT, fk("alien.id")))
    assert "child" in room.compared(metadata(t(), child)).changed


def test_a_foreign_key_may_refer_to_a_model_of_another_metadata(room):
    child = table("child", col("p", INT, fk("t.id")))
    assert set(room.compared(metadata(t()), metadata(child)).changed) == {"t", "child"}


def test_a_foreign_key_that_is_not_compared_may_refer_to_nothing(room):
    def include(thing, name, kind, reflected, other):
        return kind != "foreign_key_constraint"

    room.reach(metadata(table("child", col("p", INT))))
    child = table("child", col("p", INT, fk("alien.id")))
    assert room.compared(metadata(child), include_object=include).is_empty


def a_pair(parent, child=INT):
    """Two tables, of which one refers to the other."""
    return metadata(
        table("parent", col("id", parent, primary_key=True), key=False),
        table("child", col("p", child, fk("parent.id"))),
    )


@pytest.mark.parametrize("before", [None, INT])
@pytest.mark.parametrize("parent", [sa.BigInteger, sa.SmallInteger, mysql.INTEGER(unsigned=True)])
def test_a_foreign_key_to_a_column_of_another_size_or_sign_is_refused(maria, before, parent):
    if before is not None:
        maria.reach(a_pair(before))
    with pytest.raises(KeyTypesDiffer, match=r"from child\.p \(int\(11\)\) to parent\.id"):
        maria.compared(a_pair(parent))


def test_one_of_a_table_without_a_model_is_refused_too(maria):
    maria.reach(a_pair(INT))
    maria.execute("CREATE TABLE alien (p INT, FOREIGN KEY (p) REFERENCES parent (id))")
    with pytest.raises(KeyTypesDiffer, match=r"from alien\.p \(int\(11\)\) to parent\.id"):
        maria.compared(a_pair(sa.BigInteger, sa.BigInteger), exclude=("alien",))


def test_it_may_lead_there_where_the_database_takes_it(new_room):
    for kind in ("sqlite", "postgresql"):
        room = new_room(kind)
        room.reach(a_pair(INT))
        room.reach(a_pair(sa.BigInteger))
        assert room.compared(a_pair(sa.BigInteger)).is_empty
