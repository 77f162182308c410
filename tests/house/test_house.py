"""The rules of the house, held over every file of the package."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from flask_schemamigrate import collecting
from tests.house import doors, habits
from tests.house.source import Module, read

ROOT = Path(__file__).parents[2]

Rule = Callable[[Mapping[str, Module]], Iterator[str]]
RULES: dict[str, Rule] = {
    "every room is on a floor": doors.unknown_rooms,
    "doors open downwards only": doors.wrong_doors,
    "a dialect is named by nobody": doors.named_dialects,
    "Flask, Click and SQLAlchemy stay where they may": doors.unwelcome_guests,
    "imports run in no circle": doors.circles,
    "no file is over 400 lines": habits.long_files,
    "no function is over 50 lines": habits.long_functions,
    "no function has more than 6 parameters": habits.wide_functions,
    "nothing below cli prints, asks or exits": habits.loud_words,
    "the word sqlite stays at home": habits.stray_quirks,
    "every module says what it is about": habits.silent_modules,
    "everything public has a docstring": habits.silent_names,
}


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    """Every module of the package."""
    # A finalizer that formats a traceback upsets Python 3.11 in the middle of making a tree.
    with collecting.paused():
        return read(ROOT)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_package_keeps_the_rule(rule, modules):
    if broken := list(rule(modules)):
        pytest.fail("\n".join(broken), pytrace=False)


def test_no_test_sleeps():
    found: list[str] = []
    benchmarks = ROOT / "tests" / "benchmarks"
    with collecting.paused():
        for path in sorted({*ROOT.glob("tests/**/*.py")} - {*benchmarks.glob("**/*.py")}):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += habits.naps(str(path.relative_to(ROOT)), tree)
    assert found == []
