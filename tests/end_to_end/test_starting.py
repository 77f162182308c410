"""What commands import: little, until they know that there is something to do."""

from __future__ import annotations

import subprocess
import sys

import pytest

RUN = """
import sys
from flask import Flask
from flask_schemamigrate import SchemaMigrate
app = Flask("shop", root_path=sys.argv[1])
SchemaMigrate(app, engines=sys.argv[2])
for verb in sys.argv[3:]:
    done = app.test_cli_runner().invoke(args=["db", verb])
    assert done.exit_code == 0, done.output
print(*sys.modules)
"""
# What takes longer to import than all of a command that finds nothing to do.
HEAVY = {
    f"flask_schemamigrate.{name}"
    for name in ("schema", "operations", "dialects.base", "runner.run", "runner.events")
}


@pytest.fixture
def loaded(project, sqlite):
    """The modules there are when a process has run these verbs."""

    def loaded(*verbs: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(project), str(sqlite.url), *verbs],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
        return set(done.stdout.split())

    return loaded


def test_what_carries_revisions_out_waits_until_there_is_one(loaded, revisions):
    revisions(aa="def upgrade():\n    op.execute('SELECT 1')\n")
    assert loaded("upgrade") >= HEAVY

    found = loaded("heads", "history", "current", "status", "upgrade")

    assert found & (HEAVY | {"flask_schemamigrate.revisions.checksum", "mako"}) == set()
