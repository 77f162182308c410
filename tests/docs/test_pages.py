"""Every command and Python example of the README and the docs does what is printed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.page import Page
from tests.docs.player import Departure, Player
from tests.docs.stage import Desk

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("**/*.md"))]
PAGES = [path for path in PAGES if "_build" not in path.parts]


def has_examples(path: Path) -> bool:
    return any(block.is_example and not block.unrun for block in Page.read(path).blocks())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*filter(has_examples, PAGES)], ids=name)
def test_a_page_does_what_it_says(path, new_database, tmp_path, pytestconfig, monkeypatch):
    for variable in ("DATABASE_URL", "FLASK_APP", "FLASK_DEBUG"):
        monkeypatch.delenv(variable, raising=False)
    home = tmp_path / "shop"
    home.mkdir()
    player = Player(Desk.at(home, new_database))
    page = Page.read(path)
    try:
        for before in page.before():
            player.play(before)
        player.play(page, update=pytestconfig.getoption("update_scenarios"))
    except Departure as departure:
        pytest.fail(str(departure), pytrace=False)


UNPLAYED = [
    "README.md: it installs packages; continuous integration runs the one below",
    "README.md: it is what runs this test",
    "README.md: it makes an environment and installs packages",
    "docs/how-to/come-from-flask-migrate.md: a fragment, for an app with such revisions",
    "docs/how-to/come-from-flask-migrate.md: a fragment, of the app's start-up code",
    "docs/how-to/test-your-migrations.md: a fragment, for a conftest.py",
    "docs/how-to/use-it-from-python.md: a fragment, for a module of the app",
    "docs/how-to/write-raw-sql.md: a fragment",
    "docs/how-to/write-raw-sql.md: a fragment, and SQLite would not show what it is for",
    "docs/tutorial.md: it makes an environment and installs packages",
    "docs/tutorial.md: it needs a server to deploy to",
    "docs/tutorial.md: it needs the right to create databases on a server",
]


def test_what_is_not_played_is_known():
    blocks = ((path, block) for path in PAGES for block in Page.read(path).blocks())
    assert sorted(f"{name(path)}: {block.unrun}" for path, block in blocks if block.unrun) == (
        UNPLAYED
    )
