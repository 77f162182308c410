"""What was just created, by SQLAlchemy or by a script of ours, differs in nothing."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.autogenerate.models import ck, col, ix, metadata, t
from tests.autogenerate.room import Room
from tests.autogenerate.unchanged import UNCHANGED
from tests.databases.servers import MARIADB_AND_MYSQL

EACH = [
    pytest.param(kind, tables, id=f"{kind}-{name}")
    for name, (tables, on) in UNCHANGED.items()
    for kind in sorted(on)
]
CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLAlchemy itself refuses a check without a name where the convention wants to extend it.
NAMELESS = re.compile("nameless check|Enum with a check of a class")


def schemas(tables):
    return {each.options["schema"] for each in tables if "schema" in each.options} - {"public"}


# SQLAlchemy does not make the expression of it that MySQL wants, and gives texts a length where
# PostgreSQL knows none; our scripts are right in both.
OURS_ALONE = re.compile(r"mysql-default JSON|postgresql-type (Unicode)?Text\(80\)")
CREATED = [each for each in EACH if not OURS_ALONE.match(str(each.id))]


@pytest.mark.parametrize(("kind", "tables"), CREATED)
def test_what_sqlalchemy_created_differs_in_nothing(new_room, kind, tables):
    room = new_room(kind)
    room.execute(*(f"CREATE SCHEMA {name}" for name in schemas(tables)))
    metadata(*tables).create_all(room.engine)
    assert room.compared(metadata(*tables)).changed == ()
    assert room.resolved(metadata(*tables)).lines == []


@pytest.mark.parametrize(("kind", "tables"), EACH)
def test_what_a_script_created_differs_in_nothing(new_room, kind, tables):
    room = new_room(kind)
    first = room.read(*schemas(tables))
    source = room.reach(metadata(*tables))
    assert room.resolved(metadata(*tables)).lines == []
    room.run(source.downgrade, source.imports)
    assert room.read(*schemas(tables)) == first


NAMED = [each for each in EACH if not schemas(each.values[1]) and not NAMELESS.search(str(each.id))]


@pytest.mark.parametrize(("kind", "tables"), NAMED)
def test_what_a_naming_convention_names_differs_in_nothing(new_room, kind, tables):
    room = new_room(kind)
    room.convention.update(CONVENTION)
    models = metadata(*tables, naming_convention=CONVENTION)
    room.reach(models)
    assert room.resolved(models).lines == []


@pytest.mark.parametrize("kind", MARIADB_AND_MYSQL)
def test_expressions_in_other_letters_differ_in_nothing(new_room, kind):
    room = new_room(kind)

    def models():
        doubled = sa.text("(concat(`wörd`, '€'))")
        check = ck("`wörd` <> 'ü' AND `wörd` <> '水'", name="c")
        computed = col("both", sa.String(30), sa.Computed("concat(`wörd`, 'Ő')"))
        given = col("given", sa.String(30), server_default=sa.text("(concat('ñ', 'x'))"))
        key = [ix("i", doubled)] if kind == "mysql" else []
        return metadata(t(col("wörd", sa.String(9)), computed, given, check, *key))

    room.reach(models())
    assert room.resolved(models()).lines == []


@pytest.mark.parametrize("mode", ["ANSI_QUOTES", "ANSI"])
def test_a_session_that_quotes_names_as_the_standard_does_finds_no_difference(new_room, mode):
    for kind in MARIADB_AND_MYSQL:
        room = new_room(kind)
        models = metadata(
            t(
                col("a", sa.String(9), ck("a > 'x'"), server_default="it's"),
                col("b", sa.Integer, ck("b > 0", name="ck_b")),
                col("c", sa.Integer, sa.Computed("b + 1")),
                col("d", sa.JSON),
                ix("ix_a", "a", "b"),
            )
        )
        room.reach(models)
        engine = sa.create_engine(room.engine.url.update_query_dict({"sql_mode": mode}))
        assert Room(kind, engine).compared(models).is_empty
        engine.dispose()
