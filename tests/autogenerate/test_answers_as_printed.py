"""An option that a question names is read back as what it stood for, whatever the names are."""

from __future__ import annotations

import shlex

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import Answers, Constant, questions
from tests.autogenerate.models import col, metadata, t, table

TEXT = sa.String(20)
NAMES = [
    ("a", "co:lon"),
    ("co:lon", "a"),
    ("a:b", "a:c"),
    ("a.b", "a.c"),
    ("a", "t.a2"),
    ("t.a", "a2"),
    ("a=b", "a=c"),
    ('"a"', 'a".b"'),
    ("it's", "it is"),
    ("a", ":a"),
]
VALUES = ["sql:now()", "default:x", "value:x", "nullable:", "as-is:", "a=b:c", "https://x"]


def read(*flags):
    """The answers that a shell makes of printed options."""
    given: dict[str, list[str]] = {}
    for flag in flags:
        option, value = shlex.split(flag)
        given.setdefault(option.removeprefix("--").replace("-", "_"), []).append(value)
    return Answers.parse(**given)


@pytest.mark.parametrize(("old", "new"), NAMES)
@pytest.mark.parametrize("name", ["t", "t.u", "t:u"])
def test_a_renamed_column_is(new_room, name, old, new):
    room = new_room("sqlite")
    room.reach(metadata(table(name, col(old, TEXT))))
    models = metadata(table(name, col(new, TEXT)))
    (question,) = questions(room.compared(models))
    yes, no = map(read, question.flags)
    assert room.resolved(models, yes).decisions.columns == {(name, old): new}
    assert room.resolved(models, no).decisions.columns == {}


@pytest.mark.parametrize(("old", "new"), NAMES)
def test_a_renamed_table_is(new_room, old, new):
    room = new_room("sqlite")
    room.reach(metadata(table(old, col("name", TEXT))))
    models = metadata(table(new, col("name", TEXT)))
    (question,) = questions(room.compared(models))
    yes, no = map(read, question.flags)
    assert room.resolved(models, yes).decisions.tables == {old: new}
    assert len(room.resolved(models, no).operations) == 2


@pytest.mark.parametrize(("old", "new"), NAMES)
def test_a_renamed_value_of_an_enum_is(new_room, old, new):
    room = new_room("postgresql")
    room.reach(metadata(t(col("mood", sa.Enum("sad", old, name="mood")))))
    models = metadata(t(col("mood", sa.Enum("sad", new, name="mood"))))
    (question,) = questions(room.compared(models))
    yes, _ = map(read, question.flags)
    assert room.resolved(models, yes).decisions.values == {("mood", old): new}


@pytest.mark.parametrize("name", ["a:b", "a=b", "a.b", '"a"', "sql:"])
@pytest.mark.parametrize("value", VALUES)
def test_a_fill_is(new_room, name, value):
    room = new_room("sqlite")
    room.reach(metadata(t()))
    models = metadata(t(col(name, TEXT, nullable=False, default=value)))
    (question,) = questions(room.compared(models))
    answers = read(question.flags[0])
    assert room.resolved(models, answers).decisions.fills == {("t", name): Constant(value)}
