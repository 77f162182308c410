"""What a person types is what is answered."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from flask_schemamigrate.autogenerate.answers import Answers
from flask_schemamigrate.autogenerate.questions import FillQuestion
from flask_schemamigrate.cli.asking import answered


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("c\nAnn\n", "value:Ann"),
        ("c\n''\n", "value:"),
        ('\n""\n', "value:"),
        ("c\n\n \n", "value: "),
        ("s\nlower(name)\n", "sql:lower(name)"),
        ("d\n0\n", "default:0"),
        ("n\n", "nullable:"),
        ("x\nw\n", "as-is:"),
    ],
)
def test_a_way_to_fill_is_told_as_the_option_tells_it(typed, way):
    question = FillQuestion("person", "mail", "TEXT")
    ways: list[str] = []

    def fill(way: str) -> str:
        ways.append(way)
        return way

    @click.command()
    def ask() -> None:
        answered([question], Answers(), fill)

    CliRunner().invoke(ask, input=typed, catch_exceptions=False)

    assert ways == [way]
