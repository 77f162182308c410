"""What ``op`` is told becomes values."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate import op
from flask_schemamigrate.errors.operations import (
    NameNeeded,
    NotMigrating,
    UnknownOperation,
    WrongArgument,
)
from flask_schemamigrate.operations import (
    KEEP,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CreateIndex,
    CreateTable,
    CustomOperation,
    DropColumn,
    DropConstraint,
    register_operation,
)
from flask_schemamigrate.schema import Check, ForeignKey, IndexKey, PrimaryKey, Unique


def test_op_outside_of_a_run_says_so():
    with pytest.raises(NotMigrating, match="only works inside a revision"):
        op.drop_table("user")


def test_an_unknown_operation_names_a_near_one(said):
    with pytest.raises(UnknownOperation, match=r"op\.add_colum'.*\nDid you mean 'add_column'"):
        op.add_colum("user")


def test_create_table_takes_columns_constraints_and_indexes_and_returns_the_table(said):
    table = op.create_table(
        "user",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("boss_id", sa.ForeignKey("user.id", ondelete="cascade"), index=True),
        sa.CheckConstraint("name <> ''", name="named"),
    )
    (create,) = said
    assert isinstance(create, CreateTable)
    made = create.table
    assert list(table.c.keys()) == list(made.columns) == ["id", "name", "boss_id"]
    assert made.primary_key == PrimaryKey(("id",))
    assert [unique.columns for unique in made.uniques.values()] == [("name",)]
    assert [(key.referent, key.ondelete) for key in made.foreign_keys.values()] == [
        ("user", "CASCADE")
    ]
    assert made.checks == {"named": Check("name <> ''", "named")}
    assert list(made.indexes) == ["ix_user_boss_id"]


def boss_later() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["boss_id"], ["user.id"], use_alter=True)


def test_create_table_leaves_out_a_foreign_key_that_an_alter_is_to_add(said):
    op.create_table("user", sa.Column("boss_id", sa.Integer), boss_later())
    op.create_foreign_key("fk_boss", "user", "user", ["boss_id"], ["id"], use_alter=True)
    create, add = said
    assert create.table.foreign_keys == {}
    assert add.constraint.name == "fk_boss"


def test_create_table_keeps_that_foreign_key_where_nothing_could_add_it(said_on_sqlite):
    op.create_table("user", sa.Column("boss_id", sa.Integer), boss_later())
    (create,) = said_on_sqlite
    assert [key.columns for key in create.table.foreign_keys.values()] == [("boss_id",)]


def test_a_column_may_be_used_for_two_tables(said):
    column = sa.Column("note", sa.Text)
    op.add_column("a", column)
    op.add_column("b", column)
    assert [operation.describe() for operation in said] == ["+ a.note", "+ b.note"]


def test_alter_column_keeps_what_is_not_named(said):
    op.alter_column("user", "name", nullable=True, existing_type=sa.String(80))
    (alter,) = said
    assert isinstance(alter, AlterColumn)
    assert alter.changes == {"nullable": True}
    assert alter.type is KEEP
    assert alter.existing["type"].text == "VARCHAR(80)"


def test_alter_column_tells_none_from_not_named(said):
    op.alter_column("user", "name", server_default=None, comment=None)
    assert said[0].changes == {"default": None, "comment": None}


def test_alter_column_takes_a_name_a_type_and_a_default_at_once(said):
    op.alter_column(
        "user", "name", new_column_name="full_name", type_=sa.Text(), server_default="x"
    )
    changes = said[0].changes
    assert (changes["name"], changes["type"].text, changes["default"]) == (
        "full_name",
        "TEXT",
        "'x'",
    )


def test_alter_column_accepts_the_old_spelling_of_type(said):
    op.alter_column("user", "name", type=sa.Text())
    assert said[0].changes["type"].text == "TEXT"


def test_a_number_as_a_server_default_is_refused(said):
    with pytest.raises(WrongArgument, match="server_default of column 'age' is a int"):
        op.alter_column("user", "age", server_default=0)


def test_a_type_that_brings_a_check_takes_the_old_one_away(said):
    op.alter_column(
        "user",
        "kind",
        existing_type=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True),
        type_=sa.Enum("a", "c", name="kind", native_enum=False, create_constraint=True),
    )
    (alter,) = said
    assert isinstance(alter, AlterColumn)
    assert [check.key for check in alter.dropped_constraints] == ["kind"]
    assert Check("kind IN ('a', 'b')", "kind") in alter.dropped_constraints
    assert Check("kind IN ('a', 'c')", "kind") in alter.constraints


@pytest.mark.parametrize("existing", [sa.Enum, sa.Enum(), sa.types.NullType])
def test_an_existing_type_that_no_column_can_have_is_as_good_as_unsaid(said, existing):
    op.alter_column("user", "kind", type_=sa.String(50), existing_type=existing)
    (alter,) = said
    assert alter.changes["type"].text == "VARCHAR(50)"
    assert "type" not in alter.existing


def test_constraints_without_a_name_get_one_from_the_convention(said_by_convention):
    op.create_unique_constraint(None, "user", ["name"])
    op.create_foreign_key(None, "user", "team", ["team_id"], ["id"])
    op.create_check_constraint("adult", "user", "age >= 18")
    op.create_check_constraint(op.f("grown"), "user", "age >= 18")
    names = [operation.constraint.name for operation in said_by_convention]
    assert names == ["uq_user_name", "fk_user_team_id", "ck_user_adult", "grown"]


def test_a_check_is_dropped_by_its_name_after_the_convention(said_by_convention):
    op.drop_constraint("adult", "user", type_="check")
    assert said_by_convention[0].name == "ck_user_adult"


def test_a_foreign_key_may_cross_schemas(said):
    op.create_foreign_key(
        "fk",
        "orders",
        "user",
        ["user_id"],
        ["id"],
        source_schema="shop",
        referent_schema="people",
        ondelete="SET NULL",
        deferrable=True,
        initially="deferred",
        match="full",
    )
    assert said == [
        AddConstraint(
            "orders",
            "shop",
            ForeignKey(
                ("user_id",),
                "people.user",
                ("id",),
                "fk",
                ondelete="SET NULL",
                deferrable=True,
                initially="DEFERRED",
                match="FULL",
            ),
        )
    ]


def test_a_constraint_without_a_name_is_dropped_by_what_it_says(said):
    op.drop_constraint(None, "user", type_="unique", columns=["a", "b"])
    assert said == [DropConstraint("user", name=None, kind="unique", definition=Unique(("a", "b")))]


def test_a_foreign_key_without_a_name_is_told_by_the_columns_that_are_known(said):
    op.drop_constraint(None, "user", type_="foreignkey", columns=["team_id"])
    assert said[0].describe() == "- user foreign key (team_id)"


def test_an_unknown_kind_of_constraint_is_refused(said):
    with pytest.raises(WrongArgument, match="type_ of drop_constraint is 'fk'"):
        op.drop_constraint("x", "user", type_="fk")


def test_an_index_has_columns_expressions_and_options(said):
    op.create_index(
        "ix",
        "user",
        ["name", sa.text("lower(mail)"), sa.desc("age")],
        unique=True,
        postgresql_where=sa.text("age > 3"),
        postgresql_using="btree",
        postgresql_concurrently=True,
    )
    (create,) = said
    assert isinstance(create, CreateIndex)
    assert create.concurrently
    assert create.index.keys == (
        IndexKey(column="name"),
        IndexKey(expression="lower(mail)"),
        IndexKey(expression="age", order="DESC"),
    )
    assert (create.index.where, create.index.using) == ("age > 3", "btree")


def test_a_constraint_that_nothing_names_is_refused_where_a_revision_can_catch_it(said):
    def dropped() -> None:
        with op.batch_alter_table("user") as batch_op:
            batch_op.drop_constraint(None, type_="unique")

    with pytest.raises(ValueError, match="needs a name") as caught:
        dropped()
    assert isinstance(caught.value, NameNeeded)
    assert "columns=[...]" in str(caught.value)
    op.drop_constraint(None, "user", type_="primary")
    assert len(said) == 1


def test_one_text_may_hold_several_keys_of_an_index(said):
    op.create_index("ix", "user", [sa.text("age, (data ->> 'a, b'), least(x[1, 2], 3) DESC"), "id"])
    (create,) = said
    assert create.index.keys == (
        IndexKey(expression="age"),
        IndexKey(expression="(data ->> 'a, b')"),
        IndexKey(expression="least(x[1, 2], 3) DESC"),
        IndexKey(column="id"),
    )


def test_a_batch_is_one_group(said):
    with op.batch_alter_table("user", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("age", sa.Integer), insert_after="name")
        batch_op.drop_column("nick")
    (group,) = said
    assert isinstance(group, AlterTable)
    assert group.recreate == "always"
    assert [type(operation) for operation in group.operations] == [AddColumn, DropColumn]
    assert group.describe() == "+ user.age\n- user.nick"


def test_the_groups_around_a_batch_s_sql_know_its_naming_convention(said):
    convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    with op.batch_alter_table("user", naming_convention=convention) as batch_op:
        batch_op.drop_constraint("uq_user_name", type_="unique")
        batch_op.execute("SELECT 1")
        batch_op.drop_column("nick")
    assert [getattr(each, "naming_convention", None) for each in said] == [
        convention,
        None,
        convention,
    ]


TABLE_ARGS = [
    sa.UniqueConstraint("name", name="uq_name"),
    sa.ForeignKeyConstraint(["boss_id"], ["main.user.id"], ondelete="CASCADE"),
]


def test_the_table_args_of_a_batch_come_with_a_change_that_alembic_copies_the_table_for(
    said_on_sqlite,
):
    with op.batch_alter_table("user", table_args=TABLE_ARGS) as batch_op:
        batch_op.drop_column("nick")
    (group,) = said_on_sqlite
    assert [getattr(each, "constraint", None) for each in group.operations] == [
        None,
        Unique(("name",), "uq_name"),
        ForeignKey(("boss_id",), "main.user", ("id",), ondelete="CASCADE"),
    ]


def test_the_table_args_of_a_batch_say_nothing_by_themselves(said_on_sqlite):
    with op.batch_alter_table("gone", table_args=TABLE_ARGS):
        pass
    with op.batch_alter_table("user", table_args=TABLE_ARGS) as batch_op:
        batch_op.add_column(sa.Column("age", sa.Integer))
    (group,) = said_on_sqlite
    assert [type(operation) for operation in group.operations] == [AddColumn]


def test_the_table_args_of_a_batch_say_nothing_where_tables_are_altered_in_place(said):
    with op.batch_alter_table("user", table_args=TABLE_ARGS) as batch_op:
        batch_op.drop_column("nick")
    (group,) = said
    assert [type(operation) for operation in group.operations] == [DropColumn]


def test_a_batch_that_raises_says_nothing(said):
    def broken() -> None:
        with op.batch_alter_table("user") as batch_op:
            batch_op.drop_column("nick")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert said == []


def test_rows_inside_a_batch_keep_their_place(said):
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("age", sa.Integer))
        batch_op.execute("UPDATE user SET age = 1")
        batch_op.drop_column("nick")
    assert [type(operation).__name__ for operation in said] == [
        "AlterTable",
        "Execute",
        "AlterTable",
    ]


def test_a_plugin_can_bring_an_operation(said):
    @register_operation("create_sprocket")
    class CreateSprocket(CustomOperation):
        def __init__(self, size: int) -> None:
            object.__setattr__(self, "size", size)

    op.create_sprocket(3)
    assert said[0].size == 3
