"""Every kind of change that is to be seen, as models before and after."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate.autogenerate import Answers
from tests.autogenerate.models import (
    TableOf,
    can_be_said,
    ck,
    col,
    fk,
    fkc,
    ix,
    maker,
    pk,
    t,
    table,
    uq,
)
from tests.databases.servers import KINDS, MARIADB_AND_MYSQL

ALL = frozenset(KINDS)
PG = frozenset({"postgresql"})
MY = frozenset(MARIADB_AND_MYSQL)
MYSQL = frozenset(MARIADB_AND_MYSQL[1:])
LITE = frozenset({"sqlite"})

Tables = list[TableOf]


@dataclass(frozen=True)
class Case:
    """Models before and after, the databases that can do it, and answers where they are needed.

    ``reworded``: PostgreSQL prints a check otherwise once it was made from its printed form.
    """

    before: Tables
    after: Tables
    on: frozenset[str] = ALL
    answers: Answers = Answers()  # noqa: RUF009 -- a frozen value
    reworded: bool = False


INT, STR, BOOL = sa.Integer, sa.String(20), sa.Boolean


def keyed(name: str, key: str) -> TableOf:
    """A table whose primary key has a name."""
    return table(name, col("a", INT), pk("a", name=key), key=False)


def led(referent: str) -> TableOf:
    """A table that leads to another one."""
    return t(col("o", INT, fk(f"{referent}.a", name="fk_o")))


other = table("other", col("a", INT, nullable=False, unique=True), col("b", INT))
a, b = col("a", INT), col("b", INT)
exclude = maker(pg.ExcludeConstraint)
computed = maker(sa.Computed)
identity = maker(sa.Identity)
r = col("r", pg.INT4RANGE)
mood = sa.Enum("sad", "ok", name="mood")
moods = sa.Enum("sad", "ok", "happy", name="mood")

TABLES = {
    "table added": Case([t(a)], [t(a), table("u", a)]),
    "table dropped": Case([t(a), table("u", a, b)], [t(a)]),
    "tables that refer to each other added": Case(
        [t(a)],
        [
            t(a),
            table("x", col("y_id", INT, fk("y.id"))),
            table("y", col("x_id", INT, fk("x.id", name="fk_y_x"))),
        ],
    ),
    "tables that refer to each other dropped": Case(
        [
            t(a),
            table("x", col("y_id", INT, fk("y.id", name="fk_x_y"))),
            table("y", col("x_id", INT, fk("x.id", name="fk_y_x"))),
        ],
        [t(a)],
    ),
    "table that refers to itself added": Case(
        [t(a)], [t(a), table("n", col("up", INT, fk("n.id")))]
    ),
    "table and the key to it dropped": Case(
        [other, t(col("o", INT, fk("other.id", name="fk_o")))], [t(col("o", INT))]
    ),
    "table and the column that led to it dropped": Case(
        [other, t(a, col("o", INT, fk("other.id", name="fk_o")))], [t(a)]
    ),
    "table renamed": Case(
        [table("old", a, b)],
        [table("new", a, b)],
        answers=Answers(table_renames={"old": "new"}),
    ),
    "table renamed and changed, others leading to it": Case(
        [table("old", a, b), t(col("o", INT, fk("old.id", name="fk_o")))],
        [table("new", a, col("c", STR)), t(col("o", INT, fk("new.id", name="fk_o")))],
        answers=Answers(table_renames={"old": "new"}, not_renames=frozenset({"new.b"})),
    ),
    "table renamed by the case of its letters, others leading to it": Case(
        [table("Old", a, col("up", INT, fk("Old.id"))), t(col("o", INT, fk("Old.id")))],
        [table("old", a, col("up", INT, fk("old.id"))), t(col("o", INT, fk("old.id")))],
        answers=Answers(table_renames={"Old": "old"}),
    ),
    "table dropped whose names another one gets": Case(
        [table("old", a, b, pk("a", name="pk"), uq("b", name="u"), key=False), led("old")],
        [table("new", a, b, pk("a", name="pk"), ix("u", "b"), key=False), led("new")],
        answers=Answers(not_renames=frozenset({"old"})),
    ),
    "table with another column for its key": Case(
        [table("u", col("code", STR, primary_key=True), key=False)],
        [table("u", col("code", STR, nullable=False, unique=True))],
    ),
    "table with a key that is unique besides": Case(
        [t(a)],
        [t(a), table("u", col("k", INT, unique=True), pk("k"), uq("k", name="two"), key=False)],
    ),
    "tables that swap the names of their keys": Case(
        [keyed("x", "one"), keyed("y", "two"), led("x")],
        [keyed("x", "two"), keyed("y", "one"), led("x")],
        PG | LITE,
    ),
    "table comment added": Case([t(a)], [t(a, comment="it's new")], PG | MY),
    "table comment changed": Case([t(a, comment="x")], [t(a, comment="y")], PG | MY),
    "table comment dropped": Case([t(a, comment="x")], [t(a)], PG | MY),
    "storage options changed": Case([t(a)], [t(a, postgresql_with={"fillfactor": "70"})], PG),
    "storage options told in info": Case(
        [t(a)], [t(a, info={"postgresql_with": {"fillfactor": "70"}})], PG
    ),
    "engine changed": Case([t(a)], [t(a, mysql_engine="MyISAM")], MY),
    "options as they are reflected": Case(
        [t(a, mysql_engine="MyISAM", **{"mysql_row format": "FIXED"})],
        [t(a, mysql_engine="InnoDB", **{"mysql_default charset": "latin1"})],
        MY,
    ),
    "charset changed": Case([t(col("a", STR))], [t(col("a", STR), mysql_charset="latin1")], MY),
    "key that replaces rows": Case(
        [table("u", col("k", INT), pk("k"), key=False)],
        [table("u", col("k", INT, sqlite_on_conflict_primary_key="REPLACE"), pk("k"), key=False)],
        LITE,
    ),
    "unique column that replaces rows": Case(
        [t(a)], [t(col("a", INT, unique=True, sqlite_on_conflict_unique="REPLACE"))], LITE
    ),
    "strictness added": Case([t(a)], [t(a, sqlite_strict=True)], LITE),
    "strictness told in info": Case([t(a)], [t(a, info={"sqlite_strict": True})], LITE),
    "rowid dropped": Case([t(a)], [t(a, sqlite_with_rowid=False)], LITE),
    "schema and its table added": Case([t(a)], [t(a), table("u", a, schema="extra")], PG),
}

COLUMNS = {
    "column added": Case([t(a)], [t(a, b)]),
    "column dropped": Case([t(a, b)], [t(a)]),
    "column with everything added": Case(
        [other, t(a)],
        [other, t(a, col("o", INT, fk("other.id"), unique=True), col("x", STR, index=True))],
    ),
    "column with everything dropped": Case(
        [other, t(a, col("o", INT, fk("other.id"), unique=True), col("x", STR, index=True))],
        [other, t(a)],
    ),
    "column NOT NULL with a default added": Case(
        [t(a)], [t(a, col("b", INT, nullable=False, server_default="7"))]
    ),
    "column NOT NULL filled with a constant": Case(
        [t(a)],
        [t(a, col("b", STR, nullable=False))],
        answers=Answers.parse(fill=["t.b=it's: 100%"]),
    ),
    "column NOT NULL filled with an expression": Case(
        [t(a)],
        [t(a, col("b", INT, nullable=False))],
        answers=Answers.parse(fill=["t.b=sql:id + 1"]),
    ),
    "column NOT NULL as it is": Case(
        [t(a)], [t(a, col("b", INT, nullable=False))], answers=Answers.parse(fill=["t.b=as-is:"])
    ),
    "column renamed": Case([t(a)], [t(col("z", INT))], answers=Answers(renames={"t.a": "z"})),
    "column renamed by the model": Case([t(a)], [t(col("z", INT, info={"renamed_from": "a"}))]),
    "column renamed, and of another type": Case(
        [t(a)], [t(col("z", sa.BigInteger))], answers=Answers(renames={"t.a": "z"})
    ),
    "column renamed under everything": Case(
        [other, t(col("a", INT, fk("other.id", name="fk_o"), unique=True), ix("ix_a", "a"))],
        [other, t(col("z", INT, fk("other.id", name="fk_o"), unique=True), ix("ix_a", "z"))],
        answers=Answers(renames={"t.a": "z"}),
    ),
    "column renamed under a check": Case(
        [t(a, ck("a > 0", name="positive"))],
        [t(col("z", INT), ck("z > 0", name="positive"))],
        answers=Answers(renames={"t.a": "z"}),
    ),
    "column renamed under expressions": Case(
        [t(a, ix("ix_a", sa.text("(a * 2)")), col("c", INT, computed("a + 1"), index=True))],
        [
            t(
                col("z", INT),
                ix("ix_a", sa.text("(z * 2)")),
                col("c", INT, computed("z + 1"), index=True),
            )
        ],
        on=MYSQL,
        answers=Answers(renames={"t.a": "z"}),
    ),
    "column that others lead to renamed": Case(
        [other, t(col("o", INT, fk("other.a", name="fk_o")))],
        [
            table("other", col("z", INT, nullable=False, unique=True), col("b", INT)),
            t(col("o", INT, fk("other.z", name="fk_o"))),
        ],
        answers=Answers(renames={"other.a": "z"}),
    ),
    "two columns swap likely names": Case(
        [t(col("first", STR), col("second", INT))],
        [t(col("one", STR), col("two", INT))],
        answers=Answers(renames={"t.first": "one", "t.second": "two"}),
    ),
    "column NOT NULL": Case([t(a)], [t(col("a", INT, nullable=False))]),
    "column of a key NOT NULL, and another of another type": Case(
        [other, t(col("o", INT, fk("other.id", name="fk")), col("b", sa.Float))],
        [
            other,
            t(col("o", INT, fk("other.id", name="fk"), nullable=False), col("b", sa.Numeric(9, 2))),
        ],
    ),
    "column NULL": Case([t(col("a", INT, nullable=False))], [t(a)]),
    "column comment added": Case([t(a)], [t(col("a", INT, comment="it's"))], PG | MY),
    "column comment changed": Case(
        [t(col("a", INT, comment="x"))], [t(col("a", INT, comment="100%"))], PG | MY
    ),
    "column comment dropped": Case([t(col("a", INT, comment="x"))], [t(a)], PG | MY),
    "comment, type and default changed at once": Case(
        [t(col("a", INT, comment="x", server_default="1"))],
        [t(col("a", sa.BigInteger, comment="y", server_default="2", nullable=False))],
        PG | MY,
    ),
}


def of_types() -> dict[str, Case]:
    """Changes of a column's type, there and back."""
    pairs = {
        "integer to bigint": (INT, sa.BigInteger, ALL),
        "integer to string": (INT, STR, ALL),
        "string to integer": (STR, INT, ALL),
        "string longer": (STR, sa.String(30), ALL),
        "string shorter": (sa.String(30), STR, ALL),
        "string to text": (STR, sa.Text, ALL),
        "string without length": (STR, sa.String(), LITE | PG),
        "numeric wider": (sa.Numeric(8, 2), sa.Numeric(10, 2), ALL),
        "numeric more places": (sa.Numeric(10), sa.Numeric(10, 2), ALL),
        "numeric without precision": (sa.Numeric(8, 2), sa.Numeric(), LITE | PG),
        "datetime to date": (sa.DateTime, sa.Date, ALL),
        "datetime with a zone": (sa.DateTime, sa.DateTime(timezone=True), PG),
        "real to double": (sa.REAL, sa.Double, LITE | PG),
        "float to double": (sa.Float, sa.Double, LITE | MY),
        "boolean to integer": (BOOL, INT, ALL),
        "json to text": (sa.JSON, sa.Text, ALL),
        "json to jsonb": (sa.JSON, pg.JSONB, PG),
        "uuid to string": (sa.Uuid, sa.String(40), PG),
        "collation": (STR, sa.String(20, collation="NOCASE"), LITE),
        "collation of PostgreSQL": (STR, sa.String(20, collation="C"), PG),
        "collation of MariaDB": (STR, sa.String(20, collation="utf8mb4_bin"), MY),
        "array": (sa.ARRAY(INT), sa.ARRAY(sa.BigInteger), PG),
        "integer to array": (INT, sa.ARRAY(INT), PG),
        "native enum gains values": (mood, moods, PG | MY),
        "native enum gains a value in the middle": (
            mood,
            sa.Enum("sad", "so-so", "ok", name="mood"),
            PG | MY,
        ),
        "native enum gains a value at the start": (
            mood,
            sa.Enum("awful", "sad", "ok", name="mood"),
            PG | MY,
        ),
        "native enum loses a value": (moods, mood, PG | MY),
        "native enum in another order": (mood, sa.Enum("ok", "sad", name="mood"), PG | MY),
        "native enum renamed": (mood, sa.Enum("sad", "ok", name="temper"), PG),
        "another native enum": (mood, sa.Enum("x", "y", name="temper"), PG),
        "string to enum": (STR, mood, ALL),
        "enum to string": (mood, STR, ALL),
        "enum without a type": (
            sa.Enum("a", "b", native_enum=False, create_constraint=True, name="e"),
            sa.Enum("a", "c", native_enum=False, create_constraint=True, name="e"),
            ALL,
        ),
        "boolean gets its check": (
            BOOL,
            sa.Boolean(create_constraint=True, name="is_it"),
            LITE | MY,
        ),
        "unsigned": (mysql.INTEGER(), mysql.INTEGER(unsigned=True), MY),
        "datetime with fractions": (mysql.DATETIME(), mysql.DATETIME(fsp=6), MY),
        "set": (mysql.SET("a", "b"), mysql.SET("a", "b", "c"), MY),
        "character set": (sa.String(9), mysql.VARCHAR(9, charset="ascii"), MY),
        "character set of an enum": (
            sa.Enum("a", "b"),
            mysql.ENUM("a", "b", charset="ascii"),
            MY,
        ),
    }
    return {
        f"type: {name}": Case(
            [t(col("a", one))], [t(col("a", two))], on, reworded=name == "enum without a type"
        )
        for name, (one, two, on) in pairs.items()
    }


def of_defaults() -> dict[str, Case]:
    """Changes of server defaults, and of what generates a column."""
    text, now = sa.text, sa.func.now()
    pairs = {
        "added": (col("a", INT), col("a", INT, server_default="1"), ALL),
        "changed": (col("a", INT, server_default="1"), col("a", INT, server_default="2"), ALL),
        "dropped": (col("a", INT, server_default="1"), col("a", INT), ALL),
        "text": (col("a", STR), col("a", STR, server_default="it's: 100%"), ALL),
        "empty text": (col("a", STR), col("a", STR, server_default=""), ALL),
        "expression": (col("a", INT), col("a", INT, server_default=text("(1 + 1)")), ALL),
        "now": (col("a", sa.DateTime), col("a", sa.DateTime, server_default=now), ALL),
        "json": (col("a", sa.JSON), col("a", sa.JSON, server_default="{}"), ALL),
        "boolean": (col("a", BOOL), col("a", BOOL, server_default=sa.true()), ALL),
        "with type": (
            col("a", INT, server_default="1"),
            col("a", STR, server_default="one"),
            ALL,
        ),
        "computed added": (
            col("a", INT),
            col("a", INT, computed("b + 1", persisted=True)),
            ALL,
        ),
        "computed changed": (
            col("a", INT, computed("b + 1", persisted=True)),
            col("a", INT, computed("b + 2", persisted=True)),
            ALL,
        ),
        "computed dropped": (
            col("a", INT, computed("b + 1", persisted=True)),
            col("a", INT),
            ALL,
        ),
        "in place of a virtual computed": (
            col("a", INT, computed("b + 1", persisted=False)),
            col("a", INT, server_default="1"),
            LITE | MY,
        ),
        "given up for a computed of another type": (
            col("a", sa.DateTime, server_default=now),
            col("a", INT, computed("b + 1", persisted=True)),
            ALL,
        ),
        "in place of a computed of another type": (
            col("a", INT, computed("b + 1", persisted=True)),
            col("a", STR, server_default="one"),
            ALL,
        ),
        "given up for an identity": (
            col("a", STR, server_default="one", nullable=False),
            col("a", sa.BigInteger, identity(always=True), nullable=False),
            PG,
        ),
        "in place of a computed of a type that needs a cast": (
            col("a", INT, computed("b + 1", persisted=True)),
            col("a", sa.ARRAY(STR), server_default="{}"),
            PG,
        ),
        "identity given up for a computed": (
            col("a", sa.BigInteger, identity(), nullable=False),
            col("a", INT, computed("b + 1", persisted=True)),
            PG,
        ),
        "computed of another type": (
            col("a", INT, computed("b + 1", persisted=True)),
            col("a", sa.Numeric(10, 2), computed("b + 1", persisted=True)),
            ALL,
        ),
        "computed virtual to stored": (
            col("a", INT, computed("b + 1", persisted=False)),
            col("a", INT, computed("b + 1", persisted=True)),
            LITE | MY,
        ),
        "identity added": (
            col("a", INT, nullable=False),
            col("a", INT, identity(start=5), nullable=False),
            PG,
        ),
        "identity changed": (
            col("a", INT, identity(start=5, increment=2), nullable=False),
            col("a", INT, identity(always=True, start=5), nullable=False),
            PG,
        ),
        "identity dropped": (
            col("a", INT, identity(start=5), nullable=False),
            col("a", INT, nullable=False),
            PG,
        ),
        "on update": (
            col("a", sa.TIMESTAMP, server_default=text("CURRENT_TIMESTAMP")),
            col(
                "a",
                sa.TIMESTAMP,
                server_default=text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            ),
            MY,
        ),
    }
    found = {
        f"default: {name}": Case([t(b, one)], [t(b, two)], on)
        for name, (one, two, on) in pairs.items()
    }
    found["default: serial to identity"] = Case(
        [t(a)], [t(col("id", INT, identity(), primary_key=True), a, key=False)], PG
    )
    found["default: numbering off"] = Case(
        [t(a)], [t(col("id", INT, primary_key=True, autoincrement=False), a, key=False)], PG | MY
    )
    return found


def of_keys() -> dict[str, Case]:
    """Changes of primary keys, uniques, checks, foreign keys and excludes."""
    one, two = col("a", INT, nullable=False), col("b", INT, nullable=False)

    def leading(**options: object) -> Tables:
        return [other, t(col("o", INT), fkc(["o"], ["other.id"], name="fk_o", **options))]

    return {
        "primary key: another column": Case(
            [t(one, two, pk("a", name="pk_t"), key=False)],
            [t(one, two, pk("b", name="pk_t"), key=False)],
        ),
        "primary key: one column more": Case(
            [t(one, two, pk("a", name="pk_t"), key=False)],
            [t(one, two, pk("a", "b", name="pk_t"), key=False)],
        ),
        "primary key: renamed": Case(
            [t(one, pk("a", name="pk_t"), key=False)],
            [t(one, pk("a", name="pk_u"), key=False)],
            PG | LITE,
        ),
        "primary key: added": Case([t(one, key=False)], [t(one, pk("a", name="pk_t"), key=False)]),
        "primary key: numbered, that goes": Case(
            [table("u", col("id", INT), col("k", STR), pk("id", name="its_key"), key=False)],
            [table("u", col("k", STR), pk("k", name="pk_k"), key=False)],
        ),
        "primary key: numbered, with a name, that comes": Case(
            [table("u", col("k", STR), key=False)],
            [table("u", col("id", INT), col("k", STR), pk("id", name="its_key"), key=False)],
        ),
        "primary key: numbered, replaced by what is filled": Case(
            [table("u", col("id", INT), col("k", STR), pk("id", name="its_key"), key=False)],
            [table("u", col("k", STR), pk("k", name="pk_k"), key=False)],
            answers=Answers.parse(fill=["u.k=sql:'x'"]),
        ),
        "primary key: dropped": Case(
            [t(one, pk("a", name="pk_t"), key=False)], [t(one, key=False)]
        ),
        "primary key: without a name added": Case(
            [t(one, key=False)], [t(one, pk("a"), key=False)]
        ),
        "primary key: that others lead to, other type": Case(
            [t(a), table("u", col("o", INT, fk("t.id", name="fk_u")))],
            [
                t(col("id", sa.BigInteger, primary_key=True), a, key=False),
                table("u", col("o", sa.BigInteger, fk("t.id", name="fk_u"))),
            ],
            PG | MY,
        ),
        "unique: added": Case([t(a)], [t(a, uq("a", name="uq_a"))]),
        "unique: without a name added": Case([t(a)], [t(col("a", INT, unique=True))]),
        "unique: without a name dropped": Case([t(col("a", INT, unique=True))], [t(a)]),
        "unique: dropped": Case([t(a, uq("a", name="uq_a"))], [t(a)]),
        "unique: renamed": Case([t(a, uq("a", name="uq_a"))], [t(a, uq("a", name="uq_z"))]),
        "unique: other columns": Case(
            [t(a, b, uq("a", name="u"))], [t(a, b, uq("a", "b", name="u"))]
        ),
        "unique: other order": Case(
            [t(a, b, uq("a", "b", name="u"))], [t(a, b, uq("b", "a", name="u"))]
        ),
        "unique: becomes an index": Case(
            [t(a, uq("a", name="u"))], [t(a, ix("u", "a", unique=True))], PG | LITE
        ),
        "unique: deferrable": Case(
            [t(a, uq("a", name="u"))],
            [t(a, uq("a", name="u", deferrable=True, initially="DEFERRED"))],
            PG,
        ),
        "unique: nulls not distinct": Case(
            [t(a, uq("a", name="u"))],
            [t(a, uq("a", name="u", postgresql_nulls_not_distinct=True))],
            PG,
        ),
        "unique: include": Case(
            [t(a, b, uq("a", name="u"))],
            [t(a, b, uq("a", name="u", postgresql_include=["b"]))],
            PG,
        ),
        "unique: include told in info": Case(
            [t(a, b, uq("a", name="u"))],
            [t(a, b, uq("a", name="u", info={"postgresql_include": ["b"]}))],
            PG,
        ),
        "key: include told in info": Case(
            [table("u", a, b, pk("a"), key=False)],
            [table("u", a, b, pk("a", info={"postgresql_include": ["b"]}), key=False)],
            PG,
        ),
        "check: added": Case([t(a)], [t(a, ck("a > 0", name="positive"))]),
        "check: without a name added": Case([t(a)], [t(a, ck("a > 0"))]),
        "check: without a name dropped": Case([t(a, ck("a > 0"))], [t(a)]),
        "check: dropped": Case([t(a, ck("a > 0", name="positive"))], [t(a)]),
        "check: changed": Case(
            [t(a, ck("a > 0", name="positive"))], [t(a, ck("a > 1", name="positive"))]
        ),
        "check: not enforced": Case(
            [t(a, ck("a > 0", name="x"))],
            [t(a, ck("a > 0", name="x", info={"mysql_enforced": False}))],
            MYSQL,
        ),
        "check: renamed": Case([t(a, ck("a > 0", name="x"))], [t(a, ck("a > 0", name="y"))]),
        "check: with a quote and a colon": Case(
            [t(col("a", STR))], [t(col("a", STR), ck("a <> 'it''s: x'", name="odd"))]
        ),
        "foreign key: added": Case([other, t(col("o", INT))], leading()),
        "foreign key: dropped": Case(leading(), [other, t(col("o", INT))]),
        "foreign key: without a name added": Case(
            [other, t(col("o", INT))], [other, t(col("o", INT, fk("other.id")))]
        ),
        "foreign key: without a name dropped": Case(
            [other, t(col("o", INT, fk("other.id")))], [other, t(col("o", INT))]
        ),
        "foreign key: other target": Case(
            leading(), [other, t(col("o", INT), fkc(["o"], ["other.a"], name="fk_o"))]
        ),
        "foreign key: on delete": Case(leading(), leading(ondelete="CASCADE")),
        "foreign key: on update": Case(leading(), leading(onupdate="SET NULL")),
        "foreign key: restricts": Case(leading(), leading(ondelete="RESTRICT"), PG | LITE),
        "foreign key: deferrable": Case(
            leading(), leading(deferrable=True, initially="DEFERRED"), PG | LITE
        ),
        "foreign key: match": Case(leading(), leading(match="FULL"), PG),
        "foreign key: renamed": Case(
            leading(), [other, t(col("o", INT), fkc(["o"], ["other.id"], name="fk_z"))]
        ),
        "foreign key: to a new table": Case(
            [t(col("o", INT))], [other, t(col("o", INT, fk("other.id")))]
        ),
        "foreign key: to a new unique": Case(
            [table("u", col("a", INT, nullable=False)), t(col("o", INT))],
            [
                table("u", col("a", INT, nullable=False), uq("a", name="uq_u")),
                t(col("o", INT, fk("u.a"))),
            ],
        ),
        "foreign key: with its unique dropped": Case(
            [
                table("u", col("a", INT, nullable=False), uq("a", name="uq_u")),
                t(col("o", INT, fk("u.a", name="fk_o"))),
            ],
            [table("u", col("a", INT, nullable=False)), t(col("o", INT))],
        ),
        "foreign key: its index dropped": Case(
            [other, t(col("o", INT, fk("other.id", name="fk_o")), b, ix("ix_o", "o"))],
            [other, t(col("o", INT, fk("other.id", name="fk_o")), b, ix("ix_ob", "o", "b"))],
        ),
        "exclude: added": Case(
            [t(r)],
            [t(r, exclude(("r", "&&"), name="x"))],
            PG,
        ),
        "exclude: dropped": Case(
            [t(r, exclude(("r", "&&"), name="x"))],
            [t(r)],
            PG,
        ),
        "exclude: changed": Case(
            [t(r, exclude(("r", "&&"), name="x"))],
            [t(r, exclude(("r", "="), name="x"))],
            PG,
        ),
    }


def of_indexes() -> dict[str, Case]:
    """Changes of indexes."""
    x, y = col("x", STR), col("y", STR)
    text = sa.text

    def plain(*keys: object, **options: object) -> Tables:
        return [t(x, y, ix("i", *keys, **options))]

    def signed(length: int) -> Tables:
        ops = {"postgresql_ops": {"v": f"tsvector_ops(siglen={length})"}}
        return [t(col("v", pg.TSVECTOR), ix("i", "v", postgresql_using="gist", **ops))]

    bare = [t(x, y)]
    pairs: dict[str, tuple[Tables, Tables, frozenset[str]]] = {
        "added": (bare, plain("x"), ALL),
        "without a name added": (bare, [t(col("x", STR, index=True), y)], ALL),
        "dropped": (plain("x"), bare, ALL),
        "renamed": (plain("x"), [t(x, y, ix("j", "x"))], ALL),
        "moved to another table": (
            [t(x), table("u", x, ix("i", "x"))],
            [t(x, ix("i", "x")), table("u", x)],
            ALL,
        ),
        "other columns": (plain("x"), plain("x", "y"), ALL),
        "other order": (plain("x", "y"), plain("y", "x"), ALL),
        "unique": (plain("x"), plain("x", unique=True), ALL),
        "descending": (plain("x"), plain(text("x DESC")), LITE | PG),
        "descending there": (plain("x"), plain(text("x DESC")), MY),
        "expression": (bare, plain(text("lower(x)")), LITE | PG),
        "expression changed": (plain(text("lower(x)")), plain(text("upper(x)")), LITE | PG),
        "where": (
            plain("x"),
            plain(
                "x",
                sqlite_where=text("y IS NOT NULL"),
                postgresql_where=text("y IS NOT NULL"),
            ),
            LITE | PG,
        ),
        "where changed": (
            plain("x", sqlite_where=text("y = 'a:b'"), postgresql_where=text("y = 'a:b'")),
            plain("x", sqlite_where=text("y = 'b'"), postgresql_where=text("y = 'b'")),
            LITE | PG,
        ),
        "method": (plain("x"), plain("x", postgresql_using="hash"), PG),
        "include": (plain("x"), plain("x", postgresql_include=["y"]), PG),
        "opclass": (plain("x"), plain("x", postgresql_ops={"x": "text_pattern_ops"}), PG),
        "opclass with a parameter": (signed(64), signed(128), PG),
        "storage": (plain("x"), plain("x", postgresql_with={"fillfactor": 50}), PG),
        "nulls not distinct": (
            plain("x", unique=True),
            plain("x", unique=True, postgresql_nulls_not_distinct=True),
            PG,
        ),
        "prefix length": (plain("x"), plain("x", mysql_length=5), MY),
        "fulltext": (plain("x"), plain("x", mysql_prefix="FULLTEXT"), MY),
    }
    return {f"index: {name}": Case(*each) for name, each in pairs.items()}


CASES = {
    name: case
    for name, case in {
        **TABLES,
        **COLUMNS,
        **of_types(),
        **of_defaults(),
        **of_keys(),
        **of_indexes(),
    }.items()
    if can_be_said(case.before) and can_be_said(case.after)
}
