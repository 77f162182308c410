"""What the errors say that the commands raise about revisions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flask_schemamigrate import errors

SAID = [
    (
        errors.RevisionExists("ab12", Path("versions/ab12.py")),
        "There is a revision 'ab12' already: versions/ab12.py.\n"
        "Leave out '--rev-id', or give another id.",
    ),
    (
        errors.NotAHead("a", ["b"]),
        "'a' is not a head: b already stands on it.\n"
        "Give '--head head' to follow the last revision, or '--splice' to branch here.",
    ),
    (
        errors.NotAHead("a", ["b", "c"]),
        "'a' is not a head: b, c already stand on it.\n"
        "Give '--head head' to follow the last revision, or '--splice' to branch here.",
    ),
    (
        errors.NothingToMerge(["a"]),
        "A merge joins two heads or more, and there is only 'a'.\n"
        "See what there is with 'flask db heads'.",
    ),
    (
        errors.NothingToMerge([]),
        "A merge joins two heads or more, and there is none.\n"
        "See what there is with 'flask db heads'.",
    ),
    (
        errors.NothingToMerge(["a", "b"]),
        "A merge joins two heads or more, and a and b are on one line.\n"
        "See what there is with 'flask db heads'.",
    ),
    (
        errors.RangeNeeded("a"),
        "'a' does not say from where to where a script shall downgrade.\n"
        "Write both, such as 'head:a'.",
    ),
    (
        errors.RangeNeeded("b:"),
        "'b:' does not say from where to where a script shall downgrade.\n"
        "Write both, such as 'b:base'.",
    ),
]


@pytest.mark.parametrize(("error", "text"), SAID)
def test_an_error_says_what_happened_and_what_to_do(error, text):
    assert str(error) == text
    assert isinstance(error, errors.RevisionError)
    assert error.exit_code == 1


def test_importing_the_room_imports_nothing_that_only_some_commands_need():
    script = (
        "import sys; before = set(sys.modules); import flask_schemamigrate.revisions; "
        "print(*sorted({'mako', 'tempfile', 'difflib', 'sqlalchemy', 'flask'} "
        "& (set(sys.modules) - before)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == ""
