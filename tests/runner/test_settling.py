"""What a killed statement did is looked up, not asked about, and is not done a second time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.databases.servers import MARIADB_AND_MYSQL

ENUM = "op.create_enum('mood', ['glad', 'sad'])"
SEQUENCE = "op.create_sequence('counter', increment=2)"
TABLE = "op.create_table('t', *(sa.Column(name, sa.Integer) for name in ('id', 'x', 'y')))"
ADDITIONS = """
with op.batch_alter_table("t") as batch:
    batch.add_column(sa.Column("new", sa.Integer))
    batch.create_index("ix", ["new"])
"""
REMOVALS = """
with op.batch_alter_table("t") as batch:
    batch.drop_column("x")
    batch.drop_column("y")
"""
ANEW = """
with op.batch_alter_table("t") as batch:
    batch.drop_column("x")
    batch.add_column(sa.Column("x", sa.String(20)))
"""
# What speaks of a new value of an enum is carried out behind the COMMIT that it needs.
FRESH = "op.add_enum_value('mood', 'cross')"
DOMAIN = "op.create_domain('feeling', sa.Text(), default='cross')"
INDEXED = f"""
{TABLE}
op.create_table("other", sa.Column("x", sa.Integer, index=True))
op.create_index("ix_other_x", "t", ["x"])
op.create_unique_constraint("one", "t", ["y"])
"""
MARIADB = next(iter(MARIADB_AND_MYSQL))

CASES = [
    ("postgresql", ENUM, FRESH, "ADD VALUE 'cross'"),
    (
        "postgresql",
        ENUM,
        "op.set_enum_values('mood', ['calm', 'glad', 'sad', 'cross'])",
        "ADD VALUE 'cross'",
    ),
    ("postgresql", ENUM, f"{FRESH}\nop.create_enum('temper', ['cross'])", "CREATE TYPE"),
    ("postgresql", ENUM, f"{FRESH}\n{DOMAIN}", "CREATE DOMAIN"),
    (
        "postgresql",
        f"{ENUM}\nop.create_domain('feeling', sa.Text())",
        f"{FRESH}\nop.alter_domain('feeling', default='cross')",
        "ALTER DOMAIN",
    ),
    (MARIADB, "pass", SEQUENCE, "CREATE SEQUENCE"),
    (MARIADB, SEQUENCE, "op.alter_sequence('counter', increment=3)", "ALTER SEQUENCE"),
    (MARIADB, SEQUENCE, "op.drop_sequence('counter')", "DROP SEQUENCE"),
    (MARIADB, "pass", "op.create_schema('{database}_more')", "CREATE DATABASE"),
    (MARIADB, "op.create_schema('{database}_more')", "op.drop_schema('{database}_more')", "DROP"),
    (MARIADB, TABLE, ADDITIONS, "ADD INDEX ix"),
    (MARIADB, TABLE, REMOVALS, "DROP COLUMN y"),
    (MARIADB, TABLE, ANEW, "ADD COLUMN x VARCHAR(20)"),
    (MARIADB, TABLE, "op.create_unique_constraint(None, 't', ['x'])", "ADD UNIQUE"),
    (MARIADB, TABLE, "op.create_check_constraint(None, 't', 'x > 0')", "ADD CHECK"),
    (MARIADB, TABLE, "op.create_primary_key('pk', 't', ['id'])", "ADD PRIMARY KEY"),
    (MARIADB, TABLE, "op.create_index('one', 't', ['x'], unique=True)", "CREATE UNIQUE"),
    (MARIADB, INDEXED, "op.drop_index('ix_other_x', 't')", "DROP INDEX"),
    (MARIADB, INDEXED, "op.drop_index('one', 't')", "DROP INDEX"),
]


class Killed(BaseException):
    """The process goes, without a word."""


def killed(project, moment, words):
    """Upgrade, and end just before or after a statement with these words; what is done of them."""
    done: list[str] = []

    def is_meant(sql):
        return words in sql and "schemamigrate_history" not in sql

    def note(connection, cursor, sql, *_):
        if is_meant(sql):
            done.append(sql)

    def end(connection, cursor, sql, *_):
        if is_meant(sql):
            raise Killed

    sa.event.listen(project.engine, "after_cursor_execute", note)
    sa.event.listen(project.engine, moment, end)
    with pytest.raises(Killed):
        project.upgrade()
    sa.event.remove(project.engine, moment, end)
    return done


@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute"])
@pytest.mark.parametrize(("kind", "there", "up", "words"), CASES)
def test_a_statement_that_was_cut_off_is_settled_by_looking(
    project_on, kind, there, up, words, moment
):
    project = project_on(kind)
    name = project.engine.url.database
    if kind != "postgresql":
        project.database.when_done(
            lambda: project.database.execute(f"DROP DATABASE IF EXISTS {name}_more")
        )
    project.revision("a", there.format(database=name))
    project.upgrade()
    project.revision("b", up.format(database=name))
    done = killed(project, moment, words)

    project.upgrade()

    assert len(done) == 1
    assert project.status.is_ready
