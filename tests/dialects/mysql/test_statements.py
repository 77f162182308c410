"""MySQL's SQL where it is another than MariaDB's, as text; tests/dialects/mariadb runs it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.errors.operations import (
    NotSupportedHere,
    UnknownColumn,
    UnknownIndex,
    WrongArgument,
)
from flask_schemamigrate.operations import Collector, bound, op
from flask_schemamigrate.schema import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)
from tests.dialects.sink import TestSink, stated, stated_alone

TABLE = Table(
    "t",
    {
        "id": Column("id", Type("int"), nullable=False, autoincrement=True),
        "a": Column("a", Type("int"), default="3", comment="it's"),
        "b": Column("b", Type("varchar(20) COLLATE utf8mb4_bin"), nullable=False),
        "at": Column(
            "at",
            Type("timestamp(3)"),
            default="CURRENT_TIMESTAMP(3)",
            options={"on_update": "CURRENT_TIMESTAMP(3)"},
        ),
        "v": Column("v", Type("int"), computed=Computed("(`a` + 1)", False)),
        "spot": Column("spot", Type("point"), nullable=False, kept=("SRID 4326", "INVISIBLE")),
        "p": Column("p", Type("int")),
    },
    primary_key=PrimaryKey(("id",)),
    uniques={"uq": Unique(("a", "b"), "uq")},
    foreign_keys={"fk": ForeignKey(("p",), "parent", ("id",), "fk", index="fk")},
    checks={
        "ck": Check("(`a` > 0)", "ck"),
        "lax": Check("(`a` < 9)", "lax", options={"enforced": False}),
    },
    indexes={
        "ix": Index("ix", (IndexKey(column="b", length=5), IndexKey(expression="(lower(`b`))")))
    },
)
KNOWN = Schema(
    tables={
        "t": TABLE,
        "s.t": Table("t", TABLE.columns, "s"),
        "parent": Table("parent", {"id": Column("id", Type("int"))}),
    }
)

CASES = [
    (
        lambda: op.alter_column("t", "a", nullable=False),
        ["ALTER TABLE t MODIFY a int NOT NULL DEFAULT 3 COMMENT 'it''s'"],
    ),
    (
        lambda: op.alter_column("t", "a", nullable=False, existing_type=sa.BigInteger()),
        ["ALTER TABLE t MODIFY a BIGINT NOT NULL DEFAULT 3 COMMENT 'it''s'"],
    ),
    (
        lambda: op.alter_column("t", "p", new_column_name="q", existing_type=sa.Integer()),
        ["ALTER TABLE t RENAME COLUMN p TO q"],
    ),
    (
        lambda: op.alter_column("t", "a", type_=sa.Text(), existing_type=sa.BigInteger()),
        ["ALTER TABLE t MODIFY a TEXT DEFAULT (3) COMMENT 'it''s'"],
    ),
    (
        lambda: op.alter_column("t", "at", nullable=False),
        [
            "ALTER TABLE t MODIFY at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) "
            "ON UPDATE CURRENT_TIMESTAMP(3)"
        ],
    ),
    (
        lambda: op.alter_column("t", "at", comment="x"),
        [
            "ALTER TABLE t MODIFY at timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) "
            "ON UPDATE CURRENT_TIMESTAMP(3) COMMENT 'x'"
        ],
    ),
    (
        lambda: op.alter_column("t", "spot", comment="x"),
        ["ALTER TABLE t MODIFY spot point NOT NULL SRID 4326 INVISIBLE COMMENT 'x'"],
    ),
    (
        lambda: op.alter_column("t", "a", server_default=sa.text("uuid_short()")),
        ["ALTER TABLE t ALTER COLUMN a SET DEFAULT (uuid_short())"],
    ),
    (
        lambda: op.add_column("t", sa.Column("x", sa.JSON, server_default=sa.text("json_array()"))),
        ["ALTER TABLE t ADD COLUMN x JSON DEFAULT (json_array())"],
    ),
    (
        lambda: op.add_column(
            "t", sa.Column("x", sa.Integer, sa.Computed("a + 1", persisted=True), nullable=False)
        ),
        ["ALTER TABLE t ADD COLUMN x INTEGER GENERATED ALWAYS AS (a + 1) STORED NOT NULL"],
    ),
    (lambda: op.drop_constraint("ck", "t"), ["ALTER TABLE t DROP CONSTRAINT ck"]),
    (
        lambda: op.rename_constraint("t", "lax", "loose"),
        ["ALTER TABLE t DROP CONSTRAINT lax, ADD CONSTRAINT loose CHECK ((`a` < 9)) NOT ENFORCED"],
    ),
    (
        lambda: op.drop_constraint("fk", "t"),
        ["ALTER TABLE t DROP FOREIGN KEY fk, DROP INDEX fk"],
    ),
    (
        lambda: op.create_index("fx", "t", [sa.text("lower(b)"), sa.func.upper(sa.column("b"))]),
        ["CREATE INDEX fx ON t ((lower(b)), (upper(b)))"],
    ),
    (
        lambda: op.create_index(
            "ft", "t", ["b"], mysql_prefix="FULLTEXT", mysql_with_parser="ngram"
        ),
        ["CREATE FULLTEXT INDEX ft ON t (b) WITH PARSER ngram"],
    ),
    (lambda: op.add_column("t", sa.Column("a", sa.Integer), if_not_exists=True), []),
    (lambda: op.drop_column("t", "no", if_exists=True), []),
    (lambda: op.drop_index("no", "t", if_exists=True), []),
    (lambda: op.drop_index("no", if_exists=True), []),
    (lambda: op.drop_constraint("no", "t", if_exists=True), []),
    (lambda: op.create_index("ix", "t", ["a"], if_not_exists=True), []),
    (lambda: op.drop_index("ix"), ["DROP INDEX ix ON t"]),
    (
        lambda: op.set_table_options("t", mysql_engine="MyISAM", mysql_row_format=None),
        ["ALTER TABLE t ENGINE=MyISAM, ROW_FORMAT=DEFAULT"],
    ),
    (
        lambda: op.create_table_comment("t", "back\\slash 100% it's"),
        ["ALTER TABLE t COMMENT = 'back\\\\slash 100% it''s'"],
    ),
    (lambda: op.create_schema("s", if_not_exists=True), ["CREATE DATABASE IF NOT EXISTS s"]),
    (lambda: op.drop_schema("s", cascade=True), ["DROP DATABASE s"]),
    (lambda: op.rename_table("t", "u", schema="s"), ["ALTER TABLE s.t RENAME TO s.u"]),
]


@pytest.mark.parametrize(("say", "expected"), CASES)
def test_an_operation_is_stated_for_mysql(say, expected, mysql):
    assert stated(mysql, say, known=KNOWN) == expected


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        (
            lambda: op.alter_column("t", "a", nullable=False, existing_type=sa.Integer()),
            ["ALTER TABLE t MODIFY a INTEGER NOT NULL"],
        ),
        (
            lambda: op.alter_column(
                "t",
                "a",
                new_column_name="b",
                comment="new",
                existing_type=sa.String(5),
                existing_nullable=False,
                existing_server_default="x",
            ),
            ["ALTER TABLE t CHANGE a b VARCHAR(5) NOT NULL DEFAULT 'x' COMMENT 'new'"],
        ),
        (
            lambda: op.alter_column(
                "t",
                "a",
                type_=sa.BigInteger(),
                existing_type=sa.Integer(),
                existing_nullable=False,
                existing_autoincrement=True,
            ),
            ["ALTER TABLE t MODIFY a BIGINT NOT NULL AUTO_INCREMENT"],
        ),
        (
            lambda: op.alter_column("t", "a", new_column_name="b"),
            ["ALTER TABLE t RENAME COLUMN a TO b"],
        ),
        (
            lambda: op.alter_column("t", "a", server_default="x"),
            ["ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'"],
        ),
        (lambda: op.drop_constraint("x", "t", type_="check"), ["ALTER TABLE t DROP CONSTRAINT x"]),
        (lambda: op.drop_constraint("x", "t", type_="unique"), ["ALTER TABLE t DROP INDEX x"]),
        (
            lambda: op.drop_constraint("x", "t", type_="foreignkey"),
            ["ALTER TABLE t DROP FOREIGN KEY x"],
        ),
        (
            lambda: op.drop_constraint(None, "t", type_="primary"),
            ["ALTER TABLE t DROP PRIMARY KEY"],
        ),
        (lambda: op.drop_index("x", "t"), ["DROP INDEX x ON t"]),
        (lambda: op.drop_column("t", "x"), ["ALTER TABLE t DROP COLUMN x"]),
        (
            lambda: op.set_table_options("t", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin"),
            ["ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"],
        ),
    ],
)
def test_a_table_that_is_not_known_is_altered_by_what_the_revision_says(say, expected, mysql):
    assert stated_alone(mysql, say) == expected


@pytest.mark.parametrize(
    ("say", "error", "message"),
    [
        (
            lambda: op.alter_column("far", "a", nullable=False),
            WrongArgument,
            "Give existing_type",
        ),
        (lambda: op.drop_constraint("x", "far"), WrongArgument, "Give type_='foreignkey'"),
        (
            lambda: op.add_column("far", sa.Column("a", sa.Integer), insert_before="b"),
            WrongArgument,
            "Give insert_after",
        ),
        (lambda: op.drop_column("t", "no"), UnknownColumn, "Its columns are"),
        (lambda: op.drop_index("no"), UnknownIndex, "There is no index 'no'"),
        (lambda: op.create_sequence("s"), NotSupportedHere, "MySQL does not support sequences"),
        (
            lambda: op.add_column("far", sa.Column("a", sa.Integer), if_not_exists=True),
            NotSupportedHere,
            "IF NOT EXISTS in ALTER TABLE, and table 'far' is not known here",
        ),
        (
            lambda: op.drop_column("far", "a", if_exists=True),
            NotSupportedHere,
            "begin the URL with mariadb",
        ),
    ],
)
def test_what_is_not_known_is_refused_with_the_way_out(say, error, message, mysql):
    collector = Collector(TestSink(mysql, None))
    with bound(collector):
        say()
    with pytest.raises(error, match=message):
        list(mysql.statements(collector.operations[0], KNOWN))


def test_an_upsert_names_the_new_row(mysql):
    table = sa.table("t", sa.column("id", sa.Integer), sa.column("b", sa.String))
    rows: list[Any] = [{"id": 1, "b": "it's"}, {"id": 2, "b": None}]

    assert stated(mysql, lambda: op.upsert(table, rows, key=["id"])) == [
        "INSERT INTO t (id, b) VALUES\n    (1,'it''s'),\n    (2,NULL) AS new_row "
        "ON DUPLICATE KEY UPDATE b = new_row.b"
    ]
