"""The file that makes two branches conflict in git."""

from __future__ import annotations

from flask_schemamigrate.revisions import headfile, load


def test_without_a_file_nothing_is_stale(folder, graph):
    assert headfile.read(folder) is None
    assert not headfile.is_stale(folder, graph("a"))


def test_the_heads_are_on_one_line(folder, graph):
    headfile.write(folder, graph("a -> b, a -> c"))
    assert (folder / "head").read_bytes() == b"b c\n"
    assert headfile.read(folder) == ("b", "c")


def test_a_file_with_other_heads_is_stale(folder, graph):
    headfile.write(folder, graph("a"))
    assert headfile.is_stale(folder, graph("a -> b"))
    headfile.write(folder, graph("a -> b"))
    assert not headfile.is_stale(folder, graph("a -> b"))


def test_a_conflict_that_git_left_is_stale(folder, graph):
    (folder / "head").write_text("<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n")
    assert headfile.is_stale(folder, graph("a -> b"))


def test_what_packages_bring_is_no_head_of_the_project(tmp_path, folder, write):
    write("a")
    write("p", name="../plugin/p.py")
    graph = load([folder], brought=[tmp_path / "plugin"])
    headfile.write(tmp_path / "new", graph)
    assert headfile.read(tmp_path / "new") == ("a",)
    assert not headfile.is_stale(tmp_path / "new", graph)
