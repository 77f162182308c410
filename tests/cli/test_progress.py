"""On a terminal, what is being done stands on one line, and is gone before a result is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flask_schemamigrate.cli.verbs._progress import Screen, fitted

ROOT = Path(__file__).resolve().parents[2]

APP = """
from flask import Flask
from flask_schemamigrate import SchemaMigrate

app = Flask(__name__)
SchemaMigrate(app, engines="sqlite:///app.db")
"""
REVISION = '''"""{id}"""

from flask_schemamigrate import op

revision = "{id}"
down_revision = {below!r}


def upgrade():
    op.execute("CREATE TABLE {id} (id integer)")


def downgrade():
    op.execute("DROP TABLE {id}")
'''


@pytest.fixture
def command(tmp_path):
    """The command line of an app with two revisions, and where it is run."""
    (tmp_path / "app.py").write_text(APP)
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    for id, below in (("one", None), ("two", "one")):
        (folder / f"{id}.py").write_text(REVISION.format(id=id, below=below))
    environ = {key: value for key, value in os.environ.items() if not key.startswith("FLASK_")}
    environ |= {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]), "TERM": "xterm"}
    return {
        "args": [sys.executable, "-m", "flask", "--app", "app", "db"],
        "cwd": tmp_path,
        "env": environ,
    }


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("verb", [["upgrade"], ["downgrade", "base"]])
def test_each_revision_that_is_done_has_a_line_of_its_own(command, verb, more):
    pytest.importorskip("termios")
    if verb[0] == "downgrade":
        subprocess.run(
            [*command["args"], "upgrade"],
            cwd=command["cwd"],
            env=command["env"],
            check=True,
            capture_output=True,
        )

    shown = on_terminal([*command["args"], *verb], command["cwd"], command["env"] | more)

    lines = [line.rpartition("\r\x1b[K")[2] for line in shown.split("\r\n")]
    assert [line.split()[0] for line in lines if line] == [f"{verb[0].capitalize()}d"] * 2
    assert "\x1b[Kone CREATE TABLE one" in shown or verb[0] == "downgrade"


def test_a_run_needs_neither_standard_input_nor_error(command):
    program = "import os, sys\nos.close(0)\nos.close(2)\nos.execv(sys.argv[1], sys.argv[1:])"
    arguments = [sys.executable, "-c", program, *command["args"]]
    given = {"cwd": command["cwd"], "env": command["env"], "stdout": subprocess.PIPE}

    up = subprocess.run([*arguments, "upgrade"], **given, check=False)
    down = subprocess.run([*arguments, "downgrade", "base"], **given, check=False)

    assert up.returncode == down.returncode == 0
    assert up.stdout.count(b"Upgraded") == down.stdout.count(b"Downgraded") == 2


def test_the_live_line_is_erased_before_a_result_is_printed(capsys):
    screen = Screen("text")
    screen.live("working")

    (result,) = screen.beside(["done"])

    assert result == "done"
    assert capsys.readouterr().err == "\r\x1b[Kworking\r\x1b[K"


@pytest.mark.parametrize(
    ("text", "fits"),
    [("abcdef", "abcd"), ("ab\ncd", "ab c"), ("日本語", "日本"), ("a日本", "a日"), ("ab", "ab")],
)
def test_a_line_is_as_long_as_the_terminal_is_wide(text, fits):
    assert fitted(text, 4) == fits


def on_terminal(arguments, folder, environ):
    """What a program shows on a terminal."""
    import pty

    parent, child = pty.openpty()
    with subprocess.Popen(
        arguments, cwd=folder, env=environ, stdin=child, stdout=child, stderr=child
    ) as running:
        os.close(child)
        shown = b""
        try:
            while read := os.read(parent, 65536):
                shown += read
        except OSError:  # what Linux says where a file would be at its end
            pass
        running.wait()
    os.close(parent)
    return shown.decode()
