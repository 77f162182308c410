"""What tells that a table is as its models say, without anything having to be made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flask_schemamigrate.autogenerate.unchanged import is_alike, unchanged
from flask_schemamigrate.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)

COLUMNS = {name: Column(name, Type("integer")) for name in ("id", "a", "b")}
KEY = PrimaryKey(("id",), "thing_pkey")


def thing(*items: Any, key: PrimaryKey | None = KEY, **fields: Any) -> Table:
    """A table with these constraints and indexes."""
    kinds = {Unique: "uniques", ForeignKey: "foreign_keys", Check: "checks", Index: "indexes"}
    filed: dict[str, Any] = {kind: {} for kind in kinds.values()}
    for item in items:
        filed[kinds[type(item)]][item.key] = item
    return Table("thing", COLUMNS, primary_key=key, **filed, **fields)


NAMED = (
    Unique(("a",), "thing_a_key"),
    ForeignKey(("b",), "other", ("id",), "thing_b_fkey"),
    Check("a > 0", "thing_a_check"),
)


@pytest.mark.parametrize("item", NAMED)
def test_what_has_no_name_is_what_says_the_same(item):
    assert is_alike(thing(item), thing(replace(item, name=None)))


def test_a_primary_key_without_a_name_is_the_one_that_is_there():
    assert is_alike(thing(), thing(key=PrimaryKey(("id",))))


def test_the_names_that_models_say_count():
    assert not is_alike(thing(NAMED[0]), thing(replace(NAMED[0], name="other_name")))


def test_one_that_is_there_does_not_stand_for_two():
    wanted = thing(NAMED[0], replace(NAMED[0], name=None))
    assert not is_alike(thing(NAMED[0]), wanted)
    assert is_alike(thing(NAMED[0], replace(NAMED[0], name="again")), wanted)


OTHERS = (
    thing(*NAMED, Index("ix", (IndexKey("a"),))),
    thing(*NAMED[:2]),
    thing(*NAMED, key=None),
    thing(*NAMED, key=PrimaryKey(("a",))),
    thing(*NAMED, comment="said"),
    thing(*NAMED, options={"engine": "MyISAM"}),
    thing(*NAMED[1:], replace(NAMED[0], name=None, deferrable=True)),
    replace(thing(*NAMED), columns={**COLUMNS, "a": Column("a", Type("text"))}),
)


@pytest.mark.parametrize("other", OTHERS)
def test_a_table_that_says_anything_else_differs_both_ways(other):
    assert not is_alike(thing(*NAMED), other)
    assert not is_alike(other, thing(*NAMED))


def test_the_order_of_columns_counts_where_it_is_asked_for():
    turned = replace(thing(), columns=dict(reversed(COLUMNS.items())))
    there, wanted = Schema({"thing": thing()}), Schema({"thing": turned})
    assert unchanged(there, wanted, in_order=False) == {"thing": thing()}
    assert not unchanged(there, wanted, in_order=True)
