"""Where standard output has not all letters, a run says what it can, and goes on to its end."""

from __future__ import annotations

import pytest

UP = "def upgrade():\n    op.execute(\"INSERT INTO thing VALUES ('日本')\")\n"
TABLE = "def upgrade():\n    op.create_table('thing', sa.Column('name', sa.String(9)))\n"


@pytest.fixture
def typed(new_app, sqlite, revisions, project):
    """Type a command where there are western letters only."""
    revisions(aa=TABLE, bb=UP)
    path = project / "migrations" / "versions" / "000_aa.py"
    path.write_text(path.read_text(encoding="utf-8").replace("what", "日本"), encoding="utf-8")

    def run(*arguments):
        runner = new_app(sqlite.url).test_cli_runner(charset="cp1252")
        return runner.invoke(args=["db", *arguments])

    return run


def test_a_run_goes_on_after_a_message_in_other_letters(typed):
    done = typed("upgrade")

    assert done.exit_code == 0, done.output
    assert r"Upgraded <base> -> aa, \u65e5\u672c aa does" in done.output
    assert typed("current").output.startswith("bb")


def test_a_script_has_no_other_letters_than_the_revision(typed):
    done = typed("upgrade", "--sql")

    assert done.exit_code == 1
    assert "The script is not whole: it has letters that the output, in cp1252, has not." in (
        done.stderr
    )
    assert "PYTHONIOENCODING=utf-8" in done.stderr
    assert r"\u65e5" not in done.output
