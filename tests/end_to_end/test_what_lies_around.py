"""What commands leave beside the revisions: nothing that anybody has to look at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import flask_schemamigrate


def untracked(folder: Path) -> list[str]:
    """What git would list as new."""
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    listed = ["git", "status", "--porcelain", "--untracked-files=all"]
    done = subprocess.run(listed, cwd=folder, check=True, capture_output=True, text=True)
    return [line[3:] for line in done.stdout.splitlines()]


@pytest.fixture
def app(new_app, sqlite):
    """An app on SQLite, with its context pushed."""
    app = new_app(sqlite.url)
    with app.app_context():
        yield app


def aged(project: Path) -> None:
    """Let the revisions look as if nobody had touched them for a while."""
    for path in project.glob("migrations/versions/*.py"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_small_project_gets_revisions_and_nothing_else(app, project, revisions):
    revisions(aa="def upgrade():\n    pass\n", bb="def upgrade():\n    pass\n")
    aged(project)
    flask_schemamigrate.upgrade()
    flask_schemamigrate.history()
    assert untracked(project) == ["migrations/versions/000_aa.py", "migrations/versions/001_bb.py"]


def test_git_does_not_see_what_a_large_project_remembers(app, project, revisions, monkeypatch):
    monkeypatch.setattr("flask_schemamigrate.revisions.cache.RACY_NANOSECONDS", -1)
    revisions(**{f"r{number}": "def upgrade():\n    pass\n" for number in range(120)})
    flask_schemamigrate.heads()
    assert (project / "migrations" / ".cache" / "headers.json").exists()
    assert len(untracked(project)) == 120
