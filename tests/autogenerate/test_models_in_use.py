"""Models that an app has already created tables of, conditions on them, and odd names."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.autogenerate.models import col, fk, metadata, t, table
from tests.autogenerate.room import Room


def test_keys_that_create_all_made_for_itself_are_still_in_the_models(room):
    models = metadata(
        table("x", col("y_id", sa.Integer, fk("y.id", name="fk_x_y"))),
        table("y", col("x_id", sa.Integer, fk("x.id", name="fk_y_x", use_alter=True))),
    )
    models.create_all(room.engine)
    assert room.resolved(models).lines == []


def test_what_is_meant_for_another_database_is_left_out(room):
    models = metadata(t(col("a", sa.Integer), col("b", sa.Integer)))
    made = models.tables["t"]
    here = room.engine.dialect.name
    made.append_constraint(sa.CheckConstraint("a > 0", name="ck_nowhere").ddl_if(dialect="oracle"))
    made.append_constraint(sa.CheckConstraint("a > 1", name="ck_here").ddl_if(dialect=here))
    sa.Index("ix_nowhere", made.c.a).ddl_if(dialect="oracle")
    sa.Index("ix_here", made.c.a).ddl_if(dialect=here)
    room.reach(models)
    found = room.read().tables["t"]
    assert (set(found.checks), set(found.indexes)) == ({"ck_here"}, {"ix_here"})
    assert room.resolved(models).lines == []


def test_a_percent_sign_in_a_name_is_no_parameter(room):
    room.reach(metadata(table("50%s", col("p%q", sa.Integer))))
    room.reach(metadata(table("50%s", col("p%q", sa.Integer, nullable=False))))
    assert room.read().tables["50%s"].columns["p%q"].nullable is False


def test_an_index_may_turn_round_a_column_of_any_name(room):
    models = metadata(t(col("p%q", sa.Integer), col("a b", sa.Integer)))
    made = models.tables["t"]
    sa.Index("i", made.c["p%q"].desc())
    sa.Index("j", made.c["a b"].desc(), made.c["p%q"])
    room.reach(models)
    assert room.resolved(models).lines == []


@pytest.mark.parametrize("url", ["mysql+pymysql", "mariadb+pymysql"])
@pytest.mark.parametrize("prefix", ["mysql", "mariadb"])
def test_an_option_counts_where_sqlalchemy_says_it_to_the_server(new_room, url, prefix):
    room = new_room("mariadb")
    room = Room(room.kind, sa.create_engine(room.engine.url.set(drivername=url)))
    options = {f"{prefix}_engine": "MyISAM", f"{prefix}_collate": "utf8mb4_bin"}
    models = metadata(t(col("a", sa.Text), **options))
    fulltext: Any = {f"{prefix}_prefix": "FULLTEXT"}
    sa.Index("i", models.tables["t"].c.a, **fulltext)
    models.create_all(room.engine)
    assert room.resolved(models).lines == []
    is_said = prefix == url.partition("+")[0]
    assert room.read().tables["t"].options.get("engine") == ("MyISAM" if is_said else None)
    room.engine.dispose()
