"""Whatever branch of git one goes to, the database follows by what the history has kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.looking import status
from flask_schemamigrate.commands.restoring import lent
from flask_schemamigrate.commands.running import downgrade, upgrade
from flask_schemamigrate.config import Config
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors import UnknownApplied

FILE = '''"""{id}"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = {id!r}
down_revision = {parents!r}
depends_on = {depends_on!r}


def upgrade():
    op.create_table("{id}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("{id}")
'''


def a_graph(chance: random.Random, size: int) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """Revisions with their parents, of which some have two, and what some depend on."""
    found: dict[str, tuple[tuple[str, ...], str | None]] = {}
    for number in range(size):
        earlier = list(found)
        count = min(chance.choice([1, 1, 1, 2]), len(earlier))
        depends_on = chance.choice(earlier) if earlier and chance.random() < 0.2 else None
        found[f"r{number}"] = tuple(sorted(chance.sample(earlier, count))), depends_on
    return found


def checked_out(folder: Path, graph, chance: random.Random) -> set[str]:
    """Leave the files of a random branch in the folder, with all that it stands on."""
    branch, waiting = set(), chance.sample(list(graph), chance.randint(1, 3))
    while waiting:
        branch.add(id := waiting.pop())
        parents, depends_on = graph[id]
        waiting += [*parents, *([depends_on] if depends_on else [])]
    for path in folder.glob("*.py"):
        path.unlink()
    for id in branch:
        parents, depends_on = graph[id]
        text = FILE.format(id=id, parents=parents or None, depends_on=depends_on)
        (folder / f"{id}.py").write_text(text)
    return branch


@pytest.mark.parametrize("seed", range(2))
def test_the_database_is_what_the_branch_says_after_each_switch(tmp_path, database, seed):
    chance = random.Random(seed)
    graph = a_graph(chance, 10)
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    engine = database.engine()
    config, taken_back = Config(cache=False), 0
    for _ in range(8):
        branch = checked_out(folder, graph, chance)
        here = Environment.without_app(folder.parent, engines=engine, config=config)

        try:
            list(upgrade(here, "heads"))
        except UnknownApplied:
            taken_back += 1
            with lent(here) as undone:
                list(downgrade(here, undone=undone))
            list(upgrade(here, "heads"))

        tables = sa.inspect(engine).get_table_names()
        assert {name for name in tables if not name.startswith("schemamigrate")} == branch
        assert {path.stem for path in folder.glob("*.py")} == branch
        (found,) = status(here)
        assert found.is_ready
    assert taken_back > 2
