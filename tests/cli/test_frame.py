"""What every verb has around it: arguments as typed, shared options, errors, colours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.cli import Commands, output
from flask_schemamigrate.cli.frame import relative_last, verb
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors import RefusedForSafety


@dataclass(frozen=True)
class Step:
    revision: str
    path: Path
    at: datetime
    labels: frozenset[str]


STEPS = [Step("ab12", Path("/m/ab12.py"), datetime(2026, 1, 2, tzinfo=UTC), frozenset({"b", "a"}))]


@verb("db echo head", "db echo -1")
@click.argument("revisions", nargs=-1)
@click.option("-r", "--range", "span")
@click.option("--sql", is_flag=True)
@click.option("-v", "--verbose", count=True)
def echo(
    environment: Environment, revisions: tuple[str, ...], span: str | None, sql: bool, verbose: int
) -> None:
    """Say what was typed.

    At length.
    """
    click.echo(json.dumps([revisions, span, sql, verbose]))
    click.echo(json.dumps([environment.x, environment.directory.name]), err=True)


@verb()
@output.format_option
def refuse(environment: Environment, format: str) -> None:
    """Raise an error."""
    raise RefusedForSafety("3 rows would be lost.", hint="Add --yes if they may be.")


@verb(name="break")
@output.format_option
def broken(environment: Environment, format: str) -> None:
    """Raise an error because of another."""
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        raise RefusedForSafety("3 rows would be lost.") from error


@verb()
@output.format_option
def steps(environment: Environment, format: str) -> None:
    """Print results."""
    output.write(STEPS, format=format, text=lambda step: output.marked("+", step.revision))


@pytest.fixture
def run():
    """Runs 'flask db ...' in an app that has a few more verbs."""
    app = Flask("shop")
    SchemaMigrate(app, engines="sqlite://")
    group = app.cli.commands["db"]
    assert isinstance(group, Commands)
    for command in (echo, refuse, broken, steps):
        group.add_command(command)

    def run(typed: str, **options) -> Result:
        return app.test_cli_runner().invoke(args=["db", *typed.split()], **options)

    return run


def typed(result: Result) -> list[object]:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "revision", ["-1", "+1", "-12", "label@-1", "ab12-2", "head", "-1:base", "base"]
)
def test_a_revision_arrives_as_typed(run, revision):
    assert typed(run(f"echo {revision}"))[0] == [revision]


def test_relative_revisions_stay_in_their_order(run):
    assert typed(run("echo ab12 -1 +2 --sql -3 -v"))[:3] == [["ab12", "-1", "+2", "-3"], None, True]


@pytest.mark.parametrize("option", ["-r -3:current", "-r-3:current", "--range -3:current"])
def test_a_range_from_a_relative_revision_is_the_value_of_its_option(run, option):
    assert typed(run(f"echo -1 {option}"))[:2] == [["-1"], "-3:current"]


def test_two_dashes_still_end_the_options(run):
    assert typed(run("echo --sql -- -1 --x"))[::2] == [["-1", "--x"], True]


def test_an_option_that_is_none_is_still_an_error(run):
    result = run("echo --sqll -1")

    assert (result.exit_code, "No such option" in result.stderr) == (2, True)


def test_arguments_without_a_relative_revision_are_left_as_they_are():
    assert relative_last(["--sql", "-x", "a=1", "head"], {"-x"}) == ["--sql", "-x", "a=1", "head"]


def test_an_option_at_the_end_keeps_its_error():
    assert relative_last(["-1", "-x"], {"-x"}) == ["-x", "--", "-1"]


def test_free_arguments_before_and_after_the_verb_are_each_there_once(run):
    result = run("-x a=1 echo -x b=2 -1")

    assert json.loads(result.stderr)[0] == ["a=1", "b=2"]


def test_the_directory_after_the_verb_goes_before_the_one_in_front(run):
    assert json.loads(run("-d one echo").stderr)[1] == "one"
    assert json.loads(run("-d one echo -d two").stderr)[1] == "two"


def test_the_directory_may_come_from_the_process_environment(run):
    result = run("echo", env={"FLASK_DB_DIRECTORY": "set"}, auto_envvar_prefix="FLASK")

    assert json.loads(result.stderr)[1] == "set"


def test_an_error_is_its_message_its_hint_and_its_exit_code(run):
    result = run("refuse")

    assert (result.exit_code, result.stdout, result.stderr) == (
        5,
        "",
        "Error: 3 rows would be lost.\nAdd --yes if they may be.\n",
    )


@pytest.mark.parametrize("typed", ["refuse --traceback", "--traceback refuse"])
def test_a_traceback_is_shown_when_asked_for(run, typed):
    result = run(typed)

    assert result.exit_code == 5
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.endswith("Add --yes if they may be.\n")


def test_debug_mode_shows_where_an_error_of_somebody_else_comes_from(run):
    result = run("break", env={"FLASK_DEBUG": "1"})

    assert "ZeroDivisionError: division by zero" in result.stderr
    assert "Traceback" not in run("break").stderr


def test_a_refusal_stays_its_message_in_debug_mode(run):
    plain = run("refuse")

    assert run("refuse", env={"FLASK_DEBUG": "1"}).stderr == plain.stderr


def test_an_error_as_json_is_nothing_else_in_debug_mode(run):
    result = run("break --format json", env={"FLASK_DEBUG": "1"})

    assert json.loads(result.stderr)["message"] == "3 rows would be lost."


def test_an_error_is_json_where_results_are(run):
    result = run("refuse --format json")

    assert json.loads(result.stderr) == {
        "error": "RefusedForSafety",
        "message": "3 rows would be lost.",
        "hint": "Add --yes if they may be.",
        "facts": {},
    }


def test_results_are_text_for_people(run):
    assert run("steps").stdout == "+ ab12\n"


def test_results_are_a_line_of_json_each_for_programs(run):
    assert json.loads(run("steps --format json").stdout) == {
        "revision": "ab12",
        "path": "/m/ab12.py",
        "at": "2026-01-02T00:00:00+00:00",
        "labels": ["a", "b"],
    }


def test_a_terminal_gets_colours(run):
    assert run("steps", color=True).stdout == "\x1b[32m+\x1b[0m ab12\n"


def test_no_color_is_respected(run):
    assert run("steps", color=True, env={"NO_COLOR": "1"}).stdout == "+ ab12\n"


def test_help_shows_examples_and_the_shared_options_apart(run):
    shown = run("echo --help").stdout

    own, _, shared = shown.partition("Options of every command:")
    assert "--sql" in own
    assert "--directory" in shared
    assert "    flask db echo head\n    flask db echo -1\n" in shared


def test_help_has_no_row_for_an_argument_which_is_told_of_above(run):
    options = run("echo --help").stdout.partition("Options:")[2]

    assert "REVISIONS" not in options
