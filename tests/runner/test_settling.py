"""What a killed statement did to enums, sequences and schemas is looked up, not asked about."""

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
MARIADB = next(iter(MARIADB_AND_MYSQL))

CASES = [
    ("postgresql", ENUM, "op.add_enum_value('mood', 'cross')", "ADD VALUE 'cross'"),
    (
        "postgresql",
        ENUM,
        "op.set_enum_values('mood', ['calm', 'glad', 'sad', 'cross'])",
        "ADD VALUE 'cross'",
    ),
    (MARIADB, "pass", SEQUENCE, "CREATE SEQUENCE"),
    (MARIADB, SEQUENCE, "op.alter_sequence('counter', increment=3)", "ALTER SEQUENCE"),
    (MARIADB, SEQUENCE, "op.drop_sequence('counter')", "DROP SEQUENCE"),
    (MARIADB, "pass", "op.create_schema('{database}_more')", "CREATE DATABASE"),
    (MARIADB, "op.create_schema('{database}_more')", "op.drop_schema('{database}_more')", "DROP"),
    (MARIADB, TABLE, ADDITIONS, "ADD INDEX ix"),
    (MARIADB, TABLE, REMOVALS, "DROP COLUMN y"),
    (MARIADB, TABLE, ANEW, "ADD COLUMN x VARCHAR(20)"),
]


class Killed(BaseException):
    """The process goes, without a word."""


def killed(project, moment, words):
    """Upgrade, and end just before or after a statement with these words."""

    def end(connection, cursor, sql, *_):
        if words in sql and "schemamigrate_history" not in sql:
            raise Killed

    sa.event.listen(project.engine, moment, end)
    with pytest.raises(Killed):
        project.upgrade()
    sa.event.remove(project.engine, moment, end)


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
    killed(project, moment, words)

    (done,) = project.upgrade()

    assert done.revision == "b"
    assert project.status.is_ready
