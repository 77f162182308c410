"""Suites of made-up projects, run by pytest within pytest."""

from __future__ import annotations

import pkgutil
import textwrap
from collections.abc import Callable
from importlib import import_module

import flask_sqlalchemy  # noqa: F401
import pytest

import flask_schemamigrate

# Pytester forgets what is first imported while it runs a suite, and would import it every time.
for found in pkgutil.walk_packages(flask_schemamigrate.__path__, "flask_schemamigrate."):
    import_module(found.name)

PLUGIN = (
    # By its module, so that it need not be installed; if it is, then once is enough.
    *("-p", "no:schemamigrate", "-p", "flask_schemamigrate.pytest_plugin"),
    *("-p", "no:xdist", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-W", "error"),
    # It was imported by the suite around it.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

APP = """
import os
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_schemamigrate import SchemaMigrate

db = SQLAlchemy()

class Owner(db.Model):
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False)

class Pet(db.Model):
    __table_args__ = (sa.CheckConstraint("age >= 3", name="ck_pet_age"),)
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False, index=True)
    age = sa.Column(sa.Integer, nullable=False)
    owner_id = sa.Column(sa.ForeignKey("owner.id", name="fk_pet_owner_id"), nullable=False)

def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    db.init_app(app)
    SchemaMigrate(app, db)
    return app
"""

CONFTEST = """
import pytest
from shop import create_app

@pytest.fixture
def app():
    return create_app()
"""

FIRST = """
op.create_table(
    "owner",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False),
)
op.create_table(
    "pet",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("age", sa.Integer, nullable=False),
    sa.Column("owner_id", sa.Integer, nullable=False),
    sa.CheckConstraint("age >= 3", name="ck_pet_age"),
    sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name="fk_pet_owner_id"),
)
op.create_index("ix_pet_name", "pet", ["name"])
"""
DROPPED = 'op.drop_table("pet")\nop.drop_table("owner")'


class Project:
    """A project with an app, its revisions and its tests, in a folder of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makepyfile(shop=APP)
        pytester.makeconftest(CONFTEST)
        self.revision("first", up=FIRST, down=DROPPED)

    def revision(
        self,
        id: str,
        *,
        up: str = "pass",
        down: str = "pass",
        after: str | None = None,
        **more: str,
    ) -> None:
        """Write a revision; ``more`` are further names in it."""
        lines = [
            f'"""the {id}"""',
            "import sqlalchemy as sa",
            "from flask_schemamigrate import op",
            f"revision = {id!r}",
            f"down_revision = {after!r}",
            *(f"{name} = {value!r}" for name, value in more.items()),
            f"def upgrade():\n{textwrap.indent(up.strip(), '    ')}",
            f"def downgrade():\n{textwrap.indent(down.strip(), '    ')}",
        ]
        folder = self.pytester.path / "migrations" / "versions"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{id}.py").write_text("\n".join(lines), encoding="utf-8")

    def run(self, *options: str) -> pytest.RunResult:
        """Run the project's suite."""
        return self.pytester.runpytest_inprocess(*PLUGIN, *options)

    def test(self, source: str) -> pytest.RunResult:
        """Run one file of tests, without the ready-made ones."""
        self.pytester.makepyfile(test_shop=source)
        return self.run()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that is in order, on a SQLite file that nothing may touch."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///untouched.db")
    monkeypatch.delenv("FLASK_APP", raising=False)
    return Project(pytester)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the project's app be on another database."""
    return lambda url: monkeypatch.setenv("DATABASE_URL", url)
