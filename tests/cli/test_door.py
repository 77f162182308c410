"""``flask db`` as an installed command: errors of ours without an app, the app's own with one."""

from __future__ import annotations

import json
import sys

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask, current_app
from flask.cli import FlaskGroup

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.cli.door import Door, door


class Installed(FlaskGroup):
    """Flask's own group as it is once our entry point is installed, and no other."""

    def _load_plugin_commands(self) -> None:
        self.add_command(door, "db")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs 'flask ...' in an empty folder, for the app that a function makes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delenv("FLASK_APP", raising=False)

    def run(typed: str, create_app=None) -> Result:
        group = Installed(name="flask", create_app=create_app, load_dotenv=False)
        return CliRunner().invoke(group, typed.split())

    return run


def migrated() -> Flask:
    app = Flask("shop")
    SchemaMigrate(app, engines="sqlite://")
    return app


def migrated_at(url: str) -> Flask:
    app = Flask("shop")
    SchemaMigrate(app, engines=sa.create_engine(url))
    return app


def foreign() -> Flask:
    app = Flask("shop")

    @app.cli.group("db", short_help="Theirs.")
    def group():
        pass

    @group.command("upgrade")
    def upgrade():
        click.echo(f"theirs for {current_app.name}")

    return app


def test_the_apps_own_command_is_what_runs(run):
    result = run("db init", migrated)

    assert result.stdout.startswith("Nothing to set up")


def test_the_help_is_that_of_the_apps_own_command(run):
    assert "Every day:" in run("db --help", migrated).stdout


def test_a_command_of_another_extension_keeps_its_name(run):
    assert run("db upgrade", foreign).stdout == "theirs for shop\n"


def test_the_list_of_commands_says_what_the_apps_own_says(run):
    assert "Theirs." in run("--help", foreign).stdout


def test_no_app_is_an_error_that_says_how_to_name_one(run):
    result = run("db upgrade")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' "
        "environment variable, or a 'wsgi.py' or 'app.py' file in the current directory.\n"
        "Migrations need the app that they are for: 'flask --app shop db'.\n"
    )


def test_an_app_without_the_extension_is_told_the_two_lines(run):
    result = run("db upgrade", lambda: Flask("shop"))

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The app 'shop' has no SchemaMigrate.\n")


def test_another_name_of_the_commands_is_told(run):
    def create_app() -> Flask:
        app = Flask("shop")
        SchemaMigrate(app, command="schema")
        return app

    assert "under 'flask schema', not 'flask db'" in run("db upgrade", create_app).stderr


def test_a_command_that_took_our_name_later_is_an_error_that_names_both(run):
    def create_app() -> Flask:
        app = migrated()
        app.cli.commands.update(foreign().cli.commands)
        return app

    result = run("db upgrade", create_app)

    assert result.exit_code == 1
    assert (
        f"Both flask_schemamigrate and {__name__.partition('.')[0]} give the app a command 'db'"
        in result.stderr
    )


def test_an_error_of_ours_while_the_app_is_made_reads_well(run):
    def create_app() -> Flask:
        app = Flask("shop")
        app.config["SCHEMAMIGRATE_LOCKWAIT"] = 1
        SchemaMigrate(app)
        return app

    result = run("db upgrade", create_app)

    assert result.stderr == (
        "Error: The config key SCHEMAMIGRATE_LOCKWAIT is not known.\n"
        "Did you mean SCHEMAMIGRATE_LOCK_WAIT?\n"
    )


APP = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://localhost/shop"
db = SQLAlchemy(app)
"""


def test_a_driver_missing_when_the_app_is_imported_is_named(run, tmp_path, monkeypatch):
    (tmp_path / "door_app.py").write_text(APP)
    monkeypatch.setitem(sys.modules, "psycopg2", None)

    result = run("--app door_app db upgrade")

    assert result.stderr == (
        "Error: The database driver 'psycopg2' is not installed.\n"
        "Install it: pip install 'psycopg2-binary'\n"
    )


def test_a_driver_missing_when_the_app_is_made_is_named(run, monkeypatch):
    def create_app() -> Flask:
        from flask_sqlalchemy import SQLAlchemy

        app = Flask("shop")
        app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://localhost/shop"
        SQLAlchemy(app)
        return app

    monkeypatch.setitem(sys.modules, "psycopg2", None)

    assert "'psycopg2' is not installed" in run("db upgrade", create_app).stderr


@pytest.mark.parametrize(
    ("line", "package", "instead"),
    [
        (
            "from alembic.operations import Operations",
            "alembic",
            "from flask_schemamigrate.operations import",
        ),
        (
            "from flask_migrate import Migrate, upgrade",
            "flask_migrate",
            "from flask_schemamigrate import SchemaMigrate, upgrade",
        ),
    ],
)
def test_an_app_that_still_imports_what_is_replaced_is_told_what_to_import(
    run, tmp_path, monkeypatch, line, package, instead
):
    (tmp_path / "door_ops.py").write_text(f"import os\n{line}\n")
    (tmp_path / "door_apps.py").write_text("import door_ops\n")
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"{package}.operations", raising=False)

    result = run("--app door_apps db upgrade")

    said, hint = result.stderr.split("\n", 1)
    assert said == f"Error: The app imports {package!r}, which is not installed (door_ops.py:2)."
    assert instead in hint
    assert "Come from Flask-Migrate" in hint
    assert "Traceback" not in result.stderr


def test_words_are_completed_from_the_apps_own_command(run):
    from click.shell_completion import ShellComplete

    group = Installed(name="flask", create_app=migrated, load_dotenv=False)

    found = ShellComplete(group, {}, "flask", "_FLASK_COMPLETE").get_completions(["db"], "list-")

    assert [item.value for item in found] == ["list-templates"]


def test_the_door_alone_is_harmless():
    assert CliRunner().invoke(Door("db"), []).exit_code == 0


@pytest.mark.parametrize(("wish", "is_coloured"), [("", True), ("1", False)])
def test_an_error_before_there_is_a_group_heeds_no_color_too(wish, is_coloured):
    group = Installed(name="flask", create_app=lambda: Flask("shop"), load_dotenv=False)
    result = CliRunner().invoke(group, ["db", "upgrade"], color=True, env={"NO_COLOR": wish})
    assert ("\x1b[31m" in result.stderr) is is_coloured


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgres://app:hush@localhost/shop", "Can't load plugin: sqlalchemy.dialects:postgres."),
        ("postgresql//app:hush@localhost/shop", "it is not a database URL."),
        ("postgresql://app:hush@localhost:port/shop", "it is not a database URL."),
        ("sqlite://hush.db", "it is not a database URL."),
    ],
)
def test_a_url_that_the_app_stumbles_over_is_said_without_the_password(run, url, reason):
    result = run("db upgrade", lambda: migrated_at(url))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: A database URL of the app cannot be used: {reason}\n"
        "It reads 'dialect+driver://user:password@host:port/database', such as "
        "postgresql+psycopg://app@localhost/shop. A file has no host: 'dialect:///shop.db'.\n"
    )


def test_another_error_of_the_app_keeps_its_traceback(run):
    def create_app():
        raise RuntimeError("no secret key")

    result = run("db upgrade", create_app)

    assert isinstance(result.exception, RuntimeError)


@pytest.mark.parametrize("asked", ["--format json", "--format=json"])
def test_without_an_app_programs_are_told_in_json_too(run, asked):
    result = run(f"db status {asked}")

    assert result.exit_code == 1
    assert json.loads(result.stderr)["error"] == "NoAppFound"
