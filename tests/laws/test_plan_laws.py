"""Plans on any graph, compared with an oracle that knows nothing but sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Graph, Revision, plan


@dataclass(frozen=True)
class Case:
    """A history, its graph, and what of it is applied."""

    revisions: tuple[Revision, ...]
    applied: frozenset[str]

    @property
    def graph(self) -> Graph:
        return Graph(self.revisions)


@st.composite
def histories(draw: Callable[..., object], whole: bool = False) -> Case:
    size = draw(st.integers(1, 9))
    assert isinstance(size, int)
    ids = draw(st.permutations([f"r{number}" for number in range(size)]))
    assert isinstance(ids, list)
    revisions = []
    for index, id in enumerate(ids):
        older = st.lists(st.sampled_from(ids[:index]), max_size=3, unique=True)
        none: st.SearchStrategy[list[str]] = st.just([])
        parents = draw(older if index else none)
        depends_on = draw(st.one_of(none, older) if index else none)
        label = draw(st.sampled_from([(), (), (f"label-of-{id}".replace("-", "_"),)]))
        created = draw(st.sampled_from([None, "2024-01", "2024-02", "2024-03"]))
        assert isinstance(parents, list)
        assert isinstance(depends_on, list)
        assert isinstance(label, tuple)
        assert created is None or isinstance(created, str)
        names = tuple(each for each in depends_on if each not in parents)
        revisions.append(Revision(id, tuple(parents), names, label, "", f"{id}.py", created))
    picked = draw(st.sets(st.sampled_from(ids)))
    assert isinstance(picked, set)
    applied = upwards(tuple(revisions), picked) if whole else picked
    return Case(tuple(revisions), frozenset(applied))


def above(revision: Revision) -> set[str]:
    return {*revision.parents, *revision.depends_on}


def upwards(revisions: tuple[Revision, ...], ids: set[str] | frozenset[str]) -> set[str]:
    """The ids and all that has to run before them: the oracle's way, until nothing is added."""
    found = set(ids)
    while more := {name for each in revisions if each.id in found for name in above(each)} - found:
        found |= more
    return found


def downwards(revisions: tuple[Revision, ...], ids: set[str]) -> set[str]:
    found = set(ids)
    while more := {each.id for each in revisions if above(each) & found} - found:
        found |= more
    return found


def by_parents(revisions: tuple[Revision, ...], id: str) -> set[str]:
    """All of the branch that an id is on: its line up and down, dependencies left aside."""
    parents = {each.id: set(each.parents) for each in revisions}
    below, over = {id}, {id}
    while more := {name for each in below for name in parents[each]} - below:
        below |= more
    while more := {each for each in parents if parents[each] & over} - over:
        over |= more
    return below | over


def is_in_order(case: Case, ids: list[str]) -> bool:
    """Whether nothing comes before what it needs."""
    position = {id: index for index, id in enumerate(ids)}
    return len(position) == len(ids) and all(
        position[name] < position[each.id]
        for each in case.revisions
        if each.id in position
        for name in above(each) & set(position)
    )


@given(histories(), st.data())
def test_an_upgrade_runs_what_is_missing_below_its_targets(case, data):
    targets = data.draw(st.lists(st.sampled_from([each.id for each in case.revisions]), min_size=1))
    found = plan.upgrade(case.graph, case.applied, targets)
    assert set(found) == upwards(case.revisions, set(targets)) - case.applied
    assert is_in_order(case, found)


@given(histories())
def test_an_upgrade_to_heads_runs_all_that_is_missing(case):
    found = plan.upgrade(case.graph, case.applied, "heads")
    assert set(found) == {each.id for each in case.revisions} - case.applied


@given(histories(), st.data())
def test_an_upgrade_to_a_label_is_one_to_its_revision(case, data):
    labelled = [each for each in case.revisions if each.labels]
    if labelled:
        target = data.draw(st.sampled_from(labelled))
        found = plan.upgrade(case.graph, case.applied, target.labels[0])
        assert found == plan.upgrade(case.graph, case.applied, target.id)


@given(histories(), st.data())
def test_a_downgrade_undoes_what_stands_on_the_targets_children(case, data):
    target = data.draw(st.sampled_from([each.id for each in case.revisions]))
    try:
        found = plan.downgrade(case.graph, case.applied, target)
    except errors.NotApplied:
        assert target not in case.applied
        return
    children = {each.id for each in case.revisions if target in each.parents}
    assert set(found) == downwards(case.revisions, children) & case.applied
    assert is_in_order(case, found[::-1])


@given(histories(whole=True), st.data())
def test_a_downgrade_leaves_nothing_without_what_it_needs(case, data):
    ids = [each.id for each in case.revisions]
    target = data.draw(
        st.one_of(
            st.sampled_from(ids),
            st.sampled_from(ids).map("{}@base".format),
            st.sampled_from(ids).map("{}@-1".format),
            st.sampled_from(ids).map("{}-1".format),
            st.sampled_from(["-1", "-2", "-3", "base"]),
        )
    )
    try:
        found = plan.downgrade(case.graph, case.applied, target)
    except errors.RevisionError:
        return
    left = case.applied - set(found)
    assert upwards(case.revisions, left) == left
    assert set(found) <= case.applied
    assert is_in_order(case, found[::-1])


@given(histories(whole=True), st.data())
def test_what_an_upgrade_ran_a_downgrade_of_as_many_steps_undoes_on_a_line(case, data):
    if all(len(each.parents) < 2 and not each.depends_on for each in case.revisions):
        steps = data.draw(st.integers(1, 3))
        try:
            up = plan.upgrade(case.graph, case.applied, f"+{steps}")
            now = case.applied | set(up)
            down = plan.downgrade(case.graph, now, f"-{steps}")
        except errors.RevisionError:
            return
        assert down == up[::-1]


def answer(question: Callable[..., list[str]], *facts: object) -> list[str] | errors.RevisionError:
    """The plan, or the error that says why there is none."""
    try:
        return question(*facts)
    except errors.RevisionError as refused:
        return refused


@given(histories(whole=True), st.integers(1, 4))
def test_steps_down_from_one_head_undo_as_many(case, steps):
    needed = {name for each in case.revisions if each.id in case.applied for name in above(each)}
    match answer(plan.downgrade, case.graph, case.applied, f"-{steps}"):
        case errors.AmbiguousWalk(candidates=candidates):
            assert set(candidates) == case.applied - needed
            assert len(candidates) > 1
        case errors.WalkTooFar(available=available):
            assert available < steps
        case list(found):
            assert len(found) >= steps
        case refused:
            raise refused


@given(histories(whole=True), st.integers(1, 4))
def test_steps_up_run_as_many_and_what_those_need(case, steps):
    is_plain = all(len(each.parents) < 2 and not each.depends_on for each in case.revisions)
    match answer(plan.upgrade, case.graph, case.applied, f"+{steps}"):
        case errors.AmbiguousWalk(candidates=candidates):
            assert len(candidates) > 1
        case errors.WalkTooFar(available=available):
            assert available < steps
        case list(found):
            assert len(found) == steps if is_plain else len(found) >= steps
        case refused:
            raise refused


@given(histories(whole=True), st.data())
def test_a_branch_that_is_undone_takes_only_what_stands_on_it_along(case, data):
    start = data.draw(st.sampled_from([each.id for each in case.revisions]))
    found = set(plan.downgrade(case.graph, case.applied, f"{start}@base"))
    assert downwards(case.revisions, {start}) & case.applied <= found
    allowed = downwards(case.revisions, by_parents(case.revisions, start))
    assert found <= allowed


@given(histories(whole=True), st.data())
def test_a_stamp_declares_the_target_and_nothing_that_stands_on_it(case, data):
    target = data.draw(st.sampled_from([each.id for each in case.revisions]))
    found = set(plan.stamp(case.graph, case.applied, target))
    assert upwards(case.revisions, {target}) <= found
    assert not (downwards(case.revisions, {target}) - {target}) & found
    assert upwards(case.revisions, found) == found
    related = upwards(case.revisions, {target}) | downwards(case.revisions, {target})
    heads = {
        each.id
        for each in case.revisions
        if each.id in case.applied
        and not any(each.id in above(other) for other in case.revisions if other.id in case.applied)
    }
    assert upwards(case.revisions, heads - related) <= found


@given(histories(), st.data())
def test_a_plan_is_the_same_whatever_the_order_of_files_and_rows(case, data):
    shuffled = data.draw(st.permutations(list(case.revisions)))
    rows = data.draw(st.permutations(sorted(case.applied)))
    first, second = case.graph, Graph(shuffled)
    assert first.order == second.order
    for go, target in ((plan.upgrade, "heads"), (plan.downgrade, "base"), (plan.stamp, "heads")):
        assert go(first, case.applied, target) == go(second, rows, target)


@given(histories())
def test_out_of_order_is_what_comes_before_something_applied_it_is_joined_with(case):
    g = case.graph
    planned = plan.upgrade(g, case.applied, "heads")
    expected = [
        id
        for id in planned
        if any(
            g.order.index(done) > g.order.index(id)
            and downwards(case.revisions, {done}) & downwards(case.revisions, {id})
            for done in case.applied
        )
    ]
    assert list(plan.out_of_order(g, case.applied, planned)) == expected


def test_every_order_of_three_files_gives_the_same_plan():
    files = [
        Revision("a", (), (), (), "", "a.py"),
        Revision("b", ("a",), (), (), "", "b.py"),
        Revision("c", ("a",), (), (), "", "c.py"),
    ]
    plans = {tuple(plan.upgrade(Graph(each), (), "heads")) for each in permutations(files)}
    assert plans == {("a", "b", "c")}
