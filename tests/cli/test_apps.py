"""The real ``flask`` program finds the revisions of every form of app, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MADE = """
from flask import Flask
from flask_schemamigrate import SchemaMigrate

migrate = SchemaMigrate(engines="sqlite://")
"""

FACTORY = """
def create_app():
    app = Flask(__name__)
    migrate.init_app(app)
    return app
"""

MODULE_LEVEL = """
app = Flask(__name__)
migrate.init_app(app)
"""

FORMS = {
    "a factory in a package": ("shop/__init__.py", MADE + FACTORY, "shop"),
    "an app in a module": ("shop.py", MADE + MODULE_LEVEL, "shop"),
    "an app in a module of a package": ("shop/web/app.py", MADE + MODULE_LEVEL, "shop.web.app"),
    "a factory by its call": ("shop/__init__.py", MADE + FACTORY, "shop:create_app()"),
    "app.py, found without a name": ("app.py", MADE + MODULE_LEVEL, None),
}


@pytest.mark.parametrize(("file", "text", "name"), FORMS.values(), ids=FORMS)
def test_the_revisions_are_beside_the_app(tmp_path, file, text, name):
    path = tmp_path / "project" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    project = tmp_path / "project"
    environ = {key: value for key, value in os.environ.items() if not key.startswith("FLASK_")}

    done = subprocess.run(
        [sys.executable, "-m", "flask", *(["--app", name] if name else []), "db", "init"],
        cwd=elsewhere if name else project,
        env=environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(project)])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == (
        f"Nothing to set up: revisions are in {project}/migrations/versions.\n",
        "",
    )
