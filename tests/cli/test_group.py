"""The group ``flask db``: its help, its verbs, and where they come from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.cli import Commands
from flask_schemamigrate.cli.verbs import HELP, SECTIONS

LISTED = """
import sys
from flask import Flask
from flask_schemamigrate import SchemaMigrate
app = Flask("shop")
SchemaMigrate(app)
app.test_cli_runner().invoke(args=sys.argv[1:])
loaded = [name for name in sys.modules if name.startswith("flask_schemamigrate.")]
print(*sorted(name.partition(".")[2] for name in loaded), "mako" in sys.modules)
"""


@pytest.fixture
def app(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app)
    return app


@pytest.fixture
def run(app):
    def run(*typed: str) -> click.testing.Result:
        return app.test_cli_runner().invoke(args=["db", *typed])

    return run


@pytest.mark.parametrize("typed", [["--help"], ["db", "--help"]])
def test_help_loads_no_verb(typed):
    done = subprocess.run(
        [sys.executable, "-c", LISTED, *typed], capture_output=True, text=True, check=True
    )

    assert set(done.stdout.split()) - {"cli.verbs"} == {
        "cli",
        "config",
        "extension",
        "hooks",
        "False",
    }


def test_help_groups_the_verbs_under_headings(run):
    shown = run("--help").stdout

    assert [heading for heading in SECTIONS if f"\n{heading}:\n" in shown] == [*SECTIONS]
    assert "  upgrade         Carry out the revisions that are pending.\n" in shown


def test_a_command_that_was_added_to_the_group_is_listed(app, run):
    app.cli.commands["db"].command("vacuum", short_help="Make room.")(lambda: None)

    assert "\nAdded:\n  vacuum          Make room.\n" in run("--help").stdout


def test_a_command_that_was_added_goes_before_a_verb(app, run):
    app.cli.commands["db"].command("init")(lambda: click.echo("mine"))

    assert run("init").stdout == "mine\n"


def test_a_mistyped_verb_is_answered_with_the_near_one(run):
    result = run("upgrad")

    assert result.exit_code == 2
    assert "No such command 'upgrad'. Did you mean 'upgrade'?" in result.stderr


def test_an_option_that_the_group_does_not_have_is_an_error_of_usage(run):
    assert "No such option" in run("--sql").stderr


def test_the_help_of_a_verb_fits_on_a_line():
    assert [text for text in HELP.values() if len(text) > 60 or not text.endswith(".")] == []


def test_a_group_may_have_any_name():
    app = Flask("shop")
    SchemaMigrate(app, command="schema-changes")

    assert isinstance(app.cli.commands["schema-changes"], Commands)


def test_init_says_that_nothing_is_needed(run, tmp_path):
    result = run("init")

    assert result.stdout == (
        f"Nothing to set up: revisions are in {tmp_path}/migrations/versions.\n"
    )
    assert [*tmp_path.iterdir()] == []


def test_init_takes_what_flask_migrates_takes(run, tmp_path):
    result = run("init", "--multidb", "-t", "flask-multidb", "--package", "-d", "elsewhere")

    assert result.stdout == (
        "Nothing to set up, and no --multidb, --template or --package needed: "
        f"revisions are in {tmp_path}/elsewhere/versions.\n"
    )


def test_list_templates_names_the_one_to_begin_a_copy_from(run):
    result = run("list-templates", "-d", "migrations")

    path = result.stdout.removeprefix("Nothing to choose: new revisions are made from ")
    assert "down_revision = $" in Path(path.partition("\n")[0].removesuffix(".")).read_text()
    assert result.stdout.endswith(".\nSCHEMAMIGRATE_TEMPLATE names a template of your own.\n")
