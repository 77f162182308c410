"""An SQL script does what the command itself would."""

from __future__ import annotations

import pytest

from flask_schemamigrate.commands.scripting import downgrade_script, stamp_script
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Environment


def test_binds_of_one_database_are_taken_back_last_first(project):
    project.revision(
        "a",
        "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))",
        "op.drop_table('t')",
        more="@op.upgrade('more')\ndef more(): op.add_column('t', sa.Column('x', sa.Integer))\n"
        "@op.downgrade('more')\ndef less(): op.drop_column('t', 'x')\n",
    )
    engines = {None: project.engine, "more": project.engine}
    desk = Environment.without_app(project.folder, engines=engines, config=Config(cache=False))

    script = "\n".join(downgrade_script(desk, "a:base"))

    assert 0 < script.index(" COLUMN ") < script.index("DROP TABLE t")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_type_that_nothing_uses_any_more_goes_at_the_end_of_its_revision(project):
    column = "sa.Column('felt', sa.Enum('well', name='mood'))"
    project.revision("a", f"op.create_table('t', {column})", "op.drop_table('t')")

    script = "\n".join(downgrade_script(project.environment(), "a:base"))

    assert 0 < script.index("DROP TABLE t") < script.index("DROP TYPE IF EXISTS mood")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_purge_forgets_what_the_range_begins_with(project):
    project.revision("a")
    project.below = None
    project.revision("b")

    script = "\n".join(stamp_script(project.environment(), "a:b", purge=True))

    assert script.count("INSERT INTO") == 1
    assert "'b'" in script
