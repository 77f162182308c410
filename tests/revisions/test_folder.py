"""Reading folders, and remembering what was in them."""

from __future__ import annotations

import json
import os

import pytest

from flask_schemamigrate import errors
from flask_schemamigrate.revisions import Cache, cache, header, load


def test_all_revisions_of_a_folder_are_read(folder, write):
    write("a")
    write("b", "a", labels="side", depends_on="")
    g = load([folder])
    assert (g.order, g.heads, g["b"].labels) == (("a", "b"), ("b",), ("side",))


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path):
    assert len(load([tmp_path / "nowhere"])) == 0


@pytest.mark.parametrize("name", [".a.py", "_a.py", "__init__.py", "a.txt", "a.pyc", "a.py~"])
def test_files_with_other_names_are_ignored(folder, write, name):
    write("a", name=name, source="no python at all, revision\n")
    assert len(load([folder])) == 0


def test_helper_modules_are_passed_over(folder, write):
    write("a")
    write("helpers", source="def table(): ...\n")
    assert load([folder]).order == ("a",)


def test_a_file_that_two_locations_lead_to_is_read_once(folder, write, tmp_path):
    write("a")
    (tmp_path / "link").symlink_to(folder)
    (folder / "again.py").symlink_to(folder / "a.py")
    assert load([folder, tmp_path / "link", folder / ".." / "versions"]).order == ("a",)


def test_folders_inside_are_read_when_asked_for(folder, write):
    write("a")
    write("b", "a", name="2024/b.py")
    write("c", name="__pycache__/c.py")
    assert load([folder]).order == ("a",)
    assert load([folder], recursive=True).order == ("a", "b")


def test_several_folders_are_one_graph(folder, write, tmp_path):
    write("a")
    other = write("b", "a").rename(tmp_path / "b.py").parent
    assert load([folder, other]).order == ("a", "b")


def test_a_copy_of_a_file_is_an_error_that_names_both(folder, write):
    first, second = write("a"), write("a", name="copy.py")
    with pytest.raises(errors.DuplicateRevision) as caught:
        load([folder])
    assert str(first) in str(caught.value)
    assert str(second) in str(caught.value)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "cache" / "headers.json"


@pytest.fixture
def settled(monkeypatch):
    """Files count as old enough to be remembered at once."""
    monkeypatch.setattr(cache, "RACY_NANOSECONDS", -(10**18))


@pytest.fixture
def reads(monkeypatch):
    """The files whose text was read."""
    names = []
    text = header.text

    def noted(file):
        names.append(os.path.basename(file))
        return text(file)

    monkeypatch.setattr(header, "text", noted)
    return names


def test_what_is_remembered_is_not_read_again(folder, write, store, settled, reads):
    write("a"), write("b", "a"), write("helpers", source="x = 1\n")
    first = load([folder], cache=Cache(store))
    again = load([folder], cache=Cache(store))
    assert dict(first) == dict(again)
    assert reads == ["a.py", "b.py", "helpers.py"]


def test_an_edit_is_noticed_though_size_and_time_are_as_before(folder, write, store, settled):
    path = write("aaa")
    load([folder], cache=Cache(store))
    before = path.stat()
    path.write_text(path.read_text().replace("aaa", "bbb"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load([folder], cache=Cache(store)).order == ("bbb",)


def test_a_file_that_has_just_been_changed_is_not_trusted(folder, write, store, reads):
    write("a")
    load([folder], cache=Cache(store))
    load([folder], cache=Cache(store))
    assert reads == ["a.py", "a.py"]


def test_a_deleted_file_is_forgotten(folder, write, store, settled):
    write("a")
    path = write("b", "a")
    load([folder], cache=Cache(store))
    path.unlink()
    assert load([folder], cache=Cache(store)).order == ("a",)
    assert str(path) not in store.read_text()


def test_a_computed_header_is_read_every_time(folder, write, store, settled, reads):
    write("a", source="revision = str('a')\n")
    load([folder], cache=Cache(store))
    load([folder], cache=Cache(store))
    assert reads == ["a.py", "a.py"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 0, "files": {}}', "\x00"])
def test_a_broken_cache_costs_time_only(folder, write, store, content):
    write("a")
    store.parent.mkdir()
    store.write_text(content)
    assert load([folder], cache=Cache(store)).order == ("a",)


def test_a_cache_that_cannot_be_written_costs_time_only(folder, write, tmp_path, settled):
    write("a")
    (tmp_path / "file").write_text("")
    assert load([folder], cache=Cache(tmp_path / "file" / "headers.json")).order == ("a",)


def test_the_cache_is_replaced_as_a_whole_and_hidden_from_git(folder, write, store, settled):
    write("a")
    load([folder], cache=Cache(store))
    assert sorted(each.name for each in store.parent.iterdir()) == [".gitignore", "headers.json"]
    assert json.loads(store.read_text())["format"] == cache.FORMAT
    before = store.stat().st_mtime_ns
    load([folder], cache=Cache(store))
    assert store.stat().st_mtime_ns == before
