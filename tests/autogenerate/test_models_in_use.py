"""Models that an app has already created tables of, conditions on them, and odd names."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors import SameName
from tests.autogenerate.models import TableOf, ck, col, fk, fkc, ix, metadata, t, table, uq
from tests.autogenerate.room import Room
from tests.databases.servers import KINDS


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


def test_a_rule_of_the_models_own_leaves_a_constraint_out(room):
    models = metadata(t(col("a", sa.Integer)))
    here = room.engine.dialect.name
    for condition, name in (("a > 0", "oracle"), ("a > 1", here)):
        rule = partial(_is_for, name)
        constraint = sa.CheckConstraint(condition, name=f"ck_{name}", _create_rule=rule)
        models.tables["t"].append_constraint(constraint)
    models.create_all(room.engine)
    assert set(room.read().tables["t"].checks) == {f"ck_{here}"}
    assert room.resolved(models).lines == []


def _is_for(name: str, compiler: Any) -> bool:
    return compiler.dialect.name == name


def test_a_constraint_that_an_event_adds_is_the_models_like_any_other(room):
    models = metadata(t(col("a", sa.Integer)))
    positive = sa.CheckConstraint("a > 0", name="ck_positive")
    models.tables["t"].append_constraint(positive)
    sa.event.listen(models, "after_create", sa.schema.AddConstraint(positive))
    room.reach(models)
    assert set(room.read().tables["t"].checks) == {"ck_positive"}
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


def test_a_key_without_a_name_is_told_from_a_named_one_of_its_column(new_room):
    room = new_room("sqlite")
    named = fkc(["a"], ["t.id"], name="f", ondelete="CASCADE")
    both = metadata(t(), table("u", col("a", sa.Integer, fk("t.id")), named))
    both.create_all(room.engine)
    first = room.read()
    source = room.reach(metadata(t(), table("u", col("a", sa.Integer))))
    for lines in (source.downgrade, source.upgrade, source.downgrade):
        room.run(lines, source.imports)
    assert room.read() == first


def test_a_check_of_a_column_follows_its_new_name(new_room):
    # In MySQL every check is one of the table.
    room = new_room("mariadb")
    room.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer CHECK (a > 0))")
    room.execute("ALTER TABLE t CHANGE a z integer CHECK (z > 0)")
    room.execute("ALTER TABLE t ADD a integer")
    key = col("id", sa.Integer, primary_key=True, autoincrement=False)
    a, z = col("a", sa.Integer), col("z", sa.Integer)
    room.reach(metadata(t(key, a, z, key=False)))
    assert room.read().tables["t"].checks == {}


def ix_on(*names: str) -> list[TableOf]:
    return [table(name, col("a", sa.Integer), ix("i", "a")) for name in names]


TWICE = {
    "index of two tables": (ix_on("t", "u"), ("sqlite", "postgresql")),
    "index of a table's name": (
        [t(), table("u", col("a", sa.Integer), ix("t", "a"))],
        ("sqlite", "postgresql"),
    ),
    "two indexes of one table": (
        [t(col("a", sa.Integer), col("b", sa.Integer), ix("i", "a"), ix("i", "b"))],
        KINDS,
    ),
    "two uniques of one table": (
        [t(col("a", sa.Integer), col("b", sa.Integer), uq("a", name="u"), uq("b", name="u"))],
        KINDS[1:],
    ),
    "two checks of one table": (
        [t(col("a", sa.Integer), ck("a > 0", name="k"), ck("a < 9", name="k"))],
        KINDS[1:],
    ),
    "foreign key of two tables": (
        [
            t(),
            table("u", col("a", sa.Integer, fk("t.id", name="f"))),
            table("v", col("a", sa.Integer, fk("t.id", name="f"))),
        ],
        KINDS[2:],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("tables", "refused"), TWICE.values(), ids=TWICE)
def test_a_name_given_twice_is_refused_where_the_database_would(new_room, kind, tables, refused):
    room = new_room(kind)
    try:
        metadata(*tables).create_all(room.engine)
    except sa.exc.DBAPIError:
        assert kind in refused
        with pytest.raises(SameName, match=r"twice: to .+ and to .+"):
            room.compared(metadata(*tables))
    else:
        assert kind not in refused
        assert room.resolved(metadata(*tables)).lines == []


def test_an_index_of_the_same_name_on_another_table_stays(new_room):
    room = new_room("mariadb")
    one = table("one", col("a", sa.Integer), ix("i", "a"))
    room.reach(metadata(one))
    two = table("two", col("a", sa.Integer, fk("one.id")), ix("i", "a"))
    assert room.resolved(metadata(one, two)).lines == ["+ two"]


@pytest.mark.parametrize("name", ["t", "odd Name"])
def test_a_default_that_calls_the_sequence_its_column_owns_is_serial(new_room, name):
    room = new_room("postgresql")
    room.execute(f'CREATE TABLE "{name}" (id serial PRIMARY KEY, "No" bigserial)')
    reflected = sa.MetaData()
    reflected.reflect(room.engine)
    assert room.resolved(reflected).lines == []

    room.execute("CREATE SEQUENCE another")
    reflected.tables[name].c["No"].server_default = sa.DefaultClause(
        sa.text("nextval('another'::regclass)")
    )
    assert room.resolved(reflected).lines != []
