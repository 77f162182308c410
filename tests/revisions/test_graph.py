"""Joining revisions to a graph, and refusing what is none."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Graph, Revision


def test_heads_are_nobodys_parent_and_bases_have_none(graph):
    g = graph("a -> b -> c, b -> d, x -> y")
    assert (g.heads, g.bases) == (("c", "d", "y"), ("a", "x"))


def test_a_real_head_is_not_depended_on_either(graph):
    g = graph("a -> b, x -> y", depends={"y": "b"})
    assert (g.heads, g.real_heads) == (("b", "y"), ("y",))


def test_the_order_is_the_same_whatever_the_order_of_files(graph):
    revisions = list(graph("a -> b, a -> c, b+c -> d", depends={"c": "b"}).values())
    orders = {Graph(shuffled).order for shuffled in permutations(revisions)}
    assert orders == {("a", "b", "c", "d")}


def test_of_two_that_could_come_next_the_older_does():
    def made(id, created, *parents):
        return Revision(id, parents, (), (), "", f"{id}.py", created)

    g = Graph([made("a", "2024-01"), made("b", "2024-03", "a"), made("c", "2024-02", "a")])
    assert g.order == ("a", "c", "b")


def test_a_merge_may_join_any_number(graph):
    g = graph("a -> b, a -> c, a -> d, b+c+d -> e")
    assert g["e"].is_merge
    assert g.ancestors(["e"]) == set("abcde")


def test_a_dependency_may_be_an_id_the_beginning_of_one_or_a_label(graph):
    g = graph("abcd -> bcde, x -> y -> z", {"side": "bcde"}, {"x": "abcd", "y": "bc", "z": "side"})
    assert g.dependencies == {"x": ("abcd",), "y": ("bcde",), "z": ("bcde",)}


def test_ancestors_and_descendants_go_through_dependencies(graph):
    g = graph("a -> b, x -> y", depends={"y": "b"})
    assert g.ancestors(["y"]) == {"a", "b", "x", "y"}
    assert g.descendants(["a"]) == {"a", "b", "y"}


def test_a_label_covers_its_descendants_and_the_line_down_to_the_branch_point(graph):
    g = graph("a -> b -> c -> d, a -> x", labels={"side": "c"})
    assert g.branch("side") == {"b", "c", "d"}
    assert g.labels == {"b": ("side",), "c": ("side",), "d": ("side",)}


def test_tops_are_those_on_which_no_other_of_them_stands(graph):
    g = graph("a -> b -> c, a -> d, x", depends={"x": "d"})
    assert g.tops({"a", "b", "d", "x", "no such file"}) == ("b", "x")


def test_all_ids_with_a_beginning_are_found_in_a_shuffled_thousand():
    ids = [f"{number:04x}" for number in range(1000)]
    random.Random(1).shuffle(ids)
    g = Graph(Revision(id, (), (), (), "", f"{id}.py") for id in ids)
    assert g.starting_with("01") == sorted(id for id in ids if id.startswith("01"))


def test_an_empty_graph_has_no_heads(graph):
    assert (graph().heads, graph().bases, graph().order) == ((), (), ())


def test_a_deep_line_needs_no_recursion():
    ids = [f"{number:05}" for number in range(5000)]
    g = Graph(
        Revision(id, (ids[index - 1],) if index else (), (), (), "", f"{id}.py")
        for index, id in enumerate(ids)
    )
    assert g.order == tuple(ids)


def revision(id, *parents, depends=(), labels=(), file=None):
    return Revision(id, parents, tuple(depends), tuple(labels), "", file or f"{id}.py")


WRONG = {
    "a duplicate id": (
        [revision("a"), revision("a", file="copy.py")],
        errors.DuplicateRevision,
        "Revision 'a' is in 2 files: a.py, copy.py.\n"
        "Delete the copy, or give one of them another id.",
    ),
    "a duplicate label": (
        [revision("a", labels=["side"]), revision("b", "a", labels=["side"])],
        errors.DuplicateLabel,
        "The branch label 'side' is in 2 files: a.py, b.py.\n"
        "Take it out of 'branch_labels' in all of them but one.",
    ),
    "a label that is an id": (
        [revision("a", labels=["b"]), revision("b", "a")],
        errors.LabelIsRevision,
        "The branch label 'b' in a.py is also the id of the revision in b.py.\n"
        "Change 'branch_labels' in a.py.",
    ),
    "a gap": (
        [revision("abcd1"), revision("b", "abcd2")],
        errors.UnknownParent,
        "Revision 'b' follows 'abcd2', which no file has (b.py).\n"
        "Restore the file of 'abcd2', as 'flask db restore' does for one that was applied, or mend "
        "'down_revision' (did you mean abcd1?).",
    ),
    "a dependency on nothing": (
        [revision("a", depends=["zz"])],
        errors.UnknownDependency,
        "Revision 'a' depends on 'zz', which is no revision and no label (a.py).\n"
        "Restore the file of 'zz', as 'flask db restore' does for one that was applied, or mend "
        "'depends_on'.",
    ),
    "an ambiguous dependency": (
        [revision("ab1"), revision("ab2"), revision("c", depends=["ab"])],
        errors.AmbiguousDependency,
        "Revision 'c' depends on 'ab', which may be any of ab1, ab2 (c.py).\n"
        "Write the whole id in 'depends_on'.",
    ),
    "a parent of itself": (
        [revision("a", "a")],
        errors.SelfParent,
        "Revision 'a' names itself in 'down_revision' (a.py).\n"
        "Let 'down_revision' name the revision before it, or None.",
    ),
    "a dependency on itself": (
        [revision("a", depends=["a"])],
        errors.SelfParent,
        "Revision 'a' names itself in 'depends_on' (a.py).\n"
        "Let 'depends_on' name the revision before it, or None.",
    ),
    "a cycle": (
        [revision("x"), revision("a", "c", "x"), revision("b", "a"), revision("c", "b")],
        errors.Cycle,
        "Revisions wait for each other: a -> c -> b -> a (a.py, c.py, b.py).\n"
        "Mend 'down_revision' or 'depends_on' in one of these files.",
    ),
    "a cycle by way of a dependency": (
        [revision("a", depends=["c"]), revision("b", "a"), revision("c", "b"), revision("d", "c")],
        errors.Cycle,
        "Revisions wait for each other: a -> c -> b -> a (a.py, c.py, b.py).\n"
        "Mend 'down_revision' or 'depends_on' in one of these files.",
    ),
    "an id with a separator": (
        [revision("a-b")],
        errors.InvalidId,
        "'a-b' is not a revision id in a-b.py.\n"
        "A revision id may not be empty, longer than 255 characters, or have any of '@', '-', "
        "'+' and ':' in it.",
    ),
    "an id that the history has no room for": (
        [revision("a" * 256, file="a.py")],
        errors.InvalidId,
        f"'{'a' * 256}' is not a revision id in a.py.\n"
        "A revision id may not be empty, longer than 255 characters, or have any of '@', '-', "
        "'+' and ':' in it.",
    ),
    "a label with a separator": (
        [revision("a", labels=["x@y"])],
        errors.InvalidId,
        "'x@y' is not a label in a.py.\n"
        "A label may not be empty, longer than 255 characters, or have any of '@', '-', '+' and "
        "':' in it.",
    ),
}


@pytest.mark.parametrize(("revisions", "error", "text"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_graph_is_said_with_the_files(revisions, error, text):
    for order in permutations(revisions):
        with pytest.raises(error) as caught:
            Graph(order)
        assert str(caught.value) == text


def test_characters_that_alembic_allowed_are_allowed_in_old_files():
    assert Graph([revision("añb c/d.e_f")]).heads == ("añb c/d.e_f",)
