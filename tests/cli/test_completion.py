"""Completing revisions in a shell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete
from flask import Flask
from flask.cli import FlaskGroup

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.cli.verbs import HELP
from flask_schemamigrate.commands import writing

WORDS = ["head", "heads", "base", "current"]


@pytest.fixture
def app(tmp_path):
    app = Flask("shop", root_path=str(tmp_path))
    SchemaMigrate(app, engines="postgresql+psycopg://nobody@192.0.2.1/none")
    with app.app_context():
        environment = app.extensions["schemamigrate"].environment()
        writing.revision(environment, "first tables", place=writing.Place(rev_id="ab12"))
        place = writing.Place(rev_id="ac34", branch_label="orders")
        writing.revision(environment, "count orders", place=place)
    return app


@pytest.fixture
def complete(app):
    """What a shell offers for the last word of a line, by word."""
    group = FlaskGroup(create_app=lambda: app, load_dotenv=False)
    shell = ShellComplete(group, {}, "flask", "_FLASK_COMPLETE")

    def complete(*typed: str) -> dict[str, str | None]:
        *before, last = typed
        return {item.value: item.help for item in shell.get_completions([*before], last)}

    return complete


@pytest.mark.parametrize(
    "verb",
    [
        ["upgrade"],
        ["downgrade"],
        ["show"],
        ["edit"],
        ["stamp"],
        ["merge", "ab12"],
        ["resolve"],
        ["log"],
        ["rebase"],
        ["rebase", "--onto"],
        ["migrate", "--head"],
        ["revision", "--depends-on"],
    ],
    ids=" ".join,
)
def test_revisions_are_offered_the_newest_first_with_their_messages(complete, verb):
    offered = complete("db", *verb, "")
    assert [*offered] == ["ac34", "ab12", "orders@head", *WORDS]
    assert offered["ac34"] == "count orders"


def test_what_is_typed_already_narrows_the_offer(complete):
    assert [*complete("db", "upgrade", "ab")] == ["ab12"]
    assert [*complete("db", "upgrade", "o")] == ["orders@head"]


def test_both_ends_of_a_range_are_completed(complete):
    assert [*complete("db", "history", "-r", "ab")] == ["ab12"]
    assert [*complete("db", "history", "-r", "ab12:a")] == ["ab12:ac34", "ab12:ab12"]


def test_the_folder_that_was_typed_is_the_one_looked_into(complete):
    assert [*complete("db", "-d", "elsewhere", "upgrade", "")] == WORDS


def test_revisions_that_cannot_be_read_leave_the_words(complete, tmp_path):
    (tmp_path / "migrations" / "versions" / "broken.py").write_text("revision = (")
    assert [*complete("db", "show", "")] == WORDS


def test_a_shell_itself_is_given_ids_and_messages(app, tmp_path):
    (tmp_path / "shop.py").write_text(
        "from flask import Flask\n"
        "from flask_schemamigrate import SchemaMigrate\n"
        "app = Flask(__name__)\n"
        "SchemaMigrate(app, engines='sqlite://')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "from flask.cli import cli; cli.main(prog_name='flask')"],
        cwd=tmp_path,
        env={
            "FLASK_APP": "shop",
            "_FLASK_COMPLETE": "zsh_complete",
            "COMP_WORDS": "flask db upgrade a",
            "COMP_CWORD": "3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ac34\ncount orders" in done.stdout


@pytest.mark.parametrize("verb", HELP)
def test_every_verb_shows_an_example(app, verb):
    shown = app.test_cli_runner().invoke(args=["db", verb, "--help"]).stdout
    assert f"Examples:\n    flask db {verb}" in shown
