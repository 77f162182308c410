"""What a run calls is called in earnest, and told apart from what it was before."""

from __future__ import annotations

from functools import partial

import pytest

from flask_schemamigrate.commands.seeding import content, seed
from flask_schemamigrate.errors.runs import RevisionRaised, SeedFailed
from flask_schemamigrate.hooks import Seed
from tests.runner.test_data_steps import seeds


def countries(connection):
    """Some that there are."""
    connection.execute("INSERT INTO country (name) VALUES ('Chad')", None)


class Cities:
    def __call__(self):
        return None


async def late(*_):
    return None


@pytest.mark.parametrize(
    ("up", "more"),
    [
        ("pass", ""),
        ("op.run_data(wait)", "async def wait(connection): pass"),
        ("op.run_data(wait, 'thing')", "async def wait(connection, rows): pass"),
    ],
)
def test_what_is_asynchronous_does_not_count_as_done(project, up, more):
    table = "op.create_table('thing', sa.Column('id', sa.Integer, primary_key=True))"
    project.revision("a", f"{table}\nop.execute('INSERT INTO thing VALUES (1)')")
    project.revision("b", up, more=more)
    path = project.folder / "versions" / "b.py"
    if "op." not in up:
        path.write_text(path.read_text().replace("def upgrade", "async def upgrade"))

    with pytest.raises(RevisionRaised, match=r"\(\) is an 'async def', and nobody awaits it"):
        project.upgrade()

    assert "b" not in project.status.current


def test_a_seed_that_is_asynchronous_does_not_count_as_run(project):
    with pytest.raises(SeedFailed, match=r"late\(\) is an 'async def'"):
        list(seed(seeds(project, Seed("late", late))))


def test_a_seed_is_the_same_with_every_release_of_python():
    told = "4029cd1cc4bbfefa407fde47660ad4db"

    assert content(Seed("countries", countries))[:32] == told


@pytest.mark.parametrize("one", [partial(countries, None), Cities()])
def test_a_seed_may_be_anything_that_can_be_called(one):
    again = Cities() if isinstance(one, Cities) else partial(countries, None)

    assert content(Seed("one", one)) == content(Seed("one", again))
