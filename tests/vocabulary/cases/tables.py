"""Whole tables, and the schemas they stand in."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import batch, case


def new(op, **kw):
    op.create_table(
        "toy",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, unique=True),
        sa.Column("price", sa.Numeric(8, 2), server_default="0"),
        sa.Column("sold", sa.Boolean(), server_default=sa.false()),
        sa.Column("at", sa.DateTime(), server_default=sa.func.now(), index=True),
        sa.CheckConstraint("price >= 0", name="ck_price"),
        **kw,
    )


CASES = {
    "a table": case(lambda op, other: new(op)),
    "a table with a comment in another schema": case(
        lambda op, other: new(op, schema=other, comment="it's")
    ),
    "a table that is there": case(
        lambda op, other: op.create_table("bare", sa.Column("a", sa.Integer), if_not_exists=True)
    ),
    "a table with options of each database": case(
        lambda op, other: op.create_table(
            "toy",
            sa.Column("id", sa.Integer, primary_key=True),
            sqlite_autoincrement=True,
            mysql_engine="MyISAM",
            mysql_charset="latin1",
            info={"postgresql_with": {"fillfactor": 70}},
        )
    ),
    "a temporary table": case(
        lambda op, other: op.create_table(
            "passing", sa.Column("id", sa.Integer), prefixes=["TEMPORARY"]
        ),
        one_way="it goes with the connection",
    ),
    "no table": case(lambda op, other: op.drop_table("pet"), loses="pet"),
    "no table in another schema": case(
        lambda op, other: op.drop_table("pet", schema=other), loses="other.pet"
    ),
    "no table that is not there": case(lambda op, other: op.drop_table("nothing", if_exists=True)),
    "a renamed table": case(lambda op, other: op.rename_table("owner", "keeper")),
    "a renamed table in another schema": case(
        lambda op, other: op.rename_table("bare", "naked", schema=other)
    ),
    "the comment of a table": case(
        lambda op, other: op.create_table_comment("pet", "it's", existing_comment=None)
    ),
    "the comment of a table in another schema": case(
        lambda op, other: op.create_table_comment("pet", "100%", schema=other)
    ),
    "no comment of a table": case(
        lambda op, other: op.drop_table_comment("pet", existing_comment="old"),
        first=lambda op, other: op.create_table_comment("pet", "old"),
        leaves="the comment that was made first",
    ),
    "no comment of a table in another schema": case(
        lambda op, other: op.drop_table_comment("pet", schema=other),
        first=lambda op, other: op.create_table_comment("pet", "old", schema=other),
        leaves="the comment that was made first",
    ),
    "a group of comments": case(
        batch(
            lambda batch: (
                batch.create_table_comment("one"),
                batch.alter_column("name", comment="two"),
            )
        )
    ),
    "a group without a comment": case(
        batch(lambda batch: batch.drop_table_comment(existing_comment="old")),
        first=lambda op, other: op.create_table_comment("pet", "old"),
        leaves="the comment that was made first",
    ),
    "options of a table": case(
        lambda op, other: op.set_table_options(
            "bare",
            postgresql_with={"fillfactor": 50},
            mysql_row_format="COMPACT",
            sqlite_strict=True,
            schema=other,
        )
    ),
    "a group of options": case(
        batch(
            lambda batch: batch.set_table_options(
                postgresql_with={"fillfactor": 50}, mysql_row_format="COMPACT"
            )
        )
    ),
}
