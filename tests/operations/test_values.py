"""Operations are values that can be applied, reversed and described."""

from __future__ import annotations

import pytest

from flask_schemamigrate.errors.operations import (
    Irreversible,
    UnknownColumn,
    UnknownConstraint,
    UnknownIndex,
    UnknownTable,
)
from flask_schemamigrate.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    AlterTable,
    CommentTable,
    CreateEnum,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Execute,
    Operation,
    RenameConstraint,
    RenameEnum,
    RenameIndex,
    RenameTable,
    SetTableOptions,
)
from flask_schemamigrate.schema import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Sequence,
    Table,
    Type,
    Unique,
)

INTEGER, TEXT = Type("INTEGER"), Type("TEXT")


def table(name: str, *columns: str, **facts: object) -> Table:
    values = {column: Column(column, INTEGER, nullable=column != "id") for column in columns}
    return Table(name, values, **facts)  # type: ignore[arg-type]


def schema() -> Schema:
    """A user with a unique mail and an index, and orders that lead to it."""
    user = table(
        "user",
        "id",
        "mail",
        "age",
        primary_key=PrimaryKey(("id",)),
        uniques={"uq_mail": Unique(("mail",), "uq_mail")},
        checks={"adult": Check("age > 17", "adult")},
        indexes={"ix_age": Index("ix_age", (IndexKey("age"),))},
    )
    key = ForeignKey(("user_id",), "user", ("id",), "fk_user")
    orders = table("orders", "id", "user_id", foreign_keys={"fk_user": key})
    return Schema({"user": user, "orders": orders}, enums={"mood": Enum("mood", ("ok", "sad"))})


REVERSIBLE: list[Operation] = [
    CreateTable(table("new", "id")),
    DropTable("orders"),
    RenameTable("user", new_name="person"),
    CommentTable("user", comment="people"),
    SetTableOptions("user", options={"engine": "InnoDB"}),
    AddColumn("user", column=Column("name", TEXT)),
    DropColumn("user", column="age"),
    DropColumn("user", column="id"),
    DropColumn("orders", column="user_id"),
    AlterColumn("user", column="age", type=TEXT, nullable=False, default="1", comment="years"),
    AlterColumn("user", column="id", name="number"),
    AddConstraint("user", constraint=Unique(("age",), "uq_age")),
    DropConstraint("user", name="uq_mail", kind="unique"),
    DropConstraint("user", name="adult"),
    DropConstraint("orders", name="fk_user", kind="foreignkey"),
    RenameConstraint("user", name="adult", new_name="grown"),
    CreateIndex("user", index=Index("ix_mail", (IndexKey("mail"),), unique=True)),
    DropIndex("user", name="ix_age"),
    RenameIndex("user", name="ix_age", new_name="ix_years"),
    CreateEnum(Enum("size", ("s", "m"))),
    RenameEnum("mood", new_name="feeling"),
    AddEnumValue("mood", value="glad", after="ok"),
    CreateSequence(Sequence("numbers", start=5)),
    AlterTable(
        "user",
        operations=(
            DropColumn("user", column="age"),
            AlterColumn("user", column="mail", name="email"),
            AddColumn("user", column=Column("years", INTEGER)),
        ),
    ),
]


@pytest.mark.parametrize("operation", REVERSIBLE, ids=lambda operation: operation.describe())
def test_a_reverse_undoes(operation):
    before = schema()
    after = operation.apply(before)
    assert after != before
    assert operation.reverse(before).apply(after) == before


@pytest.mark.parametrize("operation", REVERSIBLE, ids=lambda operation: operation.describe())
def test_applying_leaves_the_schema_before_alone(operation):
    before = schema()
    operation.apply(before)
    assert before == schema()


def test_a_dropped_column_comes_back_in_its_place():
    before = schema()
    drop = DropColumn("user", column="mail")
    back = drop.reverse(before).apply(drop.apply(before))
    assert list(back.tables["user"].columns) == ["id", "mail", "age"]


def test_a_renamed_table_takes_the_foreign_keys_to_it_along():
    after = RenameTable("user", new_name="person").apply(schema())
    assert after.tables["orders"].foreign_keys["fk_user"].referent == "person"


def test_a_unique_index_is_renamed_as_the_constraint_that_it_is_on_mysql():
    index = Index("uq_age", (IndexKey("age"),), unique=True)
    before = CreateIndex("user", index=index).apply(schema())
    renaming = RenameConstraint("user", name="uq_age", new_name="uq_new")

    after = renaming.apply(before)

    assert after.tables["user"].indexes["uq_new"].name == "uq_new"
    assert renaming.reverse(before).apply(after) == before


def test_a_renamed_column_takes_keys_and_indexes_along():
    after = AlterColumn("user", column="id", name="number").apply(schema())
    assert after.tables["user"].primary_key == PrimaryKey(("number",))
    assert after.tables["orders"].foreign_keys["fk_user"].referent_columns == ("number",)


def test_a_renamed_column_takes_expressions_along_however_it_is_quoted():
    odd = table("odd", 'a "b', checks={"ck": Check('length("a ""b") > 1', "ck")})
    rename = AlterColumn("odd", column='a "b', name='c "d')
    after = rename.apply(Schema({"odd": odd})).tables["odd"]
    assert after.checks["ck"].condition == 'length("c ""d") > 1'


@pytest.mark.parametrize(
    ("operation", "error", "text"),
    [
        (DropTable("nobody"), UnknownTable, "no table 'nobody'"),
        (DropColumn("user", column="x"), UnknownColumn, "Its columns are: id, mail, age"),
        (DropConstraint("user", name="x"), UnknownConstraint, "uq_mail, adult"),
        (DropIndex("user", name="x"), UnknownIndex, "no index 'x' on table 'user'"),
        (RenameIndex("user", name="x", new_name="y"), UnknownIndex, "ix_age"),
    ],
)
def test_what_is_not_there_is_named(operation, error, text):
    with pytest.raises(error, match=text):
        operation.apply(schema())


def test_raw_sql_has_no_reverse():
    with pytest.raises(Irreversible, match=r"(?s)cannot be reversed.*downgrade\(\)"):
        Execute("DELETE FROM user").reverse(schema())


def test_if_exists_forgives():
    assert DropTable("nobody", if_exists=True).apply(schema()) == schema()


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (REVERSIBLE[0], "+ new"),
        (DropTable("orders"), "- orders"),
        (AlterColumn("user", column="id", name="number"), "user.id -> number"),
        (
            AlterColumn("user", column="age", type=TEXT, nullable=False),
            "~ user.age type TEXT, nullable no",
        ),
        (RenameTable("a", "s", new_name="b"), "s.a -> b"),
    ],
)
def test_an_operation_is_described_in_a_line(operation, line):
    assert operation.describe() == line
