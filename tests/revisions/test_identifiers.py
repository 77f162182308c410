"""Every way to name a revision."""

from __future__ import annotations

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Graph, identifiers
from flask_schemamigrate.revisions.identifiers import resolve

# Two branches that join, one more head, and a branch with a base of its own.
SHAPE = "abc1 -> abd2 -> m, abc1 -> c3 -> m, m -> e, m -> f, x -> y -> z"
LABELS = {"side": "c3", "other": "x", "left": "e"}


@pytest.fixture
def g(graph):
    return graph(SHAPE, LABELS)


@pytest.mark.parametrize(
    ("text", "applied", "found"),
    [
        ("abd2", "", "abd2"),
        ("abd", "", "abd2"),
        ("m", "", "m"),
        ("heads", "", "z e f"),
        ("base", "", ""),
        ("current", "", ""),
        ("current", "abc1 abd2 c3 x", "abd2 c3 x"),
        ("side", "", "c3"),
        ("other@head", "", "z"),
        ("other@heads", "", "z"),
        ("side@heads", "", "e f"),
        ("left@head", "", "e"),
        ("other@base", "", ""),
        ("side@m", "", "m"),
        ("other@current", "abc1 x y", "y"),
        ("abd2@m", "", "m"),
        ("z@base", "", ""),
        ("abc1-1", "", ""),
        ("z-1", "", "y"),
        ("x+2", "", "z"),
        ("other@head-2", "", "x"),
        ("other@base+2", "", "y"),
        ("side@m-1", "", "c3"),
        ("side@abc1+2", "", "m"),
        ("left@m+1", "", "e"),
        ("current-1", "x y", "x"),
        ("-1", "x y", "x"),
        ("-2", "x y", ""),
        ("+1", "x y", "z"),
        ("other@+2", "", "y"),
        ("other@-1", "abc1 x y", "x"),
        ("left@+1", "abc1 abd2 c3 m f x", "e"),
        ("+1", "abc1 abd2", "m"),
        ("+1", "abc1 abd2 c3 m e", "f"),
    ],
)
def test_an_identifier_names_revisions(g, text, applied, found):
    assert set(resolve(text, g, applied.split())) == set(found.split())


def test_the_word_head_is_enough_where_there_is_one(graph):
    g = graph("a -> b -> c")
    assert (resolve("head", g), resolve("head-2", g), resolve("base+2", g)) == (
        ("c",),
        ("a",),
        ("b",),
    )


def test_an_empty_graph_has_no_head_to_name(graph):
    assert resolve("head", graph()) == resolve("heads", graph()) == ()


def test_an_exact_id_wins_over_a_longer_one(graph):
    assert resolve("ab", graph("ab -> abc")) == ("ab",)


def test_a_branch_decides_which_beginning_is_meant(graph):
    g = graph("ab1 -> ab2, x -> ab3", {"side": "x"})
    assert resolve("side@ab", g) == ("ab3",)


def test_the_head_that_another_branch_depends_on_is_its_branchs_head(graph):
    g = graph("a -> b, x -> y", {"side": "a"}, {"y": "b"})
    assert (resolve("side@heads", g), resolve("heads", g)) == (("b",), ("y",))


def test_a_step_up_goes_on_before_it_begins_something_new(graph):
    g = graph("a -> b, x -> y")
    assert resolve("+1", g, {"a"}) == ("b",)
    assert resolve("+2", g, {"a"}) == ("b", "x")


def test_a_single_revision_may_be_the_base(g):
    assert identifiers.single("base", g) is None
    assert identifiers.single("abd", g) == "abd2"


WRONG = {
    "unknown": (
        "abd3",
        errors.UnknownRevision,
        "There is no revision or branch label 'abd3'.\nDid you mean abd2?",
    ),
    "unlike anything": (
        "qqqqqq",
        errors.UnknownRevision,
        "There is no revision or branch label 'qqqqqq'.\n"
        "List what there is with 'flask db history'.",
    ),
    "a word misspelt": (
        "haed",
        errors.UnknownRevision,
        "There is no revision or branch label 'haed'.\nDid you mean head?",
    ),
    "an unknown branch": (
        "nowhere@head",
        errors.UnknownRevision,
        "There is no revision or branch label 'nowhere'.\n"
        "List what there is with 'flask db history'.",
    ),
    "ambiguous": (
        "ab",
        errors.AmbiguousRevision,
        "'ab' may be any of 2 revisions: abc1, abd2.\nGive more of the id.",
    ),
    "several heads": (
        "head",
        errors.MultipleHeads,
        "'head' must be one revision, and there are 3: e, f, z.\n"
        "Join them with 'flask db merge' or 'flask db rebase', name the one you mean, or write "
        "'heads' where all of them may be meant.",
    ),
    "too far down": (
        "y-3",
        errors.WalkTooFar,
        "'y-3' goes too far: there are only 2 to go.\n"
        "Take fewer steps, or write 'base' or 'heads' to go all the way.",
    ),
    "no step left": (
        "z+1",
        errors.WalkTooFar,
        "'z+1' goes too far: no revision is left that way.\n"
        "'flask db history -i' lists the revisions, and says where the databases are.",
    ),
    "too far up": (
        "y+2",
        errors.WalkTooFar,
        "'y+2' goes too far: there is only 1 to go.\n"
        "Take fewer steps, or write 'base' or 'heads' to go all the way.",
    ),
    "ambiguous up": (
        "m+1",
        errors.AmbiguousWalk,
        "'m+1' could go along 2 branches: e, f.\n"
        "Name the revision you want, or say which branch, as in 'e@+1'.",
    ),
    "ambiguous down": (
        "m-1",
        errors.AmbiguousWalk,
        "'m-1' could go along 2 branches: abd2, c3.\n"
        "Name the revision you want, or say which branch, as in 'abd2@-1'.",
    ),
    "off the branch": (
        "other@m",
        errors.NotOnBranch,
        "'m' is not on the branch 'other'.\n"
        "List the branch with 'flask db history -r other@base:other@heads'.",
    ),
    "a range": (
        "x:z",
        errors.RangeNotAllowed,
        "'x:z' is a range, and a single revision is wanted here.\n"
        "Write 'z'; ranges are for 'flask db history' and for '--sql'.",
    ),
    "nonsense": (
        "a@@b",
        errors.InvalidIdentifier,
        "'a@@b' does not name a revision.\n"
        "Write an id or its beginning, 'head', 'heads', 'base', 'current', a label, 'LABEL@head', "
        "or steps such as '+1', '-1' and 'ab12+1'.",
    ),
    "a folder": (
        "app/migrations",
        errors.UnknownRevision,
        "There is no revision or branch label 'app/migrations'.\n"
        "A folder of revisions is '--directory FOLDER', in Python directory='FOLDER'.",
    ),
    "a folder with steps in it": (
        "/srv/app-1/migrations",
        errors.InvalidIdentifier,
        "'/srv/app-1/migrations' does not name a revision.\n"
        "A folder of revisions is '--directory FOLDER', in Python directory='FOLDER'.",
    ),
}


@pytest.mark.parametrize(("text", "error", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_an_identifier_is_said(g, text, error, said):
    with pytest.raises(error) as caught:
        resolve(text, g)
    assert str(caught.value) == said


@pytest.mark.parametrize("text", ["", " ", "a-b", "+", "a+x", "side@", "@head", "a b@c d@e", "+-1"])
def test_other_texts_name_nothing(g, text):
    with pytest.raises(errors.RevisionError):
        resolve(text, g)


def test_a_step_up_with_several_ready_is_refused(g):
    with pytest.raises(errors.AmbiguousWalk) as caught:
        resolve("+1", g, {"abc1", "abd2", "c3", "m"})
    assert caught.value.candidates == ("e", "f")


@pytest.mark.parametrize(
    ("text", "applied", "found"),
    [
        ("x:z", "", "x y z"),
        ("y:", "", "y z"),
        (":y", "", "x y"),
        ("base:y", "", "x y"),
        ("other@base:other@head", "", "x y z"),
        ("abc1:m", "", "abc1 abd2 c3 m"),
        ("side@abc1:m", "", "abc1 c3 m"),
        ("current:", "y x", "y z"),
        (":current", "y x", "x y"),
        ("-1:current", "x y z", "y z"),
        (":", "", "abc1 abd2 c3 m e f x y z"),
    ],
)
def test_a_range_holds_both_its_ends(g, text, applied, found):
    assert set(identifiers.between(text, g, applied.split())) == set(found.split())


def test_a_range_the_wrong_way_round_is_refused(g):
    with pytest.raises(errors.RangeReversed) as caught:
        identifiers.between("z:x", g)
    assert str(caught.value) == (
        "There is no way up from 'z' to 'x'.\n"
        "Write the older one first: 'x:z', if they are on one branch."
    )


def test_a_range_needs_a_colon(g):
    with pytest.raises(errors.NotARange) as caught:
        identifiers.between("m", g)
    assert str(caught.value) == (
        "'m' is not a range of revisions.\n"
        "Write 'A:B'; or 'A:', which ends at the heads, or ':B', which begins at base."
    )


@pytest.mark.parametrize("text", ["nowhere", "m:nowhere", "nowhere@head", "current:zz", "no@-1"])
def test_what_the_files_alone_refute_is_refused_without_a_database(g, text):
    with pytest.raises(errors.UnknownRevision):
        identifiers.check(text, g)


@pytest.mark.parametrize(
    "text", ["+1", "-3:current", "current", "side@-1", "abd:", ":heads", "m-1"]
)
def test_what_depends_on_the_database_is_let_through(g, text):
    identifiers.check(text, g)


def test_the_head_is_the_projects_own_and_what_packages_bring_comes_along(graph):
    own = graph("a -> b, p -> q")
    both = Graph(own.values(), foreign=["p", "q"])
    assert resolve("head", both) == ("b", "q")
    assert identifiers.single("head", both) == "b"
    assert resolve("head-1", both) == ("a",)
    assert resolve("p@head", both) == ("q",)
    assert (both.own_heads, both.foreign_heads) == (("b",), ("q",))


def test_two_heads_of_the_project_are_still_too_many(graph):
    both = Graph(graph("a -> b, a -> c, p").values(), foreign=["p"])
    with pytest.raises(errors.MultipleHeads):
        resolve("head", both)
