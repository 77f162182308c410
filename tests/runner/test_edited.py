"""Telling what was edited after it was applied, at the price of a glance where nothing was."""

from __future__ import annotations

import ast

import pytest

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.fixture
def project(project_on):
    """A project with one revision that is applied."""
    project = project_on("sqlite")
    project.revision("a", TABLE)
    project.upgrade()
    return project


def parsed(monkeypatch) -> list[str]:
    """The files that Python's parser is given from now on."""
    files: list[str] = []
    parse = ast.parse

    def noted(source, filename="<unknown>", *rest, **how):
        files.append(str(filename))
        return parse(source, filename, *rest, **how)

    monkeypatch.setattr(ast, "parse", noted)
    return files


def digest(project) -> str:
    ((found,),) = project.rows("SELECT digest FROM schemamigrate_history WHERE revision = 'a'")
    return found


def test_a_file_that_nobody_touched_is_not_parsed(project, monkeypatch):
    files = parsed(monkeypatch)

    assert project.upgrade() == []

    assert files == []


@pytest.mark.parametrize(
    "touched", [lambda text: text + "# done\n", lambda text: text.replace("\n", "\r\n")]
)
def test_a_file_that_was_only_formatted_is_not_edited(project, touched):
    file = project.folder / "versions" / "a.py"
    file.write_bytes(touched(file.read_text()).encode())

    assert project.upgrade() == []


def test_an_edited_file_is_told_again_after_another_run(project):
    project.revision("a", f"{TABLE}\npass")
    project.revision("b")
    project.upgrade()

    assert project.status.edited == ("a",)


def test_other_line_ends_do_not_even_make_another_file(project, monkeypatch):
    file = project.folder / "versions" / "a.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    files = parsed(monkeypatch)

    project.upgrade()

    assert files == []


def test_a_file_that_was_formatted_is_known_again_once_something_was_done(project):
    file = project.folder / "versions" / "a.py"
    before = digest(project)
    file.write_text(f"{file.read_text()}# done\n")

    project.upgrade()
    assert digest(project) == before

    project.revision("b")
    project.upgrade()
    assert digest(project) != before
    assert project.upgrade() == []


def test_a_file_that_is_no_python_any_more_is_edited(project):
    file = project.folder / "versions" / "a.py"
    file.write_text(f"{file.read_text()}\ndef (\n")

    assert project.status.edited == ("a",)
