"""A revision that goes wrong where it is only rehearsed: it is named, and nothing is changed."""

from __future__ import annotations

import pytest

from flask_schemamigrate.commands.planning import downgrade_plan, upgrade_plan
from flask_schemamigrate.commands.scripting import upgrade_script
from flask_schemamigrate.commands.stamping import stamp
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
