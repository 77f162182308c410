"""Databases that nobody wrote a dialect for get the standard's SQL, or a refusal."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, oracle
from sqlalchemy.engine.default import DefaultDialect

from flask_schemamigrate.dialects import for_dialect
from flask_schemamigrate.errors.operations import NotSupportedHere
from flask_schemamigrate.operations import BulkInsert, Execute, op
from tests.dialects.sink import stated_alone


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        (
            lambda: op.create_table(
                "t", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.String(5))
            ),
            "CREATE TABLE t (\n    a INTEGER NOT NULL,\n    b VARCHAR(5),\n    PRIMARY KEY (a)\n)",
        ),
        (lambda: op.drop_table("t"), "DROP TABLE t"),
        (lambda: op.rename_table("t", "u"), "ALTER TABLE t RENAME TO u"),
        (
            lambda: op.add_column("t", sa.Column("c", sa.Integer)),
            "ALTER TABLE t ADD COLUMN c INTEGER",
        ),
        (lambda: op.drop_column("t", "b"), "ALTER TABLE t DROP COLUMN b"),
        (
            lambda: op.alter_column("t", "b", type_=sa.String(9)),
            "ALTER TABLE t ALTER COLUMN b SET DATA TYPE VARCHAR(9)",
        ),
        (
            lambda: op.alter_column("t", "b", nullable=False),
            "ALTER TABLE t ALTER COLUMN b SET NOT NULL",
        ),
        (
            lambda: op.alter_column("t", "b", server_default="x"),
            "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'",
        ),
        (lambda: op.rename_column("t", "b", "c"), "ALTER TABLE t RENAME COLUMN b TO c"),
        (
            lambda: op.create_unique_constraint("uq", "t", ["b"]),
            "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (b)",
        ),
        (
            lambda: op.create_foreign_key(
                "fk", "t", "u", ["a"], ["b"], ondelete="CASCADE", initially="DEFERRED"
            ),
            "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u (b) ON DELETE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED",
        ),
        (lambda: op.drop_constraint("uq", "t"), "ALTER TABLE t DROP CONSTRAINT uq"),
        (lambda: op.create_index("ix", "t", ["b"], unique=True), "CREATE UNIQUE INDEX ix ON t (b)"),
        (lambda: op.drop_index("ix", "t"), "DROP INDEX ix"),
        (lambda: op.create_table_comment("t", "it's"), "COMMENT ON TABLE t IS 'it''s'"),
        (lambda: op.create_sequence("s", start=3), "CREATE SEQUENCE s START WITH 3"),
        (lambda: op.create_schema("s"), "CREATE SCHEMA s"),
    ],
)
def test_an_operation_is_stated_in_the_words_of_the_standard(say, expected):
    (statement,) = stated_alone(for_dialect(DefaultDialect()), say)

    assert statement == expected


@pytest.mark.parametrize(
    ("dialect", "say"),
    [
        (DefaultDialect(), lambda: op.add_enum_value("e", "a")),
        (DefaultDialect(), lambda: op.create_domain("d", sa.Integer)),
        (DefaultDialect(), lambda: op.rename_index("t", "a", "b")),
        (DefaultDialect(), lambda: op.rename_constraint("t", "a", "b")),
        (DefaultDialect(), lambda: op.alter_column("t", "a", server_default=sa.Identity())),
        (DefaultDialect(), lambda: op.create_exclude_constraint("x", "t", ("a", "="))),
        (mssql.dialect(), lambda: op.add_column("t", sa.Column("a", sa.Integer))),
        (mssql.dialect(), lambda: op.rename_table("t", "u")),
        (mssql.dialect(), lambda: op.drop_index("ix", "t")),
        (mssql.dialect(), lambda: op.create_index("ix", "t", ["a"], mssql_include=["b"])),
        (oracle.dialect(), lambda: op.alter_column("t", "a", nullable=False)),
        (oracle.dialect(), lambda: grouped()),
    ],
)
def test_what_the_standard_has_no_words_for_is_refused(dialect, say):
    with pytest.raises(NotSupportedHere):
        stated_alone(for_dialect(dialect), say)


def grouped() -> None:
    with op.batch_alter_table("t") as batch:
        batch.create_unique_constraint("uq", ["a"])
        batch.add_column(sa.Column("b", sa.Integer))


def test_values_of_columns_and_parameters_without_a_type_are_written_by_their_own():
    dialect = for_dialect(DefaultDialect())
    given = {"a": 1, "b": "it's", "c": datetime.date(2020, 1, 2), "d": None}
    columns = sa.table("t", *map(sa.column, given))
    (inserted,) = dialect.written_data(BulkInsert(columns, [given]))
    assert inserted == "INSERT INTO t (a, b, c, d) VALUES (1, 'it''s', '2020-01-02', NULL)"
    (selected,) = dialect.written_data(Execute("SELECT :a, :b, :c, :d", given))
    assert selected == "SELECT 1, 'it''s', '2020-01-02', NULL"
