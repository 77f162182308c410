"""What a downgrade loses is told although nobody can follow all that it does."""

from __future__ import annotations

import pytest

from flask_schemamigrate.commands.planning import downgrade_plan
from flask_schemamigrate.errors.operations import UnknownColumn

TABLES = """
for name in "tuvwxy":
    columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("z", sa.Integer)
    op.create_table(name, *columns)
    op.execute(f"INSERT INTO {name} VALUES (1, 1)")
"""
ADDED = "op.add_column('t', sa.Column('more', sa.Integer))"
DROPPED = "op.drop_column('t', 'more')"


def told(project, to="base"):
    """The losses of a plan, and why some of it cannot be told."""
    plans = list(downgrade_plan(project.environment(), to))
    return [loss.text for each in plans for loss in each.losses], [each.partial for each in plans]


def test_what_is_dropped_behind_a_question_to_the_database_is_told(project):
    down = '''
        """DROP TABLE t, as these words do not."""
        op.drop_column("t", "z")
        op.get_bind().execute(sa.text('ALTER TABLE u DROP COLUMN "z"'))
        with op.batch_alter_table("v") as batch:
            batch.drop_column("z")
        with op.batch_alter_table("w") as batch:
            batch.drop_column("z")
        op.drop_table("t")
        op.drop_table(table_name="x")
        op.drop_table("nobody_has_this", if_exists=True)
        block = op.get_bind().begin_nested()
        with block as point:
            op.rename_table("y", "z")
    '''
    project.revision("a", TABLES, down)
    project.upgrade()

    losses, (partial,) = told(project)

    names = ["t.z", "u.z", "v.z", "w.z", "t", "x"]
    assert losses == [f"{name} (1 row)" for name in names]
    assert partial == "op.get_bind() asks the database."


def test_a_column_that_only_the_way_back_itself_makes_is_no_loss(project):
    name = "op.add_column('t', sa.Column('name', sa.String(5)))"
    project.revision("a", TABLES)
    project.revision("b", name, "op.drop_column('t', 'name')")
    project.revision("c", "op.drop_column('t', 'name')", name)
    project.upgrade()

    assert told(project, "a")[0] == []


def test_what_is_dropped_by_sql_is_told(project):
    down = """
        op.execute("DROP TABLE IF EXISTS t")
        op.execute("alter table u drop column z")
        op.execute("DROP TABLE v")
        op.execute("ALTER TABLE w ALTER COLUMN z DROP NOT NULL")
        op.execute("DROP INDEX y")
    """
    project.revision("a", TABLES, down)
    project.upgrade()

    losses, _ = told(project)

    assert losses == ["t (1 row)", "u.z (1 row)", "v (1 row)"]


@pytest.mark.parametrize(
    "added",
    [
        "op.execute('ALTER TABLE t ADD COLUMN more integer')",
        f"op.get_bind()\n{ADDED}",
    ],
)
def test_a_revision_is_not_wrong_for_what_could_not_be_followed_before_it(project, added):
    change = "op.alter_column('t', 'more', type_=sa.BigInteger, existing_type=sa.Integer)"
    project.revision("a", TABLES)
    project.revision("b", ADDED, f"{change}\n{DROPPED}")
    project.revision("c", DROPPED, added)
    project.upgrade()

    told(project, "a")
    project.downgrade("a")

    assert "more" not in project.columns("t")


def test_a_revision_is_wrong_where_all_was_followed(project_on):
    project = project_on("postgresql")
    project.revision("a", TABLES, "op.alter_column('t', 'nope', type_=sa.Text)")
    project.upgrade()

    with pytest.raises(UnknownColumn, match="Revision a"):
        told(project)
