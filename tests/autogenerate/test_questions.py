"""What could mean two things is asked, and only that; answers are flags, and never evaluated."""

from __future__ import annotations

import enum
import json
import shlex

import pytest
import sqlalchemy as sa

from flask_schemamigrate.autogenerate import (
    Answers,
    AsItIs,
    Constant,
    FillQuestion,
    Nullable,
    Options,
    RenameQuestion,
    RenameTableQuestion,
    RenameValueQuestion,
    ServerDefault,
    SQLExpression,
    fill,
    questions,
)
from flask_schemamigrate.errors import (
    BadAnswer,
    BadFill,
    NothingToAnswer,
    OtherSchema,
    UnansweredQuestions,
    UnknownName,
)
from tests.autogenerate.models import col, metadata, t, table

INT, TEXT = sa.Integer, sa.String(20)


@pytest.fixture
def lite(new_room):
    """An empty SQLite database."""
    return new_room("sqlite")


def asked(room, before, after, answers=None):
    """The questions that remain when models change."""
    room.reach(metadata(*before))
    return questions(room.compared(metadata(*after)), answers or Answers())


def test_a_column_of_the_same_type_may_be_a_renamed_one(lite):
    (question,) = asked(lite, [t(col("name", TEXT))], [t(col("full_name", TEXT))])
    assert question == RenameQuestion("t", "name", "full_name", question.likeness)
    assert question.flags == ("--rename t.name:full_name", "--no-rename t.name")


def test_a_column_of_another_kind_and_name_is_no_rename(lite):
    assert asked(lite, [t(col("note", sa.Text))], [t(col("born", sa.Date))]) == ()


def test_columns_are_matched_for_the_best_of_all(lite):
    before = [t(col("first", TEXT), col("last", TEXT), col("age", INT))]
    after = [t(col("last_name", TEXT), col("first_name", TEXT), col("years", INT))]
    found = {(question.old, question.new) for question in asked(lite, before, after)}
    assert found >= {("first", "first_name"), ("last", "last_name")}


def test_each_pair_is_asked_once_and_a_no_closes_it(lite):
    before, after = [t(col("name", TEXT))], [t(col("full_name", TEXT))]
    assert asked(lite, before, after, Answers(not_renames=frozenset({"t.name"}))) == ()


def test_a_table_with_the_same_columns_may_be_a_renamed_one(lite):
    before = [t(), table("person", col("name", TEXT), col("age", INT))]
    after = [t(), table("user", col("name", TEXT), col("age", INT))]
    (question,) = asked(lite, before, after)
    assert question == RenameTableQuestion("person", "user", question.likeness)


def test_the_model_answers_for_a_renamed_table_and_column(lite):
    before = [t(), table("person", col("name", TEXT))]
    after = [
        t(),
        table(
            "user",
            col("full_name", TEXT, info={"renamed_from": "name"}),
            info={"renamed_from": "person"},
        ),
    ]
    lite.reach(metadata(*before))
    lite.execute("INSERT INTO person (name) VALUES ('Ada')")
    lite.reach(metadata(*after))
    assert lite.rows('SELECT full_name FROM "user"') == [("Ada",)]


def test_a_hint_that_has_done_its_work_is_no_matter(lite):
    after = metadata(t(col("full_name", TEXT, info={"renamed_from": "name"})))
    lite.reach(metadata(t(col("name", TEXT))))
    lite.reach(after)
    assert lite.resolved(after).operations == ()


def test_a_column_that_may_not_be_null_asks_for_its_rows(lite):
    after = [t(col("age", INT, nullable=False, default=18))]
    (question,) = asked(lite, [t()], after)
    assert question == FillQuestion("t", "age", "INTEGER", suggestion="18")
    assert question.flags[0] == "--fill t.age=18"


def test_options_are_shown_as_a_shell_takes_them(lite):
    lite.reach(metadata(t()))
    models = metadata(t(col("the age", sa.String(9), nullable=False, default="it's 18")))
    (question,) = questions(lite.compared(models))
    assert shlex.split(question.flags[0]) == ["--fill", "t.the age=it's 18"]


class State(enum.Enum):
    """What an app's enums look like."""

    open = "o"
    shut = "s"


BY_VALUE = sa.Enum(State, values_callable=lambda states: [state.value for state in states])


@pytest.mark.parametrize(
    ("type_", "text"), [(sa.Enum(State), "shut"), (BY_VALUE, "s"), (sa.String(1), "s")]
)
def test_a_default_of_an_enum_class_is_offered_as_the_column_holds_it(lite, type_, text):
    lite.reach(metadata(t()))
    models = metadata(t(col("a", type_, nullable=False, default=State.shut)))
    (question,) = questions(lite.compared(models))
    assert f"--fill t.a={text}" in question.flags
    source = lite.written(lite.resolved(models, Answers(fills={"t.a": Constant(text)})))
    assert f"SET a = '{text}' WHERE" in "\n".join(source.upgrade)


def test_a_column_with_a_server_default_asks_nothing(lite):
    assert asked(lite, [t()], [t(col("a", INT, nullable=False, server_default="0"))]) == ()


def test_a_column_that_becomes_not_null_asks_only_if_it_holds_a_null(lite):
    lite.reach(metadata(t(col("a", INT))))
    strict = metadata(t(col("a", INT, nullable=False)))
    assert questions(lite.compared(strict)) == ()
    lite.execute("INSERT INTO t (a) VALUES (NULL)")
    (question,) = questions(lite.compared(strict))
    assert isinstance(question, FillQuestion)
    assert not question.is_new


@pytest.mark.parametrize(
    ("renames", "hint"), [({"t": "u"}, None), ({}, {"renamed_from": "t"}), ({}, None)]
)
def test_a_column_of_a_renamed_table_that_holds_a_null_asks_too(lite, renames, hint):
    lite.reach(metadata(t(col("a", INT), col("b", INT)), table("other")))
    strict = table("u", col("a", INT, nullable=False), col("b", INT), info=hint)
    lite.execute("INSERT INTO t (a) VALUES (NULL)")
    difference = lite.compared(metadata(strict, table("other")), renamed=renames)
    (question,) = questions(difference, Answers(table_renames={"t": "u"}))
    assert isinstance(question, FillQuestion)
    assert (question.column, question.is_new) == ("a", False)


@pytest.mark.parametrize("hint", ["t", "public.t"])
def test_a_model_may_say_the_default_schema_of_its_former_name(new_room, hint):
    room = new_room("postgresql")
    room.reach(metadata(t(), table("other")))
    after = table("u", schema="public", info={"renamed_from": hint})
    assert room.resolved(metadata(after, table("other"))).lines == ["t -> u"]


@pytest.mark.parametrize(("renames", "hint"), [({"t": "s.u"}, None), ({}, "public.t")])
def test_a_table_that_moves_to_another_schema_is_not_renamed(new_room, renames, hint):
    room = new_room("postgresql")
    room.reach(metadata(t(), table("other")))
    moved = table("u", schema="s", info={"renamed_from": hint} if hint else None)
    with pytest.raises(OtherSchema, match=r"The table t cannot be renamed to s\.u"):
        room.resolved(metadata(moved, table("other")), Answers(table_renames=renames))


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_value_of_an_enum_may_be_a_renamed_one(new_room, kind):
    room = new_room(kind)
    before = [t(col("m", sa.Enum("sad", "ok", name="mood")))]
    after = [t(col("m", sa.Enum("blue", "ok", name="mood")))]
    (question,) = asked(room, before, after)
    assert question == RenameValueQuestion("mood", "sad", "blue")
    room.execute("INSERT INTO t (m) VALUES ('sad')")
    room.reach(metadata(*after), Answers.parse(rename=["mood.sad:blue"]))
    assert room.rows("SELECT m FROM t") == [("blue",)]


def test_without_an_answer_nothing_is_resolved_and_the_flags_are_shown(lite):
    lite.reach(metadata(t(col("name", TEXT))))
    with pytest.raises(UnansweredQuestions) as caught:
        lite.resolved(metadata(t(col("full_name", TEXT))))
    assert caught.value.exit_code == 3
    assert "--rename t.name:full_name" in str(caught.value)
    (found,) = caught.value.as_dicts()
    assert json.loads(json.dumps(found))["flags"][0] == "--rename t.name:full_name"


@pytest.mark.parametrize(
    ("answers", "rows"),
    [
        (["t.b=it's 5%: \\x"], [("it's 5%: \\x",)]),
        (["t.b=sql:'no ' || id"], [("no 1",)]),
        (["t.b=value:sql:1"], [("sql:1",)]),
        (["t.b=default:none"], [("none",)]),
        (["t.b=nullable:"], [(None,)]),
    ],
)
def test_a_fill_gives_rows_what_it_says(new_room, answers, rows):
    for kind in ("sqlite", "postgresql"):
        room = new_room(kind)
        room.reach(metadata(t()))
        room.execute("INSERT INTO t DEFAULT VALUES")
        room.reach(metadata(t(col("b", TEXT, nullable=False))), Answers.parse(fill=answers))
        assert room.rows("SELECT b FROM t") == rows


def test_a_fill_touches_only_rows_without_a_value(lite):
    lite.reach(metadata(t(col("a", INT))))
    lite.execute("INSERT INTO t (a) VALUES (NULL), (7)")
    strict = metadata(t(col("a", INT, nullable=False)))
    source = lite.reach(strict, Answers.parse(fill=["t.a=0"]))
    assert source.upgrade[0] == 'op.execute("UPDATE t SET a = 0 WHERE a IS NULL")'
    assert lite.rows("SELECT a FROM t ORDER BY id") == [(0,), (7,)]


@pytest.mark.parametrize(
    ("type_", "text", "literal"),
    [
        (INT, "7", "7"),
        (sa.Boolean(), "yes", "1"),
        (sa.Numeric(10, 2), "1.50", "1.50"),
        (sa.Date(), "2020-01-02", "'2020-01-02'"),
        (sa.LargeBinary(), "hi", "X'6869'"),
        (sa.String(9), "__import__('os')", "'__import__(''os'')'"),
    ],
)
def test_a_constant_is_a_literal_of_the_columns_type(lite, type_, text, literal):
    lite.reach(metadata(t()))
    models = metadata(t(col("b", type_, nullable=False)))
    source = lite.written(lite.resolved(models, Answers(fills={"t.b": Constant(text)})))
    assert f"SET b = {literal} WHERE" in "\n".join(source.upgrade)


@pytest.mark.parametrize(
    ("type_", "text"),
    [(INT, "x"), (sa.Boolean(), "perhaps"), (sa.Date(), "soon"), (sa.Enum("a", "b"), "c")],
)
def test_a_constant_that_does_not_fit_is_refused(lite, type_, text):
    lite.reach(metadata(t()))
    models = metadata(t(col("b", type_, nullable=False)))
    with pytest.raises(BadFill, match=r"t\.b"):
        lite.resolved(models, Answers(fills={"t.b": Constant(text)}))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("0", Constant("0")),
        ("", Constant("")),
        ("10:30", Constant("10:30")),
        ("sql:1+1", SQLExpression("1+1")),
        ("default:x", ServerDefault("x")),
        ("nullable:", Nullable()),
        ("nullable", Constant("nullable")),
        ("as-is:", AsItIs()),
        ("value:as-is:", Constant("as-is:")),
    ],
)
def test_a_fill_is_read_as_it_is_written(text, meaning):
    assert fill(text) == meaning


@pytest.mark.parametrize(
    "given",
    [
        {"rename": ["name:full"]},
        {"rename": ["t.name"]},
        {"rename_table": ["a"]},
        {"rename_table": ["a:b:c"]},
        {"fill": ["t.a"]},
        {"fill": ["a=1"]},
    ],
)
def test_an_answer_in_the_wrong_form_says_the_right_one(given):
    with pytest.raises(BadAnswer, match="It is written"):
        Answers.parse(**given)


def test_an_answer_that_nobody_asked_for_is_an_error(lite):
    lite.reach(metadata(t(col("a", INT)), table("person")))
    after = metadata(t(col("a", INT), col("b", INT)), table("person"))
    for answers in (
        Answers(renames={"t.a": "b"}),
        Answers(table_renames={"t": "person"}),
        Answers(fills={"t.a": AsItIs()}),
    ):
        with pytest.raises(NothingToAnswer):
            lite.resolved(after, answers)


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ({"rename": ["t.nmae:full_name"]}, "t.id, t.name"),
        ({"rename": ["t.name:ful_name"]}, "t.full_name, t.id"),
        ({"rename": ["tt.name:full_name"]}, "person, t"),
        ({"rename_table": ["persn:user"]}, "person, t"),
        ({"rename_table": ["person:usr"]}, "t, user"),
        ({"fill": ["t.fullname=x"]}, "t.full_name, t.id"),
        ({"no_rename": ["t.nme"]}, "t.full_name, t.id, t.name"),
        ({"no_rename": ["persons"]}, "person, t, user"),
    ],
)
def test_an_answer_that_names_nothing_says_what_there_is(lite, given, there):
    lite.reach(metadata(t(col("name", TEXT)), table("person")))
    with pytest.raises(UnknownName) as caught:
        lite.resolved(metadata(t(col("full_name", TEXT)), table("user")), Answers.parse(**given))
    assert caught.value.exit_code == 2
    assert caught.value.hint == f"There is: {there}."


def test_what_there_is_leaves_out_the_tables_of_the_history(lite):
    lite.reach(metadata(t(), table("history")))
    lite.options = Options(history_tables=frozenset({"history"}))
    with pytest.raises(UnknownName, match=r"There is: t\.$"):
        lite.resolved(metadata(t(col("a", TEXT))), Answers.parse(fill=["other.a=x"]))


def test_a_column_may_be_named_by_either_name_of_its_table(lite):
    lite.reach(metadata(t(), table("person", col("name", TEXT))))
    after = metadata(t(), table("user", col("full_name", TEXT)))
    for owner in ("person", "user"):
        answers = Answers.parse(rename_table=["person:user"], rename=[f"{owner}.name:full_name"])
        assert len(lite.resolved(after, answers).operations) == 2


def test_a_new_name_may_be_given_in_full():
    assert Answers.parse(rename=["s.t.a:s.t.b"]).renames == {"s.t.a": "b"}


def test_answers_gather_one_by_one():
    question = RenameQuestion("t", "a", "b", 1.0)
    answers = Answers().answering(question, True)
    assert answers.renames == {"t.a": "b"}
    assert Answers().answering(question, False).not_renames == {"t.a"}
    filled = answers.answering(FillQuestion("t", "c", "INTEGER"), Constant("1"))
    assert filled.fills == {"t.c": Constant("1")}
