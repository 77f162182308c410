"""Models that were just created, over every type, default, key and index that SQLAlchemy has."""

from __future__ import annotations

import enum

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.sqlite.base import SQLiteTypeCompiler

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
MARIADB = frozenset(MARIADB_AND_MYSQL[:1])
LITE = frozenset({"sqlite"})


class Colour(enum.Enum):
    """What an app's enums look like."""

    red = 1
    green = 2


class Upper(sa.types.TypeDecorator[str]):
    """A project's own type."""

    impl = sa.String(30)
    cache_ok = True


class Reversed(sa.types.TypeDecorator[str]):
    """A project's own type that differs from database to database."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(
            pg.JSONB() if dialect.name == "postgresql" else sa.String(50)
        )


TYPES = {
    "Integer": sa.Integer(),
    "SmallInteger": sa.SmallInteger(),
    "BigInteger": sa.BigInteger(),
    "INT": sa.INT(),
    "BIGINT": sa.BIGINT(),
    "SMALLINT": sa.SMALLINT(),
    "Numeric": sa.Numeric(),
    "Numeric(10, 2)": sa.Numeric(10, 2),
    "Numeric(10)": sa.Numeric(10),
    "DECIMAL(8, 3)": sa.DECIMAL(8, 3),
    "Float": sa.Float(),
    "Float(24)": sa.Float(24),
    "Float(53)": sa.Float(53),
    "FLOAT": sa.FLOAT(),
    "REAL": sa.REAL(),
    "Double": sa.Double(),
    "DOUBLE_PRECISION": sa.DOUBLE_PRECISION(),
    "String(20)": sa.String(20),
    "VARCHAR(20)": sa.VARCHAR(20),
    "CHAR(3)": sa.CHAR(3),
    "CHAR": sa.CHAR(),
    "Unicode(20)": sa.Unicode(20),
    "Text": sa.Text(),
    "UnicodeText": sa.UnicodeText(),
    "Text(80)": sa.Text(80),
    "UnicodeText(80)": sa.UnicodeText(80),
    "LargeBinary": sa.LargeBinary(),
    "Boolean": sa.Boolean(),
    "Boolean with a check": sa.Boolean(create_constraint=True, name="is_it"),
    "Date": sa.Date(),
    "DateTime": sa.DateTime(),
    "DateTime with a zone": sa.DateTime(timezone=True),
    "TIMESTAMP": sa.TIMESTAMP(),
    "TIMESTAMP with a zone": sa.TIMESTAMP(timezone=True),
    "Time": sa.Time(),
    "Time with a zone": sa.Time(timezone=True),
    "Interval": sa.Interval(),
    "Uuid": sa.Uuid(),
    "Uuid as text": sa.Uuid(native_uuid=False),
    "JSON": sa.JSON(),
    "PickleType": sa.PickleType(),
    "Enum": sa.Enum("a", "b", name="letters"),
    "Enum of a class": sa.Enum(Colour),
    "Enum with quotes": sa.Enum("it's", "100%", "a:b", name="odd"),
    "Enum without a type": sa.Enum("a", "b", native_enum=False),
    "Enum with a check": sa.Enum("a", "b", native_enum=False, create_constraint=True, name="ab"),
    "Enum with a check of a class": sa.Enum(Colour, native_enum=False, create_constraint=True),
    "a decorator": Upper(),
    "a decorator per database": Reversed(),
    "a variant": sa.String(10).with_variant(sa.Text(), "postgresql", "mysql"),
    "JSON or JSONB": sa.JSON().with_variant(pg.JSONB(), "postgresql"),
}
OWN_TYPES = {
    "String": (sa.String(), LITE | PG),
    "UUID": (sa.UUID(), ALL - MYSQL if hasattr(SQLiteTypeCompiler, "visit_UUID") else PG | MARIADB),
    "BINARY(3)": (sa.BINARY(3), LITE | MY),
    "VARBINARY(3)": (sa.VARBINARY(3), LITE | MY),
    "NCHAR(5)": (sa.NCHAR(5), LITE | MY),
    "NVARCHAR(5)": (sa.NVARCHAR(5), LITE | MY),
    "CLOB": (sa.CLOB(), LITE),
    "BLOB": (sa.BLOB(), LITE | MY),
    "LargeBinary(10)": (sa.LargeBinary(10), LITE | MY),
    "String with a collation": (sa.String(10, collation="NOCASE"), LITE),
    "ARRAY": (sa.ARRAY(sa.Integer), PG),
    "ARRAY of two dimensions": (sa.ARRAY(sa.Text, dimensions=2), PG),
    "ARRAY of an enum": (sa.ARRAY(sa.Enum("a", "b", name="letters")), PG),
    "JSONB": (pg.JSONB(), PG),
    "INET": (pg.INET(), PG),
    "CIDR": (pg.CIDR(), PG),
    "MACADDR": (pg.MACADDR(), PG),
    "MONEY": (pg.MONEY(), PG),
    "OID": (pg.OID(), PG),
    "BIT(3)": (pg.BIT(3), PG),
    "BIT VARYING(3)": (pg.BIT(3, varying=True), PG),
    "INTERVAL": (pg.INTERVAL(), PG),
    "INTERVAL YEAR TO MONTH": (pg.INTERVAL(fields="YEAR TO MONTH"), PG),
    "TIMESTAMP(3)": (pg.TIMESTAMP(precision=3), PG),
    "TSVECTOR": (pg.TSVECTOR(), PG),
    "INT4RANGE": (pg.INT4RANGE(), PG),
    "TSTZRANGE": (pg.TSTZRANGE(), PG),
    "BYTEA": (pg.BYTEA(), PG),
    "CITEXT-like collation": (sa.Text(collation="C"), PG),
    "TINYINT(1)": (mysql.TINYINT(1), MY),
    "unsigned": (mysql.INTEGER(unsigned=True), MY),
    "MEDIUMTEXT": (mysql.MEDIUMTEXT(), MY),
    "LONGTEXT": (mysql.LONGTEXT(), MY),
    "DATETIME(6)": (mysql.DATETIME(fsp=6), MY),
    "TIMESTAMP(3) of MariaDB": (mysql.TIMESTAMP(fsp=3), MY),
    "YEAR": (mysql.YEAR(), MY),
    "SET": (mysql.SET("a", "b"), MY),
    "BIT(4)": (mysql.BIT(4), MY),
    "charset": (mysql.VARCHAR(10, charset="latin1"), MY),
    "ASCII": (mysql.VARCHAR(10, ascii=True), MY),
    "UNICODE": (mysql.TEXT(unicode=True), MY),
    "DOUBLE(10, 2)": (mysql.DOUBLE(10, 2), MY),
}
text = sa.text
DEFAULTS = {
    "0": (sa.Integer, "0"),
    "text 0": (sa.Integer, text("0")),
    "-1": (sa.Integer, text("-1")),
    "brackets": (sa.Integer, text("(1 + 1)")),
    "''": (sa.String(9), ""),
    "abc": (sa.String(9), "abc"),
    "it's": (sa.String(9), "it's"),
    "percent and colon": (sa.String(9), "5% a:b"),
    "backslash": (sa.String(9), "a\\b"),
    "a quoted text": (sa.String(9), text("'x'")),
    "NULL": (sa.String(9), text("NULL")),
    "true()": (sa.Boolean, sa.true()),
    "false()": (sa.Boolean, sa.false()),
    "text true": (sa.Boolean, text("true")),
    "Numeric 0": (sa.Numeric(10, 2), "0"),
    "Numeric 1.50": (sa.Numeric(10, 2), text("1.50")),
    "Float": (sa.Float, text("0.1")),
    "now()": (sa.DateTime, sa.func.now()),
    "CURRENT_TIMESTAMP": (sa.DateTime, text("CURRENT_TIMESTAMP")),
    "a date": (sa.Date, "2020-01-02"),
    "a datetime": (sa.DateTime, "2020-01-02 03:04:05"),
    "JSON": (sa.JSON, "{}"),
    "JSON text": (sa.JSON, text("'[]'")),
    "an enum": (sa.Enum("a", "b", name="letters"), "a"),
    "BigInteger": (sa.BigInteger, "12345678901"),
}
a, b, c = col("a", sa.Integer), col("b", sa.Integer), col("c", sa.String(20))
other = table("other", col("x", sa.Integer, nullable=False, unique=True))
computed, identity = maker(sa.Computed), maker(sa.Identity)
exclude, desc, column = maker(pg.ExcludeConstraint), maker(sa.desc), maker(sa.column)

FORMS: dict[str, tuple[list[TableOf], frozenset[str]]] = {
    "unique flag": ([t(col("a", sa.Integer, unique=True))], ALL),
    "index flag": ([t(col("a", sa.Integer, index=True))], ALL),
    "both flags": ([t(col("a", sa.Integer, index=True, unique=True))], ALL),
    "named unique": ([t(a, b, uq("b", "a", name="u"))], ALL),
    "nameless unique": ([t(a, b, uq("b", "a"))], ALL),
    "unique column and nameless unique": ([t(col("a", sa.Integer, unique=True), uq("a"))], ALL),
    "two uniques of the same columns": ([t(a, uq("a", name="u"), uq("a", name="v"))], LITE | MY),
    "composite key": ([t(col("x", sa.Integer, primary_key=True), a)], ALL),
    "named key": ([t(a, pk("a", name="pk_it"), key=False)], ALL),
    "text key": ([t(col("x", sa.String(9), primary_key=True), key=False)], ALL),
    "numbering off": (
        [t(col("i", sa.Integer, primary_key=True, autoincrement=False), key=False)],
        ALL,
    ),
    "bigint key": ([t(col("i", sa.BigInteger, primary_key=True), key=False)], PG | MY),
    "identity": ([t(col("i", sa.Integer, identity(), primary_key=True), key=False)], ALL),
    "identity with options": (
        [t(col("n", sa.BigInteger, identity(always=True, start=5, increment=2, cycle=True)))],
        PG,
    ),
    "nameless foreign key": ([other, t(col("o", sa.Integer, fk("other.id")))], ALL),
    "foreign key": (
        [
            other,
            t(
                col(
                    "o", sa.Integer, fk("other.x", name="f", ondelete="CASCADE", onupdate="CASCADE")
                )
            ),
        ],
        ALL,
    ),
    "foreign key that takes no action": (
        [other, t(col("o", sa.Integer, fk("other.id", name="f", ondelete="NO ACTION")))],
        ALL,
    ),
    "foreign key that sets a default": (
        [other, t(col("o", sa.Integer, fk("other.id", name="f", ondelete="SET DEFAULT")))],
        LITE | PG,
    ),
    "deferrable foreign key": (
        [
            other,
            t(col("o", sa.Integer, fk("other.id", deferrable=True, initially="DEFERRED"))),
        ],
        LITE | PG,
    ),
    "composite foreign key": (
        [
            table("p", col("j", sa.Integer, primary_key=True)),
            t(a, b, fkc(["a", "b"], ["p.id", "p.j"])),
        ],
        ALL,
    ),
    "foreign key with an index": (
        [other, t(col("o", sa.Integer, fk("other.id"), index=True))],
        ALL,
    ),
    "self reference": ([t(col("up", sa.Integer, fk("t.id")))], ALL),
    "circle": (
        [
            table("x", col("y", sa.Integer, fk("y.id"))),
            table("y", col("x", sa.Integer, fk("x.id"))),
        ],
        ALL,
    ),
    "check": ([t(a, ck("a > 0", name="k"))], ALL),
    "nameless check": ([t(a, ck("a > 0"), ck("a < 100"))], ALL),
    "check of a list": ([t(c, ck("c IN ('x', 'y', 'it''s')", name="k"))], ALL),
    "check with everything": (
        [t(a, b, c, ck("(a BETWEEN 1 AND 5 OR b IS NULL) AND c NOT LIKE '%x:y'", name="k"))],
        ALL,
    ),
    "computed stored": ([t(b, col("d", sa.Integer, computed("b * 2", persisted=True)))], ALL),
    "computed virtual": (
        [t(b, col("d", sa.Integer, computed("b * 2", persisted=False)))],
        LITE | MY,
    ),
    "computed by a function": (
        [t(c, col("d", sa.String(30), computed("lower(c)", persisted=True)))],
        ALL,
    ),
    "index of two": ([t(a, b, ix("i", "b", "a"))], ALL),
    "unique index": ([t(a, ix("i", "a", unique=True))], ALL),
    "descending index": ([t(a, b, ix("i", text("a DESC"), "b"))], ALL),
    "index of an expression": ([t(c, ix("i", text("lower(c)")))], LITE | PG),
    "index of an expression in parentheses": ([t(c, ix("i", text("(lower(c))")))], MYSQL),
    "index with nulls first": ([t(a, ix("i", text("a DESC NULLS LAST")))], PG),
    "partial index": (
        [
            t(
                a,
                c,
                ix(
                    "i",
                    "a",
                    sqlite_where=text("c = 'a:b' AND a > 1"),
                    postgresql_where=text("c = 'a:b' AND a > 1"),
                ),
            )
        ],
        LITE | PG,
    ),
    "index of PostgreSQL": (
        [
            t(
                a,
                c,
                ix(
                    "i",
                    "c",
                    postgresql_ops={"c": "text_pattern_ops"},
                    postgresql_include=["a"],
                    postgresql_with={"fillfactor": 50},
                ),
            )
        ],
        PG,
    ),
    "index of an expression by another class": (
        [
            t(
                c,
                ix(
                    "i",
                    maker(lambda: sa.func.lower(sa.column("c")).label("low"))(),
                    postgresql_ops={"low": "text_pattern_ops"},
                ),
            )
        ],
        PG,
    ),
    "column that every table has": ([t(col("xmin", sa.Integer, system=True))], PG),
    "sequence where one is needed": (
        [t(col("n", sa.Integer, maker(sa.Sequence)("s", optional=True)))],
        ALL,
    ),
    "gin index": ([t(col("j", pg.JSONB), ix("i", "j", postgresql_using="gin"))], PG),
    "hash index": ([t(a, ix("i", "a", postgresql_using="hash"))], PG),
    "nulls not distinct": ([t(a, uq("a", name="u", postgresql_nulls_not_distinct=True))], PG),
    "unique including": ([t(a, b, uq("a", name="u", postgresql_include=["b"]))], PG),
    "deferrable unique": ([t(a, uq("a", name="u", deferrable=True))], PG),
    "exclude": ([t(col("r", pg.INT4RANGE), exclude(("r", "&&"), name="e"))], PG),
    "exclude where": (
        [t(col("r", pg.INT4RANGE), a, exclude(("r", "&&"), name="e", where=text("a > 0")))],
        PG,
    ),
    "prefix index": ([t(col("l", sa.Text), ix("i", "l", mysql_length=10))], MY),
    "fulltext index": ([t(col("l", sa.Text), ix("i", "l", mysql_prefix="FULLTEXT"))], MY),
    "comments": ([t(col("a", sa.Integer, comment="it's 5%: x"), comment='a "table"')], PG | MY),
    "comments with an emoji": ([t(col("a", sa.Integer, comment="1 😀"), comment="😀")], PG | MY),
    "a comment among the options": ([t(c, mysql_comment="it's")], MY),
    "Aria": ([t(c, mysql_engine="Aria")], MARIADB),
    "Aria in as many words": ([t(c, mysql_engine="Aria", mysql_transactional="1")], MARIADB),
    "compressed pages": ([t(c, mysql_page_compressed="1")], MARIADB),
    "engine and charset": (
        [t(c, mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")],
        MY,
    ),
    "a character set by its old name": (
        [t(c, col("d", sa.String(9, collation="utf8mb4_general_ci")), mysql_charset="utf8")],
        MY,
    ),
    "a collation by its old name": ([t(c, mysql_collate="utf8_bin")], MARIADB),
    "strict": ([t(a, sqlite_strict=True)], LITE),
    "without rowid": ([t(a, sqlite_with_rowid=False)], LITE),
    "autoincrement": ([t(a, sqlite_autoincrement=True)], LITE),
    "storage": ([t(a, postgresql_with={"fillfactor": "70"})], PG),
    "odd names": (
        [
            table(
                "Order", col("Select", sa.Integer, unique=True), col("a b", sa.Integer, index=True)
            )
        ],
        ALL,
    ),
    "a long name": (
        [
            table(
                "a_table_with_quite_a_long_name_in_it",
                col("a_column_with_quite_a_long_name_as_well", sa.Integer, fk("other.id")),
            ),
            other,
        ],
        ALL,
    ),
    "other schema": (
        [table("u", a, schema="extra"), t(col("o", sa.Integer, fk("extra.u.id")))],
        PG,
    ),
    "the default schema by its name": (
        [
            table("u", a, schema="public"),
            table("v", col("o", sa.Integer, fk("public.u.id")), schema="public"),
        ],
        PG,
    ),
}

UNCHANGED: dict[str, tuple[list[TableOf], frozenset[str]]] = {
    **{f"type {name}": ([t(col("a", each))], ALL) for name, each in TYPES.items()},
    **{f"type {name}": ([t(col("a", each))], on) for name, (each, on) in OWN_TYPES.items()},
    **{
        f"default {name}": ([t(col("a", each, server_default=default))], ALL)
        for name, (each, default) in DEFAULTS.items()
    },
    **{name: (tables, on) for name, (tables, on) in FORMS.items() if can_be_said(tables)},
}
