"""What people see of a graph."""

from __future__ import annotations

import pytest

from flask_schemamigrate.revisions import drawing

SHAPE = "a -> b, a -> c, b+c -> d, d -> e, d -> f, x -> y, e -> g"


@pytest.fixture
def g(graph):
    return graph(SHAPE, {"lab": "b", "other": "x"}, {"y": "c", "g": "y"})


@pytest.mark.parametrize(
    ("id", "line"),
    [
        ("a", "<base> -> a (branchpoint), message a"),
        ("b", "a -> b (lab), message b"),
        ("d", "b, c -> d (lab) (branchpoint) (mergepoint), message d"),
        ("f", "d -> f (lab) (head), message f"),
        ("g", "e (y) -> g (lab) (head), message g"),
        ("y", "x (c) -> y (other) (effective head), message y"),
    ],
)
def test_a_line_of_history_is_the_one_people_know(g, id, line):
    assert drawing.line(g, id) == line


def test_a_line_says_what_is_current(g):
    assert drawing.line(g, "f", {"f": ()}) == "d -> f (lab) (head) (current), message f"


def test_a_line_names_the_databases_that_are_there(g):
    assert drawing.short(g, "f", {"f": ("default", "reports")}) == (
        "f (lab) (head) (current: default, reports)"
    )


def test_branches_are_listed_with_what_they_branch_into(g):
    assert drawing.branch(g, "d") == (
        "d (lab) (branchpoint) (mergepoint)\n     -> e (lab)\n     -> f (lab) (head)"
    )
    assert drawing.branch(g, "a", verbose=True) == (
        "Rev: a (branchpoint)\nParent: <base>\nBranches into: b, c\nPath: versions/a.py\n\n"
        "    message a\n\n     -> b (lab), message b\n     -> c, message c"
    )


def test_a_card_says_all_about_a_revision(g):
    assert drawing.card(g, "d") == (
        "Rev: d (branchpoint) (mergepoint)\nMerges: b, c\nBranches into: e, f\n"
        "Branch names: lab\nPath: versions/d.py\n\n    message d"
    )
    assert drawing.card(g, "y") == (
        "Rev: y (head)\nParent: x\nAlso depends on: c\nBranch names: other\n"
        "Path: versions/y.py\n\n    message y"
    )


def test_a_line_is_drawn_as_a_line(graph):
    assert drawing.text(graph("a -> b"), {"a"}) == "o  b (head) message b\n*  a message a"


def test_a_diamond_is_drawn_as_one(graph):
    assert drawing.text(graph("a -> b, a -> c, b+c -> d")) == "\n".join(
        [
            "*  d (head) (mergepoint) message d",
            "|\\",
            "| *  c message c",
            "* |  b message b",
            "|/",
            "*  a (branchpoint) message a",
        ]
    )


def test_branches_beside_each_other_keep_their_columns(graph):
    assert drawing.text(graph("a -> b, a -> c, a -> d, x -> y, b+c+d -> m")) == "\n".join(
        [
            "*  y (head) message y",
            "*  x message x",
            "*  m (head) (mergepoint) message m",
            "|\\_\\",
            "| | *  d message d",
            "| * |  c message c",
            "* | |  b message b",
            "|/_/",
            "*  a (branchpoint) message a",
        ]
    )


def test_an_empty_graph_draws_nothing(graph):
    assert drawing.text(graph()) == ""


def test_mermaid_marks_what_is_applied_and_dots_dependencies(graph):
    g = graph("a -> b, x", depends={"x": "a"})
    assert drawing.mermaid(g, {"a"}).splitlines()[:6] == [
        "flowchart TB",
        '    r0["a<br>message a"]:::applied',
        '    r1["b<br>message b"]:::pending',
        '    r2["x<br>message x"]:::pending',
        "    r0 --> r1",
        "    r0 -.-> r2",
    ]


def test_dot_marks_what_is_applied_and_dots_dependencies(graph):
    g = graph("a -> b, x", depends={"x": "a"})
    assert drawing.dot(g, {"a"}).splitlines() == [
        "digraph revisions {",
        "    node [shape=box, style=rounded];",
        '    "a" [label="a\\nmessage a", style="rounded,filled"];',
        '    "b" [label="b\\nmessage b", style="rounded,dashed"];',
        '    "x" [label="x\\nmessage x", style="rounded,dashed"];',
        '    "a" -> "b";',
        '    "a" -> "x" [style=dotted];',
        "}",
    ]
