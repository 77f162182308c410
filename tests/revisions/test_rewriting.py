"""Moving revisions onto another head."""

from __future__ import annotations

from datetime import datetime

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import disk, load, rewriting


@pytest.fixture
def two_heads(folder, write):
    """``mine`` and ``mine2`` grew beside ``theirs``."""
    write("base")
    write("theirs", "base")
    write("mine", "base", name="20240101_1000_mine_x.py")
    write("mine2", "mine")
    return load([folder])


def test_a_branch_is_put_onto_the_other_head(two_heads, folder):
    rewriting.apply(rewriting.rebase(two_heads, {"base", "theirs"}))
    g = load([folder])
    assert (g.order, g["mine"].parents) == (("base", "theirs", "mine", "mine2"), ("theirs",))


def test_a_disk_that_is_full_leaves_the_file_as_it_was_and_no_other(folder, write, monkeypatch):
    path = write("base")
    before = {each: each.read_bytes() for each in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(errors.CannotWrite, match="No space left"):
        disk.replace(path, b"half")
    assert {each: each.read_bytes() for each in folder.iterdir()} == before


def test_nothing_else_in_the_file_is_touched(folder, write):
    write("base"), write("theirs", "base")
    source = (
        b'\xef\xbb\xbf# \xc3\xa9\r\n"""m\xc3\xa9\r\n\r\nRevises: base  \r\nRevises: base\r\n"""\r\n'
        b"revision : str='b';down_revision:str   =  'base' # \xc3\xa9\r\n\tdef".replace(
            b"\tdef", b""
        )
    )
    path = folder / "b.py"
    path.write_bytes(source)
    rewriting.apply(rewriting.rebase(load([folder]), revision="b"))
    expected = source.replace(b"Revises: base  ", b"Revises: theirs  ").replace(
        b"'base'", b"'theirs'"
    )
    assert path.read_bytes() == expected


def test_the_branch_is_named_where_none_is_applied(two_heads):
    with pytest.raises(errors.AmbiguousRebase) as caught:
        rewriting.rebase(two_heads, {"base"})
    assert str(caught.value) == (
        "Which of these should move is not clear: mine2, theirs.\n"
        "Name the one to move, as in 'flask db rebase theirs'."
    )
    found = rewriting.rebase(two_heads, {"base"}, revision="mine")
    assert [(each.id, each.new_parents) for each in found] == [("mine", ("theirs",))]


def test_applied_revisions_are_not_moved_unless_told(two_heads):
    applied = {"base", "theirs", "mine"}
    with pytest.raises(errors.RebaseOfApplied) as caught:
        rewriting.rebase(two_heads, applied, revision="mine2")
    assert str(caught.value) == (
        "Already applied, so not moved: mine.\n"
        "Join the branches with 'flask db merge' instead, or undo them first with "
        "'flask db downgrade'. '--force' moves them all the same."
    )
    with pytest.raises(errors.RebaseOfApplied):
        rewriting.rebase(two_heads, applied)
    assert rewriting.rebase(two_heads, applied, revision="mine2", force=True)


def test_file_names_get_a_new_date_and_keep_their_order(two_heads, folder):
    date = datetime(2024, 6, 1, 12, 30)
    rewriting.apply(rewriting.rebase(two_heads, {"theirs"}, date=date))
    assert (folder / "20240601_1229_mine_x.py").exists()
    assert load([folder]).heads == ("mine2",)


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("20240101100000_mine2.py", "20240601123015_mine2.py"),
        ("20240101_100000_mine2.py", "20240601_123015_mine2.py"),
        ("2024-01-01_1000_mine2.py", "2024-06-01_1230_mine2.py"),
        ("2024_01_01_1000-mine2.py", "2024_06_01_1230-mine2.py"),
        ("mine2_20240101.py", "mine2_20240101.py"),
    ],
)
def test_a_date_keeps_its_form(folder, write, name, new):
    write("a"), write("theirs", "a"), write("mine2", "a", name=name)
    found = rewriting.rebase(
        load([folder]), revision="mine2", date=datetime(2024, 6, 1, 12, 30, 15)
    )
    assert [each.new_path.name for each in found] == [new]


def test_what_a_package_brought_never_moves(tmp_path, folder, write):
    write("a"), write("p", "a", name="../plugin/p.py")
    write("b", "a")
    graph = load([folder], brought=[tmp_path / "plugin"])
    with pytest.raises(errors.NothingToRebase):
        rewriting.rebase(graph, revision="p")
    assert [each.id for each in rewriting.rebase(graph, {"a", "p"})] == ["b"]


def test_a_name_that_is_taken_stops_everything(two_heads, folder):
    (folder / "20240601_1229_mine_x.py").write_text("")
    date = datetime(2024, 6, 1, 12, 30)
    with pytest.raises(errors.FileExists):
        rewriting.apply(rewriting.rebase(two_heads, {"theirs"}, date=date))
    assert load([folder])["mine"].parents == ("base",)


def test_a_merge_inside_the_branch_keeps_the_parents_that_move(folder, write):
    write("a"), write("b", "a"), write("c", "b"), write("m", "d", "b"), write("d", "a")
    found = rewriting.rebase(load([folder]), revision="m")
    assert {each.id: each.new_parents for each in found} == {"d": ("c",), "m": ("d",)}
    rewriting.apply(found)
    assert load([folder]).order == ("a", "b", "c", "d", "m")


def test_one_head_leaves_nothing_to_rebase(folder, write):
    write("a")
    with pytest.raises(errors.NothingToRebase) as caught:
        rewriting.rebase(load([folder]))
    assert str(caught.value) == (
        "There is nothing to rebase; heads: a.\nSee the branches with 'flask db graph'."
    )


def test_a_branch_with_its_own_base_stays_where_it_is(folder, write):
    write("a"), write("x")
    with pytest.raises(errors.NothingToRebase):
        rewriting.rebase(load([folder]), {"a"})


def test_a_branch_is_not_put_onto_one_that_depends_on_it(folder, write):
    write("a"), write("mine", "a"), write("theirs", "a", depends_on="mine")
    with pytest.raises(errors.Cycle):
        rewriting.rebase(load([folder]), revision="mine")


def test_a_computed_down_revision_is_left_to_a_person(folder, write):
    write("a"), write("theirs", "a")
    path = write("mine", source="revision = 'mine'\ndown_revision = str('a')\n")
    with pytest.raises(errors.NotRewritable) as caught:
        rewriting.apply(rewriting.rebase(load([folder]), {"theirs"}))
    assert str(caught.value) == (
        f"Cannot change 'down_revision' in {path}: it is not a plain value there.\n"
        "Change it by hand."
    )
