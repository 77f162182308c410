"""What is run, undone and stamped, and in which order."""

from __future__ import annotations

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Graph, Revision, plan

DIAMOND = "a -> b, a -> c, b+c -> d"


def test_a_merge_waits_for_both_parents(graph):
    assert plan.upgrade(graph(DIAMOND), {"a", "b"}, "head") == ["c", "d"]


def test_a_dependency_runs_before_what_depends_on_it(graph):
    g = graph("x -> y, a -> b", depends={"a": "y"})
    assert plan.upgrade(g, (), "b") == ["x", "y", "a", "b"]


def test_an_upgrade_to_a_branch_leaves_the_others(graph):
    g = graph("a -> b, x -> y", {"side": "x"})
    assert plan.upgrade(g, (), "side@head") == ["x", "y"]


def test_several_targets_are_reached_at_once(graph):
    assert plan.upgrade(graph("a -> b, x -> y, q"), (), ["b", "x"]) == ["a", "b", "x"]


def test_steps_up_count_single_revisions(graph):
    g = graph("a -> b -> c")
    assert plan.upgrade(g, (), "+2") == ["a", "b"]
    assert plan.upgrade(g, {"a"}, "+1") == ["b"]


def test_a_branch_brings_what_it_depends_on_uncounted(graph):
    g = graph("a -> b, x -> y", {"side": "x"}, {"y": "b"})
    assert plan.upgrade(g, {"x"}, "side@+1") == ["a", "b", "y"]


def test_a_branch_of_which_nothing_is_applied_begins_at_its_base(graph):
    g = graph("a -> b -> m, x -> y -> m", {"side": "x"})
    assert plan.upgrade(g, {"a"}, "side@+1") == ["x"]


def test_a_step_up_brings_the_other_parent_of_a_merge_along(graph):
    assert plan.upgrade(graph(DIAMOND), {"a", "b"}, "+1") == ["c", "d"]


def test_a_revision_that_was_skipped_is_caught_up(graph):
    assert plan.upgrade(graph("a -> b -> c"), {"a", "c"}, "head") == ["b"]


def test_a_target_that_is_applied_leaves_nothing_to_do(graph):
    assert plan.upgrade(graph("a -> b"), {"a", "b"}, "a") == []


def test_ids_without_a_file_take_no_part(graph):
    g = graph("a -> b")
    assert plan.upgrade(g, {"a", "gone"}, "head") == ["b"]
    assert plan.downgrade(g, {"a", "gone"}, "base") == ["a"]


@pytest.mark.parametrize(
    ("target", "undone"),
    [
        ("-1", "d"),
        ("-2", "d c"),
        ("-4", "d c b a"),
        ("d-1", "d"),
        ("d-2", "d c"),
        ("b", "d"),
        ("c", "d"),
        ("a", "d c b"),
        ("base", "d c b a"),
        ("b@base", "d b"),
        ("b@-2", "d b"),
        ("b@a", "d b"),
        ("base+1", "d c b"),
        ("d", ""),
        ("heads", ""),
        ("current", ""),
    ],
)
def test_a_merge_can_be_undone(graph, target, undone):
    assert plan.downgrade(graph(DIAMOND), set("abcd"), target) == undone.split()


@pytest.mark.parametrize(
    ("target", "undone"),
    [
        ("side@-1", "z"),
        ("side@base", "z y x"),
        ("side@x", "z y"),
        ("x", "z y"),
        ("main@-1", "c"),
        ("main@base", "c z y b a"),
        ("b", "c"),
        ("a", "c z y b"),
        ("b-1", "c z y b"),
        ("base", "c z y x b a"),
    ],
)
def test_a_branch_is_undone_with_what_depends_on_it_and_without_what_it_depends_on(
    graph, target, undone
):
    g = graph("a -> b -> c, x -> y -> z", {"main": "a", "side": "x"}, {"y": "b"})
    found = plan.downgrade(g, set("abcxyz"), target)
    assert set(found) == set(undone.split())
    assert [*reversed(found)] == [*g.sorted(found)]


def test_a_branch_point_stays_while_another_branch_stands_on_it(graph):
    g = graph("a -> b -> c, a -> x -> y", {"side": "x"})
    assert plan.downgrade(g, set("abcxy"), "side@base") == ["y", "x"]
    assert plan.downgrade(g, set("axy"), "side@base") == ["y", "x", "a"]


def test_a_downgrade_leaves_other_branches_at_their_heads(graph):
    assert plan.downgrade(graph("a -> b, a -> c"), set("abc"), "b") == []


def test_one_step_down_with_several_heads_is_refused_and_a_branch_decides(graph):
    g = graph("a -> b, a -> c", {"side": "c"})
    with pytest.raises(errors.AmbiguousWalk) as caught:
        plan.downgrade(g, set("abc"), "-1")
    assert str(caught.value) == (
        "'-1' could go along 2 branches: b, c.\n"
        "Name the revision you want, or say which branch, as in 'b@-1'."
    )
    assert plan.downgrade(g, set("abc"), "side@-1") == ["c"]
    assert plan.downgrade(g, set("abc"), "b@-1") == ["b"]


def test_several_branches_are_undone_at_once(graph):
    g = graph("a -> b, x -> y")
    assert plan.downgrade(g, set("abxy"), ["a", "x"]) == ["y", "b"]


@pytest.mark.parametrize("target", ["-5", "d-5", "b@-4"])
def test_steps_down_beyond_the_base_are_refused(graph, target):
    with pytest.raises(errors.WalkTooFar):
        plan.downgrade(graph(DIAMOND), set("abcd"), target)


def test_a_step_down_from_nothing_is_refused(graph):
    with pytest.raises(errors.WalkTooFar) as caught:
        plan.downgrade(graph("a"), (), "-1")
    assert "no revision is left" in str(caught.value)


@pytest.mark.parametrize(("direction", "target"), [(plan.upgrade, "-1"), (plan.downgrade, "+1")])
def test_a_step_the_other_way_is_refused(graph, direction, target):
    with pytest.raises(errors.WrongDirection):
        direction(graph("a -> b -> c"), {"a", "b"}, target)


def test_a_step_the_other_way_names_the_command_to_type(graph):
    with pytest.raises(errors.WrongDirection) as caught:
        plan.upgrade(graph("a"), {"a"}, "-1")
    assert str(caught.value) == (
        "'-1' is no target for 'upgrade': it leads the other way.\n"
        "Write 'flask db downgrade -1', if that is what you want."
    )


def test_a_downgrade_to_what_is_not_applied_is_refused(graph):
    with pytest.raises(errors.NotApplied) as caught:
        plan.downgrade(graph("a -> b -> c"), {"a"}, "b")
    assert str(caught.value) == (
        "Cannot downgrade to 'b': it is not applied. The database is at a.\n"
        "Go up to it with 'flask db upgrade b', or name an applied revision."
    )


@pytest.mark.parametrize(
    ("applied", "target", "result"),
    [
        ("", "d", "a b c d"),
        ("abcd", "b", "a b"),
        ("ab", "c", "a b c"),
        ("abcd", "base", ""),
        ("abc", "b", "a b c"),
        ("ax", "d", "a b c d x"),
        ("abcdx", "x@base", "a b c d"),
        ("abcdx", "d@base", "x"),
        ("ab", "heads", "a b c d x"),
        ("abcd", "-1", "a b c"),
        ("a", "+1", None),
        ("ab", ["x", "c"], "a b c x"),
    ],
)
def test_a_stamp_replaces_the_branch_it_is_on(graph, applied, target, result):
    g = graph(f"{DIAMOND}, x")
    if result is None:
        with pytest.raises(errors.AmbiguousWalk):
            plan.stamp(g, set(applied), target)
    else:
        assert set(plan.stamp(g, set(applied), target)) == set(result.split())


@pytest.mark.parametrize(
    ("applied", "target", "result"),
    [
        ("abx?", "current", "a b x"),
        ("abx?", "b", "a b"),
        ("ab?", "-1", "a"),
        ("ab?", "base", ""),
        ("?", "current", ""),
    ],
)
def test_a_stamp_that_purges_keeps_what_is_named_alone(graph, applied, target, result):
    found = plan.stamp(graph("a -> b, x"), set(applied), target, purge=True)

    assert set(found) == set(result.split())


def made(id, created, *parents):
    return Revision(id, parents, (), (), "", f"{id}.py", created)


def test_an_older_branch_that_is_merged_late_is_out_of_order():
    g = Graph(
        [
            made("base", "1"),
            made("mine", "2", "base"),
            made("theirs", "3", "base"),
            made("merge", "4", "mine", "theirs"),
        ]
    )
    planned = plan.upgrade(g, {"base", "theirs"}, "head")
    assert plan.out_of_order(g, {"base", "theirs"}, planned) == ("mine",)
    assert plan.out_of_order(g, {"base", "mine"}, ["theirs", "merge"]) == ()


def test_a_parent_that_was_skipped_is_out_of_order(graph):
    assert plan.out_of_order(graph("a -> b -> c"), {"a", "c"}, ["b"]) == ("b",)


def test_a_branch_of_its_own_is_never_out_of_order(graph):
    assert plan.out_of_order(graph("a -> b, x -> y"), {"x", "y"}, ["a", "b"]) == ()
