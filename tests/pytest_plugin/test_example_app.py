"""The example's own suite, which uses everything the plugin has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_examples_own_tests_pass(database_url, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", str(ROOT / "example_app"), "-q"),
            *("-p", "no:schemamigrate", "-p", "flask_schemamigrate.pytest_plugin"),
            *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest"),
            *("-W", "error", "--basetemp", str(tmp_path / "shop")),
        ],
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
