"""The machinery of the scenarios: what it reads, what it renames, what it notices."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.databases.servers import KINDS, MARIADB_AND_MYSQL
from tests.scenarios import story
from tests.scenarios.story import Command, File
from tests.scenarios.wording import Wording, agree

ROOT = Path(__file__).parents[2]
TOLD = """\
A title, and
a word about it.

only: sqlite, mariadb

-- a/b.txt --
one

two

// Prose.
[mariadb] $ flask ask
< yes
< no

It asked.

It got.
[exit 3]

$ true
"""


@pytest.fixture
def wording(tmp_path):
    """A wording over an empty folder."""
    return Wording(tmp_path)


def test_a_story_is_read_in_its_order():
    told = story.read(TOLD)
    file, ask, true = told.steps
    assert told.kinds == ("sqlite", *MARIADB_AND_MYSQL)
    assert file == File("a/b.txt", "one\n\ntwo\n")
    assert isinstance(ask, Command)
    assert (ask.line, ask.kinds, ask.answers) == ("flask ask", MARIADB_AND_MYSQL, ("yes", "no"))
    assert ask.outcome == "It asked.\n\nIt got.\n[exit 3]"
    assert isinstance(true, Command)
    assert (true.number, true.kinds, true.outcome) == (21, ("sqlite", *MARIADB_AND_MYSQL), "")


def test_a_story_is_told_anew_with_nothing_else_changed():
    told = story.read(TOLD)
    _, ask, true = told.steps
    assert isinstance(ask, Command)
    assert isinstance(true, Command)
    anew = told.told_anew({ask: "It failed.\n[exit 1]", true: "Done."})
    wanted = TOLD.replace("\nIt asked.\n\nIt got.\n[exit 3]\n", "It failed.\n[exit 1]\n")
    assert anew == wanted + "Done.\n"
    assert story.read(anew).told_anew({}) == anew


@pytest.mark.parametrize("text", ["", "Prose only.", "only: oracle\n\n$ true"])
def test_what_is_no_story_is_refused(text):
    with pytest.raises(story.NotAStory):
        story.read(text)


@pytest.mark.parametrize(
    ("guard", "kinds"),
    [
        ("", KINDS),
        ("sqlite", ("sqlite",)),
        ("mariadb, postgresql", ("postgresql", *MARIADB_AND_MYSQL)),
        ("!sqlite", ("postgresql", *MARIADB_AND_MYSQL)),
    ],
)
def test_a_guard_chooses_the_databases(guard, kinds):
    assert story.chosen(guard) == kinds


@pytest.mark.parametrize(
    ("expected", "said", "agrees"),
    [
        ("", "", True),
        ("a\nb", "a\nb", True),
        ("a\nb", "a", False),
        ("", "a", False),
        ("...", "", True),
        ("a\n...\nz", "a\nz", True),
        ("a\n...\nz", "a\nb\nc\nz", True),
        ("a\n...\nz", "a\nb", False),
        ("line ... of f(x)", "line 12 of f(x)", True),
        ("line ... of f(x)", "line 12\n of f(x)", False),
        ("a+", "aa", False),
    ],
)
def test_an_ellipsis_stands_for_what_may_differ(expected, said, agrees):
    assert agree(expected, said) is agrees


@pytest.mark.parametrize(
    ("printed", "general"),
    [
        ("took 12 ms, then 0.5 s", "took <duration>, then <duration>"),
        ("v1.5 s2 has 3 sheets", "v1.5 s2 has 3 sheets"),
        ("born 1999-12-31 23:59:59", "born 1999-12-31 23:59:59"),
        ("20201301_0242_x.py", "20201301_0242_x.py"),
        ("at {0:%Y-%m-%d %H:%M:%S}.123+00:00!", "at <time>!"),
        ("at {0:%Y-%m-%dT%H:%M:%S}Z", "at <time>"),
        ("on {0:%Y-%m-%d}", "on <date>"),
        ("{0:%Y%m%d}_{0:%H%M}_first.py", "<time>_first.py"),
        ("{0:%Y_%m_%d}_{0:%H%M}-first.py", "<time>-first.py"),
    ],
)
def test_this_runs_times_have_a_name(wording, printed, general):
    assert wording.general(printed.format(datetime.now(UTC))) == general


def test_revisions_are_numbered_as_they_are_written(wording, tmp_path: Path):
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "1.py").write_text('revision: str = "ffffffffffff"\ndown_revision = None\n')
    wording.learn()
    (versions / "0.py").write_text("revision = '0123456789ab'\ndown_revision = 'ffffffffffff'\n")
    (versions / "2.py").write_text("revision = 'chosen'\n")
    wording.learn()
    said = "ffffffffffff -> 0123456789ab, chosen, aaaaaaaaaaaa"
    assert wording.general(said) == "<rev1> -> <rev2>, chosen, aaaaaaaaaaaa"
    assert wording.particular("upgrade <rev2>") == "upgrade 0123456789ab"


@pytest.fixture
def path(pytester):
    """Where the scenario that is played stands."""
    path = pytester.path / "scenarios" / "one.txt"
    path.parent.mkdir()
    return path


@pytest.fixture
def play(pytester, path):
    """Play one scenario, given as text, and say how it went."""
    pytester.makeini(f"[pytest]\npythonpath = {ROOT}\naddopts = -p no:cacheprovider")
    pytester.makeconftest('pytest_plugins = ["tests.databases.plugin", "tests.scenarios.plugin"]')

    def play(text, *options):
        path.write_text(text)
        return pytester.runpytest_subprocess("-p", "no:xdist", *options)

    return play


WRONG = "only: sqlite\n\n$ echo is; exit 4\nwas\n\n// Then.\n$ echo right\nright\n"


def test_a_departure_is_shown_with_its_place(play):
    result = play(WRONG)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*one.txt:3: $ echo is; exit 4", "- was", "+ is", "+ [[]exit 4[]]"]
    )


def test_updating_writes_what_was_done(play, path):
    play(WRONG, "--update-scenarios").assert_outcomes(passed=1)
    assert path.read_text() == WRONG.replace("was", "is\n[exit 4]")


def test_an_error_in_the_app_is_shown_with_its_traceback(play):
    app = "-- app.py --\nfrom flask import Flask\n\napp = Flask(__name__)\n"
    command = "\n\n@app.cli.command()\ndef fail():\n    raise ValueError('oh')\n"
    result = play(f"only: sqlite\n\n{app}{command}\n$ flask fail\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ValueError: oh*"])


def test_a_text_that_is_no_story_is_an_error(play):
    result = play("only: oracle\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*oracle is none of sqlite, postgresql, mariadb"])
