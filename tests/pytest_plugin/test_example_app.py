"""The example's own suite, which uses everything the plugin has."""

from __future__ import annotations

import os
import re
import shutil
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


def test_the_commands_of_its_readme_run_in_their_order(tmp_path):
    shop = tmp_path / "example_app"
    shutil.copytree(ROOT / "example_app", shop, ignore=shutil.ignore_patterns("instance"))
    text = (shop / "README.md").read_text()
    lines = re.findall(r"^flask --app shop ((?:db|fill|show) .*?)(?: +#.*)?$", text, re.MULTILINE)
    assert len(lines) >= 4
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    for line in ["db upgrade", "fill", *lines]:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "shop", *line.split()],
            cwd=shop,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
