"""What a plan says of who has to wait is what the server does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.cli.verbs._planned import print_plans
from flask_schemamigrate.commands.planning import upgrade_plan
from flask_schemamigrate.runner import preview

TABLES = """
op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
op.create_table(
    "thing",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("n", sa.Integer),
    sa.Column("sure", sa.Integer, nullable=False),
    sa.Column("word", sa.String(20)),
    sa.Column("tale", sa.Text),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime),
    sa.Column("kind", sa.Enum("a", "b", native_enum=NATIVE, name="kind")),
)
"""
EVERYWHERE = [
    'op.add_column("thing", sa.Column("new", sa.Integer))',
    'op.add_column("thing", sa.Column("new", sa.Integer, server_default="5", nullable=False))',
    'op.add_column("thing", sa.Column("new", sa.DateTime, server_default=sa.func.now()))',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.Computed("n + 1", persisted=True)))',
    'op.add_column("thing", sa.Column("new", sa.Integer, unique=True))',
    'op.drop_column("thing", "n")',
    'op.alter_column("thing", "n", type_=sa.BigInteger)',
    'op.alter_column("thing", "n", new_column_name="m")',
    'op.alter_column("thing", "n", server_default="7")',
    'op.alter_column("thing", "n", comment="how many")',
    'op.alter_column("thing", "sure", nullable=True)',
    'op.alter_column("thing", "word", type_=sa.String(40))',
    'op.alter_column("thing", "word", type_=sa.String(300))',
    'op.alter_column("thing", "word", type_=sa.String(10))',
    'op.alter_column("thing", "price", type_=sa.Numeric(12, 4))',
    'op.create_foreign_key("refers", "thing", "parent", ["n"], ["id"])',
    'op.create_check_constraint("positive", "thing", "n > 0")',
    'op.rename_table("thing", "other")',
    'op.create_table_comment("thing", "all of them")',
]
POSTGRESQL = [
    'op.drop_constraint("thing_pkey", "thing", type_="primary")',
    'op.create_index("by_n", "thing", ["n"])',
    'op.create_index("by_n", "thing", ["n"], unique=True)',
    'op.drop_index("by_word", "thing")',
    'op.create_unique_constraint("once", "thing", ["n"])',
    'op.create_exclude_constraint("apart", "thing", ("n", "="), using="btree")',
    'op.create_foreign_key("refers", "thing", "parent", ["n"], ["id"], validate=False)',
    'op.create_check_constraint("positive", "thing", "n > 0", validate=False)',
    'op.alter_column("thing", "n", nullable=False)',
    'op.alter_column("thing", "tale", nullable=False)',
    'op.alter_column("thing", "word", type_=sa.Text)',
    'op.alter_column("thing", "word", type_=sa.String)',
    'op.alter_column("thing", "tale", type_=sa.String)',
    'op.alter_column("thing", "tale", type_=sa.String(20))',
    'op.alter_column("thing", "price", type_=sa.Numeric(12, 2))',
    'op.alter_column("thing", "price", type_=sa.Numeric)',
    'op.alter_column("thing", "price", type_=sa.Numeric(8, 2))',
    'op.alter_column("thing", "at", type_=sa.DateTime(timezone=True))',
    'op.alter_column("thing", "at", type_=sa.Date)',
    'op.alter_column("thing", "n", type_=sa.Text)',
    'op.alter_column("thing", "word", type_=sa.Integer, postgresql_using="1")',
    'op.add_enum_value("kind", "c")',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.Identity()))',
    'op.add_column("thing", sa.Column("new", sa.Float, server_default=sa.text("random()")))',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.CheckConstraint("new > 0")))',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.ForeignKey("parent.id")))',
]
MARIADB = [
    'op.drop_constraint("parent_pkey", "parent", type_="primary")',
    'op.create_index("by_n", "thing", ["n"])',
    'op.create_index("by_n", "thing", ["n"], unique=True)',
    'op.create_index("by_tale", "thing", ["tale"], mysql_prefix="FULLTEXT")',
    'op.create_unique_constraint("once", "thing", ["n"])',
    'op.alter_column("thing", "n", nullable=False)',
    'op.alter_column("thing", "word", type_=sa.Text)',
    'op.alter_column("thing", "kind", type_=sa.Enum("a", "b", "c"))',
    'op.alter_column("thing", "kind", type_=sa.Enum("b", "a"))',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.Computed("n + 1", persisted=False)))',
    'op.add_column("thing", sa.Column("new", sa.String(36), server_default=sa.text("(uuid())")))',
    'op.add_column("thing", sa.Column("new", sa.Float, server_default=sa.text("(rand())")))',
    'op.add_column("thing", sa.Column("new", sa.Integer, sa.ForeignKey("parent.id")))',
]
LONG = ("verifying table", "rewriting table", "building index", "validating foreign key")


@pytest.fixture
def thing(project_on, monkeypatch):
    """A project on one kind of database, with a table that has rows; one row is many here."""
    monkeypatch.setattr(preview, "MANY", 1)

    def made(kind: str):
        project = project_on(kind)
        project.revision("a", TABLES.replace("NATIVE", str(kind == "postgresql")))
        project.upgrade()
        rows = "INSERT INTO parent VALUES (1)", "INSERT INTO thing (id, n, sure) VALUES (1, 1, 1)"
        index = "CREATE INDEX by_word ON thing (word)"
        check = "ALTER TABLE thing ADD CHECK (tale IS NOT NULL)"
        told = "UPDATE thing SET tale = 'x'"
        with project.engine.begin() as connection:
            for sql in (*rows, index, told, *([check] if kind == "postgresql" else [])):
                connection.exec_driver_sql(sql)
        return project

    return made


def planned(project, operation: str):
    project.revision("b", operation)
    (found,) = upgrade_plan(project.environment())
    return found.blocks, [sql for step in found.steps for sql in step.statements]


@pytest.mark.parametrize("operation", [*EVERYWHERE, *POSTGRESQL])
def test_postgresql_goes_through_the_rows_where_the_plan_says_so(thing, operation):
    project = thing("postgresql")
    blocks, statements = planned(project, operation)
    said: list[str] = []

    with project.engine.connect() as connection:
        connection.exec_driver_sql("SET client_min_messages = debug1; SET TimeZone = 'Asia/Tokyo'")
        driver = connection.connection.driver_connection
        driver.add_notice_handler(lambda notice: said.append(notice.message_primary))
        for sql in statements:
            connection.exec_driver_sql(sql)
        locks = connection.exec_driver_sql(
            "SELECT mode FROM pg_locks WHERE relation = to_regclass('thing') AND granted"
        )
        modes = {row[0] for row in locks}

    assert any(text.startswith(LONG) for text in said) == bool(blocks), said
    for block in blocks:
        assert block.table == "thing"
        assert (block.what == "reads and writes") == ("AccessExclusiveLock" in modes)


@pytest.mark.parametrize("operation", [*EVERYWHERE, *MARIADB])
def test_mariadb_refuses_not_to_lock_where_the_plan_says_so(thing, operation):
    project = thing("mariadb")
    blocks, statements = planned(project, operation)

    refused = []
    with project.engine.connect() as connection:
        for sql in statements:
            online = f"{sql.rstrip(';')}{' ' if sql.startswith('CREATE') else ', '}LOCK=NONE"
            try:
                connection.exec_driver_sql(online if "RENAME TO" not in sql else sql)
            except sa.exc.DBAPIError as error:
                refused.append(str(error))

    assert all("LOCK=NONE is not supported" in text for text in refused), refused
    assert len(blocks) == len(refused)


def test_a_person_is_told(thing, capsys):
    project = thing("postgresql")
    project.revision("b", 'op.create_index("by_n", "thing", ["n"])')
    environment = project.environment()

    print_plans(environment, upgrade_plan(environment), format="text")

    told = "  BLOCKS: writes of thing while the index is built; concurrently=True does not\n"
    assert told in capsys.readouterr().out


def test_a_table_of_few_rows_is_not_told_of(thing, monkeypatch):
    project = thing("postgresql")
    monkeypatch.setattr(preview, "MANY", 2)

    assert planned(project, 'op.create_index("by_n", "thing", ["n"])')[0] == ()


def test_a_table_that_the_plan_makes_is_not_told_of(thing):
    project = thing("postgresql")
    new = 'op.create_table("new", sa.Column("n", sa.Integer))\nop.create_index("i", "new", ["n"])'

    assert planned(project, new)[0] == ()


def test_each_change_of_a_group_is_told_of(thing):
    project = thing("postgresql")
    both = 'op.alter_column("thing", "n", nullable=False)\n' + (
        'op.create_check_constraint("positive", "thing", "n > 0")'
    )

    blocks, _ = planned(project, both)

    assert [block.text for block in blocks] == [
        "reads and writes of thing while the rows are checked; a check 'n IS NOT NULL', "
        "validated in an earlier revision, spares that",
        "reads and writes of thing while the rows are checked; validate=False and "
        "op.validate_constraint() in a later revision do not",
    ]


def test_a_table_with_a_dot_in_its_name_is_told_of(thing):
    project = thing("postgresql")
    with project.engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE "a.b" AS SELECT 1 AS n')

    (block,), _ = planned(project, 'op.create_index("i", "a.b", ["n"])')

    assert block.table == "a.b"
