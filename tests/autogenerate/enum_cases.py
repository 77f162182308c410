"""Changes of PostgreSQL's enum types, and of all that says one or one of its values."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate.autogenerate import Answers
from flask_schemamigrate.autogenerate.decisions import Constant
from tests.autogenerate.cases import INT, PG, Case, Tables, b, computed, exclude
from tests.autogenerate.models import ck, col, fk, ix, t, table

text = sa.text
TWO, THREE = ("sad", "ok"), ("sad", "ok", "happy")


def mood(*values: str, **options: object) -> sa.Enum:
    """An enum type of these values."""
    return sa.Enum(*values, **{"name": "mood", **options})


def column(type_: object, **options: object) -> Tables:
    """A table with a column of that type."""
    return [t(col("a", type_, **options))]


def mentioned(value: str, *, name: str = "mood") -> Tables:
    """A value in every place that can say it."""
    type_ = mood("sad", value, name=name)
    return [
        t(
            col("a", type_, server_default=value),
            col("many", sa.ARRAY(type_), server_default=f"{{{value}}}"),
            col("r", pg.INT4RANGE),
            ck(f"a <> '{value}'", name="k"),
            ix("i", "a", postgresql_where=text(f"a = '{value}'")),
            exclude(("r", "&&"), name="x", where=text(f"a = '{value}'")),
        )
    ]


def leaned_on(*values: str) -> Tables:
    """Keys and a generated column that lean on columns of the type."""
    made = computed("a = 'ok'", persisted=True)
    return [
        t(col("a", mood(*values), unique=True), col("is it", sa.Boolean, made), ix("i", "is it")),
        table("u", col("a", mood(*values), fk("t.a", name="fk_u_a"))),
    ]


VALUES = {"gains a value": (TWO, THREE), "loses one": (THREE, TWO), "in order": (TWO, TWO[::-1])}
FORMS = {
    "of the default schema by its name": {"schema": "public"},
    "of another schema": {"schema": "Extra"},
    "with a name as long as can be": {"name": "x" * 63},
}
RENAMED = Answers(renames={"mood.ok": "fine"})
NOT_RENAMED = Answers(not_renames=frozenset({"mood.ok"}))
FILLED = Answers(fills={"t.a": Constant("{ok}")})

ENUMS = {
    **{
        f"enum {form}: {name}": Case(
            column(mood(*one, **options), server_default="ok"),
            column(mood(*two, **options), server_default="ok"),
            PG,
        )
        for form, options in FORMS.items()
        for name, (one, two) in VALUES.items()
    },
    **{
        f"enum that keys lean on: {name}": Case(leaned_on(*one), leaned_on(*two), PG)
        for name, (one, two) in VALUES.items()
        if one == THREE or two[0] == "ok"
    },
    "enum with a namesake in another schema": Case(
        [t(col("a", mood(*THREE)), col("b", mood("x", "y", schema="extra")))],
        [t(col("a", mood(*TWO)), col("b", mood("x", "y", schema="extra")))],
        PG,
    ),
    "enum of a schema where no table is": Case(
        [t(b)], [t(b, col("a", mood(*TWO, schema="e")))], PG
    ),
    "enum value renamed wherever it is said": Case(mentioned("ok"), mentioned("fine"), PG, RENAMED),
    "enum value replaced wherever it is said": Case(
        mentioned("ok"), mentioned("fine"), PG, NOT_RENAMED
    ),
    "enum renamed wherever it is said": Case(mentioned("ok"), mentioned("ok", name="temper"), PG),
    "default in the enum's full name": Case(
        column(mood(*TWO, schema="public"), server_default=text("'ok'::public.mood")),
        column(mood(*THREE, schema="public"), server_default=text("'ok'::public.mood")),
        PG,
    ),
    "array of an enum that may not be NULL dropped": Case(
        [t(b, col("a", sa.ARRAY(mood(*TWO)), nullable=False))], [t(b)], PG
    ),
    "array of an enum that may not be NULL added": Case(
        [t(b)], [t(b, col("a", sa.ARRAY(mood(*TWO)), nullable=False))], PG, FILLED
    ),
    "type of what a column is generated from": Case(
        [t(b, col("d", INT, computed("b * 2", persisted=True), unique=True))],
        [
            t(
                col("b", sa.BigInteger),
                col("d", INT, computed("b * 2", persisted=True), unique=True),
            )
        ],
        PG,
    ),
}
