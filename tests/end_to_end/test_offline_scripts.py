"""A script of ``--sql``, fed to the database's own client, leaves what the run itself would."""

from __future__ import annotations

import pytest

from tests import native_schema

FIRST = """
def upgrade():
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("born", sa.Date()),
        sa.Column("score", sa.Numeric(8, 2), server_default="0", nullable=False),
        sa.Column("joined", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.UniqueConstraint("name", name="uq_person_name"),
        sa.CheckConstraint("score >= 0", name="ck_person_score"),
    )
    op.create_table(
        "order",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Enum("open", "paid", name="status"), nullable=False),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_order_person", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_order_person_id", "order", ["person_id"])


def downgrade():
    op.drop_index("ix_order_person_id", table_name="order")
    op.drop_table("order")
    op.drop_table("person")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TYPE status")
"""

ROWS = """
import datetime
from decimal import Decimal

person = sa.table(
    "person",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("born", sa.Date),
    sa.column("score", sa.Numeric(8, 2)),
    sa.column("joined", sa.DateTime),
    sa.column("active", sa.Boolean),
)


def upgrade():
    op.bulk_insert(
        person,
        [
            {
                "id": 1,
                "name": "Ann O'Neill \\\\ 100% :x",
                "born": datetime.date(1990, 2, 3),
                "score": Decimal("12.50"),
                "joined": datetime.datetime(2020, 1, 2, 3, 4, 5),
                "active": True,
            },
            {
                "id": 2,
                "name": "Käthe; -- 'x'",
                "born": None,
                "score": Decimal("0"),
                "joined": datetime.datetime(2020, 1, 2),
                "active": False,
            },
        ],
    )
    op.execute(sa.update(person).where(person.c.id == 2).values(score=Decimal("7.25")))
    op.execute("UPDATE person SET name = 'it''s \\\\:y' WHERE id = 2")


def downgrade():
    op.execute("DELETE FROM person WHERE id IN (1, 2)")
"""

CHANGES = """
def upgrade():
    op.add_column("person", sa.Column("email", sa.String(120)))
    op.alter_column("person", "name", existing_type=sa.String(80), type_=sa.String(200))
    op.create_index("ix_person_email", "person", ["email"], unique=True)
    op.drop_constraint("ck_person_score", "person", type_="check")
    op.create_check_constraint("ck_person_score", "person", "score >= -1")
    op.alter_column("order", "note", new_column_name="remark", existing_type=sa.Text())
    op.rename_table("order", "purchase")
    with op.batch_alter_table("purchase") as batch:
        batch.add_column(sa.Column("total", sa.Integer(), server_default="0", nullable=False))
        batch.create_unique_constraint("uq_purchase_total", ["person_id", "total"])


def downgrade():
    with op.batch_alter_table("purchase") as batch:
        batch.drop_constraint("uq_purchase_total", type_="unique")
        batch.drop_column("total")
    op.rename_table("purchase", "order")
    op.alter_column("order", "remark", new_column_name="note", existing_type=sa.Text())
    op.drop_constraint("ck_person_score", "person", type_="check")
    op.create_check_constraint("ck_person_score", "person", "score >= 0")
    op.drop_index("ix_person_email", table_name="person")
    op.alter_column("person", "name", existing_type=sa.String(200), type_=sa.String(80))
    op.drop_column("person", "email")
"""

HISTORY = "SELECT revision, message, file, checksum, state FROM schemamigrate_history ORDER BY 1"


def left_in(database) -> tuple[list[str], list[str], list[tuple[str, ...]]]:
    """What a database holds: its schema, its rows, its history."""
    return (
        native_schema.schema(database.url),
        native_schema.rows(database.url),
        database.rows(HISTORY),
    )


@pytest.fixture
def chain(revisions, client_program):
    """Three revisions: tables, rows, changes of tables that have rows."""
    revisions(aa=FIRST, bb=ROWS, cc=CHANGES)


def test_a_script_from_the_base_leaves_what_the_run_would(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database) == left_in(online)


def test_a_script_of_a_range_goes_on_from_its_beginning(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "upgrade")
    run(database, "upgrade", "bb")
    database.feed(run(database, "upgrade", "bb:head", "--sql"))
    assert left_in(database) == left_in(online)


def test_scripts_one_after_the_other_are_the_whole(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "upgrade")
    for part in ("aa", "aa:bb", "bb:cc"):
        database.feed(run(database, "upgrade", part, "--sql"))
    assert left_in(database) == left_in(online)


def test_a_script_takes_back_what_the_run_would(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "upgrade")
    run(online, "downgrade", "aa")
    run(database, "upgrade")
    database.feed(run(database, "downgrade", "cc:aa", "--sql"))
    assert left_in(database) == left_in(online)


def test_a_script_takes_back_all_of_it(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "upgrade")
    run(online, "downgrade", "--yes", "base")
    run(database, "upgrade")
    database.feed(run(database, "downgrade", "head:base", "--sql"))
    assert left_in(database) == left_in(online)
    assert left_in(database)[1:] == ([], [])


def test_without_a_range_the_script_takes_the_last_one_back(chain, run, database):
    run(database, "upgrade")
    database.feed(run(database, "downgrade", "--sql"))
    assert [row[0] for row in database.rows(HISTORY)] == ["aa", "bb"]


def test_after_a_script_the_command_line_goes_on(chain, run, database):
    database.feed(run(database, "upgrade", "bb", "--sql"))
    assert run(database, "upgrade").startswith("Upgraded bb -> cc, what cc does")
    assert run(database, "downgrade", "--yes", "base").count("Downgraded") == 3


def test_a_script_records_without_carrying_out(chain, run, database, new_database):
    online = new_database(database.name)
    run(online, "stamp", "bb")
    database.feed(run(database, "stamp", "--sql", "bb"))
    assert left_in(database) == left_in(online)
    database.feed(run(database, "stamp", "--sql", "bb:head"))
    run(online, "stamp", "head")
    assert left_in(database) == left_in(online)
    database.feed(run(database, "stamp", "--sql", "head:aa"))
    run(online, "stamp", "aa")
    assert left_in(database) == left_in(online)


def test_a_script_that_purges_forgets_what_no_file_has(chain, run, database):
    run(database, "stamp", "head")
    database.execute("UPDATE schemamigrate_history SET revision = 'gone' WHERE revision = 'aa'")
    database.feed(run(database, "stamp", "--sql", "--purge", "bb"))
    assert [row[0] for row in database.rows(HISTORY)] == ["aa", "bb"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_script_that_stops_leaves_no_half_revision(revisions, run, database, client_program):
    revisions(aa=FIRST, bb=ROWS, cc=CHANGES)
    script = run(database, "upgrade", "--sql").replace("CREATE UNIQUE INDEX", "CREATE NOTHING", 1)
    with pytest.raises(Exception, match=r"(?i)syntax|nothing"):
        database.feed(script)
    assert [row[0] for row in database.rows(HISTORY)] == ["aa", "bb"]
    assert run(database, "upgrade").startswith("Upgraded bb -> cc")


CONCURRENTLY = """
def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
    op.create_index("ix_t_a", "t", ["a"], concurrently=True)
    op.create_index("ix_t_id", "t", ["id"])
    op.drop_index("ix_t_id", "t", concurrently=True)
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_script_leaves_its_transaction_for_what_cannot_be_in_one(
    revisions, run, database, new_database, client_program
):
    revisions(aa=CONCURRENTLY)
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database) == left_in(online)
    assert "ix_t_a" in str(native_schema.schema(database.url))


BY_HAND = """
def upgrade():
    op.execute("CREATE TYPE kind AS ENUM ('it''s', 'b')")
    op.create_table("t", sa.Column("id", sa.Integer))
    op.add_column("t", sa.Column("kind", sa.Enum("it's", "b", name="kind")))
    op.execute(
        "DO $$ BEGIN IF to_regtype('\\"Old\\"') IS NULL THEN "
        "CREATE TYPE public.\\"Old\\" AS ENUM ('a'); END IF; END $$"
    )
    op.add_column("t", sa.Column("old", sa.Enum("a", name="Old", schema="public")))
    op.drop_column("t", "kind")
    op.execute("DROP TYPE IF EXISTS kind; CREATE TYPE other AS ENUM ('x')")
    op.create_table("u", sa.Column("kind", sa.Enum("c", name="kind")))
    op.add_column("u", sa.Column("other", sa.Enum("x", name="other")))
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_script_knows_the_enum_types_that_sql_texts_make(
    revisions, run, database, new_database, client_program
):
    revisions(aa=BY_HAND)
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database) == left_in(online)


def test_what_needs_a_database_is_said_in_the_script(revisions, run, database):
    revisions(
        aa="def upgrade():\n    op.execute('SELECT 1')\n"
        "    op.get_bind().execute(sa.text('SELECT 2'))\n"
    )
    script = run(database, "upgrade", "--sql", exit_code=1)
    assert "-- NOT WRITTEN, nor anything after it: op.get_bind() needs a database" in script
    assert "The script ends before revision aa" in script
    assert "SELECT 1" not in script
    assert "INSERT INTO" not in script


def test_a_script_of_a_downgrade_that_ends_early_names_the_command_that_goes_on(
    revisions, run, database
):
    revisions(aa="def upgrade():\n    pass\ndef downgrade():\n    op.get_bind()\n")
    script = run(database, "downgrade", "aa:base", "--sql", exit_code=1)
    assert "Run that one with 'flask db downgrade', and write the rest with 'flask db dow" in script


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
@pytest.mark.parametrize("sql", ["ALTER TABLE t ADD COLUMN a INTEGER", "INSERT INTO t VALUES (1)"])
def test_what_sql_texts_made_is_told_as_unknown_to_a_script(revisions, run, database, sql):
    revisions(
        aa="def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer))\n"
        f"    op.execute('{sql}')\n",
        bb="def upgrade():\n"
        "    op.alter_column('t', 'a', existing_type=sa.Integer(), nullable=False)\n",
    )
    script = run(database, "upgrade", "--sql", exit_code=1)
    assert "Table 't' has no column 'a'" in script
    assert ("A script cannot follow what SQL texts" in script) == sql.startswith("ALTER")


def test_the_tag_and_free_arguments_reach_the_revision(revisions, run, database):
    revisions(
        aa="def upgrade():\n"
        "    opts = op.get_context().opts\n"
        "    op.execute(f\"SELECT '{opts['tag']}, {opts['x'][0]}'\")\n"
    )
    assert "SELECT 'blue, a=b'" in run(database, "-x", "a=b", "upgrade", "--sql", "--tag", "blue")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        "postgresql+psycopg://nobody@127.0.0.1:1/x",
        "mysql+pymysql://nobody@127.0.0.1:1/x",
        "mariadb+pymysql://nobody@127.0.0.1:1/x",
    ],
)
def test_no_database_is_asked_for_a_script(revisions, new_app, url):
    revisions(aa=FIRST, bb=ROWS, cc=CHANGES)
    result = new_app(url).test_cli_runner().invoke(args=["db", "upgrade", "--sql"])
    assert result.exit_code == 0, result.output
    assert "purchase" in result.stdout
    assert ("-- Written for MySQL. For MariaDB" in result.stdout) is url.startswith("mysql")


def test_a_script_for_binds_says_which_is_which(revisions, new_app, tmp_path):
    revisions(
        aa="def upgrade():\n    op.execute('SELECT 1')\n\n\n"
        "@op.upgrade('my-db')\ndef other():\n    op.execute('SELECT 2')\n"
    )
    engines = {"default": f"sqlite:///{tmp_path}/a.db", "my-db": f"sqlite:///{tmp_path}/b.db"}
    app = new_app(engines=engines)
    script = app.test_cli_runner().invoke(args=["db", "upgrade", "--sql"]).stdout
    first, _, second = script.partition("-- bind my-db")
    assert "-- bind default" in first
    assert "SELECT 1" in first
    assert "SELECT 2" not in first
    assert "SELECT 2" in second
    only = app.test_cli_runner().invoke(args=["db", "upgrade", "--sql", "--bind", "my-db"]).stdout
    assert "SELECT 1" not in only


ARRAY = """
def upgrade():
    op.create_table("t", sa.Column("a", sa.ARRAY(sa.Integer), server_default="{1}"))
    op.alter_column("t", "a", type_=sa.String())
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_script_takes_the_default_of_an_array_to_another_type(
    revisions, run, database, new_database, client_program
):
    revisions(aa=ARRAY)
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database)[0] == left_in(online)[0]


OWN_INDEX = """
def upgrade():
    op.create_table("person", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person"),
        sa.Index("fk_person", "person_id"),
    )


def downgrade():
    op.drop_table("note")
    op.drop_table("person")
"""
KEY_GONE = """
def upgrade():
    op.drop_constraint("fk_person", "note", type_="foreignkey")


def downgrade():
    op.create_foreign_key("fk_person", "note", "person", ["person_id"], ["id"])
"""
INDEX_BACK = """
def upgrade():
    op.create_index("fk_person", "note", ["person_id"])


def downgrade():
    op.drop_index("fk_person", "note")
"""


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
def test_an_index_named_like_its_foreign_key_goes_with_it_in_a_script_too(
    revisions, run, database, new_database, client_program
):
    revisions(aa=OWN_INDEX, bb=KEY_GONE, cc=INDEX_BACK)
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database) == left_in(online)

    run(online, "downgrade", "aa")
    database.feed(run(database, "downgrade", "cc:aa", "--sql"))
    assert left_in(database) == left_in(online)


CHARACTER_SETS = """
def upgrade():
    op.create_table(
        "t",
        sa.Column("name", sa.String(20)),
        sa.Column("note", sa.Text()),
        sa.Column("code", sa.String(20, collation="utf8mb4_bin")),
        mysql_charset="latin1",
    )


def downgrade():
    op.drop_table("t")
"""
DATABASES_OWN = """
def upgrade():
    op.set_table_options("t", mysql_charset=None, mysql_collate=None)


def downgrade():
    op.set_table_options("t", mysql_charset="latin1")
"""


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
def test_a_script_gives_a_table_its_databases_character_set_and_leaves_columns_their_own(
    revisions, run, database, new_database, client_program
):
    revisions(aa=CHARACTER_SETS, bb=DATABASES_OWN)
    online = new_database(database.name)
    run(online, "upgrade")
    database.feed(run(database, "upgrade", "--sql"))
    assert left_in(database) == left_in(online)
