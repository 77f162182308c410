"""A revision that goes wrong before anything is carried out is named, and nothing is changed."""

from __future__ import annotations

import pytest

from flask_schemamigrate.commands.planning import downgrade_plan, upgrade_plan
from flask_schemamigrate.commands.scripting import upgrade_script
from flask_schemamigrate.commands.stamping import stamp
from flask_schemamigrate.errors.files import NoUpgrade
from flask_schemamigrate.errors.operations import UnknownOperation
from flask_schemamigrate.errors.runs import RevisionRaised

REHEARSALS = {
    "upgrade --plan": lambda desk: upgrade_plan(desk, "b"),
    "upgrade --sql": lambda desk: upgrade_script(desk, "a:b"),
    "stamp --verify": lambda desk: stamp(desk, "b", verify=True),
}


@pytest.fixture(params=list(REHEARSALS.values()), ids=list(REHEARSALS))
def rehearse(request, project):
    """Rehearses revision b, which follows one that is applied."""
    project.revision("a")
    project.upgrade()

    def rehearse(body: str) -> None:
        project.revision("b", body)
        desk = project.environment()
        list(request.param(desk))

    return rehearse


def test_python_that_raises_is_told_with_its_line(rehearse):
    with pytest.raises(RevisionRaised, match=r"Revision b raised ZeroDivisionError") as caught:
        rehearse("1 / 0")

    assert "b.py:" in caught.value.place
    assert caught.value.message.endswith("Nothing was changed.")


def test_an_error_of_ours_is_told_with_the_line(rehearse):
    with pytest.raises(UnknownOperation, match=r"^Revision b, .*b\.py:\d+: There is no operation"):
        rehearse("op.frobnicate()")


def test_a_downgrade_that_raises_is_told_before_it_is_carried_out(project):
    project.revision("a", down="1 / 0")
    project.upgrade()

    with pytest.raises(RevisionRaised, match="run 'flask db downgrade' again"):
        list(downgrade_plan(project.environment()))


def test_a_revision_whose_upgrade_is_misspelt_is_not_taken_for_done(project):
    project.revision("a")
    path = project.folder / "versions" / "a.py"
    path.write_text(path.read_text().replace("def upgrade", "def ugprade"))

    with pytest.raises(NoUpgrade, match=r"There is no upgrade\(\) in .*a\.py"):
        project.upgrade()

    assert project.status.pending == ("a",)


def test_a_revision_for_another_bind_alone_may_have_nothing_for_this_one(project):
    project.revision("a")
    path = project.folder / "versions" / "a.py"
    path.write_text(path.read_text().replace("def upgrade", '@op.upgrade("visits")\ndef more'))

    assert [done.revision for done in project.upgrade()] == ["a"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_table_is_as_each_operation_before_left_it(rehearse):
    rehearse(
        """
        op.create_table("t", sa.Column("id", sa.Integer))
        for name in ("one", "two"):
            op.create_unique_constraint(name, "t", ["id"])
            op.drop_index(name, "t")
        op.drop_table("t")
        """
    )
