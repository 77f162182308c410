"""Columns: added, dropped, renamed, altered."""

from __future__ import annotations

import sqlalchemy as sa

from tests.vocabulary.case import batch, case


def column(name, *args, **kwargs):
    return sa.Column(name, *args, **kwargs)


CASES = {
    "a column": case(lambda op, other: op.add_column("pet", column("x", sa.Integer))),
    "a column with a default and a comment": case(
        lambda op, other: op.add_column(
            "pet", column("x", sa.String(9), server_default="it's", nullable=False, comment="c")
        )
    ),
    "a column in another schema": case(
        lambda op, other: op.add_column("pet", column("x", sa.Integer), schema=other)
    ),
    "a column that is there": case(
        lambda op, other: op.add_column("pet", column("age", sa.Integer), if_not_exists=True)
    ),
    "a column that is not there": case(
        lambda op, other: op.add_column("pet", column("x", sa.Integer), if_not_exists=True)
    ),
    "a column with its foreign key": case(
        lambda op, other: op.add_column(
            "pet",
            column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o", ondelete="CASCADE")),
        )
    ),
    "a column with a foreign key inside": case(
        lambda op, other: op.add_column(
            "pet",
            column("o", sa.Integer, sa.ForeignKey("owner.id", name="fk_o"), server_default="1"),
            inline_references=True,
        )
    ),
    "a column that is the primary key": case(
        lambda op, other: op.add_column(
            "bare",
            column("n", sa.Integer, primary_key=True, server_default="1", autoincrement=False),
            inline_primary_key=True,
        ),
        first=lambda op, other: op.execute("DELETE FROM bare"),
        loses="bare",
    ),
    "a unique column with an index": case(
        lambda op, other: op.add_column("pet", column("u", sa.Integer, unique=True, index=True)),
        leaves="a constraint without a name",
    ),
    "a column before another": case(
        lambda op, other: op.add_column("pet", column("x", sa.Integer), insert_before="age")
    ),
    "a column after another": case(
        lambda op, other: op.add_column("pet", column("x", sa.Integer), insert_after="id")
    ),
    "a generated column": case(
        lambda op, other: op.add_column(
            "pet", column("x", sa.Integer, sa.Computed("age * 2", persisted=True))
        )
    ),
    "a dropped column": case(lambda op, other: op.drop_column("pet", "note"), loses="note"),
    "a dropped column in another schema": case(
        lambda op, other: op.drop_column("pet", "note", schema=other), loses="note"
    ),
    "a dropped column that is not there": case(
        lambda op, other: op.drop_column("pet", "nothing", if_exists=True)
    ),
    "a dropped column that may be there": case(
        lambda op, other: op.drop_column("pet", "note", if_exists=True), loses="note"
    ),
    "a dropped column with an index": case(
        lambda op, other: op.drop_column("pet", "age"), loses="age", leaves="check, index and order"
    ),
    "a renamed column": case(lambda op, other: op.rename_column("pet", "age", "years")),
    "a renamed column in another schema": case(
        lambda op, other: op.rename_column("pet", "age", "years", schema=other)
    ),
    "NOT NULL": case(
        lambda op, other: op.alter_column("pet", "owner_id", nullable=False),
    ),
    "NULL": case(
        lambda op, other: op.alter_column("pet", "name", nullable=True, existing_nullable=False)
    ),
    "NULL in another schema": case(
        lambda op, other: op.alter_column("pet", "name", nullable=True, schema=other)
    ),
    "a comment": case(
        lambda op, other: op.alter_column("pet", "name", comment="it's", existing_comment=None)
    ),
    "a default": case(
        lambda op, other: op.alter_column(
            "pet", "name", server_default="it's", existing_server_default="x"
        )
    ),
    "a default that is an expression": case(
        lambda op, other: op.alter_column("pet", "age", server_default=sa.text("(1 + 1)"))
    ),
    "no default": case(lambda op, other: op.alter_column("pet", "name", server_default=None)),
    "another name": case(
        lambda op, other: op.alter_column(
            "pet", "note", new_column_name="remark", existing_type=sa.Text()
        )
    ),
    "a wider type": case(lambda op, other: op.alter_column("pet", "name", type_=sa.String(50))),
    "a text as numbers": case(
        lambda op, other: op.alter_column(
            "owner", "code", type_=sa.Integer(), postgresql_using="length(code)"
        ),
        first=lambda op, other: op.execute("UPDATE owner SET code = '3'"),
        loses="code",
    ),
    "numbers of its own": case(
        lambda op, other: op.alter_column(
            "owner", "id", autoincrement=True, existing_autoincrement=False
        ),
        first=lambda op, other: op.drop_constraint("fk_owner", "pet", "foreignkey"),
        leaves="no sequence",
    ),
    "an identity": case(
        lambda op, other: op.alter_column("bare", "a", server_default=sa.Identity(start=9)),
        first=lambda op, other: op.create_primary_key("pk", "bare", ["a"]),
    ),
    "a moved column": case(
        lambda op, other: op.alter_column(
            "pet", "note", insert_after="id", nullable=True, existing_type=sa.Text()
        )
    ),
    "a column moved before another": case(
        lambda op, other: op.alter_column(
            "pet", "note", insert_before="name", nullable=True, existing_type=sa.Text()
        )
    ),
    "everything of a column at once": case(
        lambda op, other: op.alter_column(
            "pet",
            "age",
            new_column_name="years",
            type_=sa.BigInteger(),
            server_default="7",
            comment="how old",
            nullable=True,
        )
    ),
    "a group of columns": case(
        batch(
            lambda batch: (
                batch.add_column(column("x", sa.Integer)),
                batch.alter_column("name", nullable=True),
                batch.rename_column("age", "years"),
                batch.drop_column("note"),
            )
        ),
        loses="note",
        leaves="the order of the columns",
    ),
    "a group with places": case(
        batch(
            lambda batch: (
                batch.add_column(column("x", sa.Integer), insert_after="id"),
                batch.add_column(column("y", sa.Integer), insert_before="age"),
            )
        )
    ),
    "a group in another schema": case(
        lambda op, other: batch(
            lambda batch: (
                batch.add_column(column("x", sa.Integer)),
                batch.alter_column("name", nullable=True),
            ),
            schema=other,
        )(op, other)
    ),
    "a group by the name alter_table": case(lambda op, other: altered(op, other)),
    "a group that makes the table anew": case(
        batch(lambda batch: batch.alter_column("name", nullable=True), recreate="always")
    ),
    "a group that may not make the table anew": case(
        batch(lambda batch: batch.add_column(column("x", sa.Integer)), recreate="never")
    ),
    "a new order of columns": case(
        batch(
            lambda batch: batch.add_column(column("x", sa.Integer)),
            recreate="always",
            partial_reordering=[("note", "age")],
        ),
        leaves="the order of the columns",
    ),
    "a group with what else it may be given": case(
        batch(
            lambda batch: batch.alter_column("name", nullable=True),
            table_args=[sa.UniqueConstraint("age", name="uq_age")],
            table_kwargs={"mysql_row_format": "COMPACT", "postgresql_with": {"fillfactor": 80}},
            recreate="always",
            reflect_args=[column("age", sa.Integer)],
            reflect_kwargs={"listeners": []},
            naming_convention={"uq": "uq_%(table_name)s"},
            copy_from=None,
        )
    ),
}


def altered(op, other):
    with op.alter_table("pet", schema=other) as group:
        group.add_column(column("x", sa.Integer))
        group.alter_column("name", nullable=True)
