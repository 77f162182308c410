"""The history keeps what a file was, so that its revision is not lost with the file."""

from __future__ import annotations

from contextlib import suppress

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.planning import downgrade_plan
from flask_schemamigrate.commands.resolving import resolve
from flask_schemamigrate.commands.restoring import edits, lent, restore
from flask_schemamigrate.commands.running import downgrade
from flask_schemamigrate.commands.stamping import stamp
from flask_schemamigrate.errors import FileExists, RevisionError, RunError, SourceNotKept
from flask_schemamigrate.revisions import decoding
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'
DROP = 'op.drop_table("{0}")'


def applied(project, *ids: str):
    """A project that has carried these out, a table each."""
    for id in ids:
        project.revision(id, TABLE.format(id), DROP.format(id))
    project.upgrade()
    return project


def file(project, id: str):
    return project.folder / "versions" / f"{id}.py"


def files(project) -> list[str]:
    return sorted(path.stem for path in (project.folder / "versions").glob("*.py"))


def test_files_that_are_gone_come_back_as_they_were(project):
    applied(project, "a", "b", "c")
    were = {id: file(project, id).read_bytes() for id in "abc"}
    file(project, "b").unlink()
    file(project, "c").unlink()

    done = restore(project.environment())

    assert [each.revision for each in done] == ["b", "c"]
    assert {id: file(project, id).read_bytes() for id in "abc"} == were
    assert project.status.is_ready


def test_a_file_that_others_follow_comes_back(project):
    applied(project, "a", "b")
    file(project, "a").unlink()
    with pytest.raises(RevisionError, match="'flask db restore'"):
        project.upgrade()

    restore(project.environment())

    assert project.status.is_ready


def test_a_folder_that_is_gone_comes_back(project):
    applied(project, "a", "b")
    file(project, "a").unlink()
    file(project, "b").unlink()
    (project.folder / "versions").rmdir()

    restore(project.environment())

    assert project.status.is_ready


def test_where_nothing_is_gone_nothing_is_written(project):
    applied(project, "a")

    assert restore(project.environment()) == []


@pytest.mark.parametrize(
    ("comment", "encoding"),
    [
        ("# größer → ✓ 日本", "utf-8"),
        ("# 1 + 1 +AOQ- \\u2192 'it' \\\\", "utf-8"),
        ("# größer + 1", "utf-8-sig"),
        ("# -*- coding: latin-1 -*-\n# größer", "latin-1"),
    ],
)
def test_every_letter_comes_back(project, comment, encoding):
    project.revision("a", TABLE.format("a"))
    path = file(project, "a")
    path.write_bytes(f"{comment}\n{path.read_text()}".encode(encoding))
    project.upgrade()
    was = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    path.unlink()

    restore(project.environment())

    assert path.read_bytes() == was
    ((kept,),) = project.rows("SELECT source FROM schemamigrate_history")
    assert kept.isascii()


def test_what_was_stamped_is_kept_as_well(project):
    project.revision("a", TABLE.format("a"))
    list(stamp(project.environment()))
    file(project, "a").unlink()

    assert [each.revision for each in restore(project.environment())] == ["a"]


def test_all_come_back_or_none(project):
    applied(project, "a", "b")
    with project.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE schemamigrate_history SET source = NULL WHERE revision = 'b'")
        )
    file(project, "a").unlink()
    file(project, "b").unlink()

    with pytest.raises(SourceNotKept, match=r"b: applied .* from b\.py") as caught:
        restore(project.environment())

    assert caught.value.revisions == ("b",)
    assert files(project) == []


def test_what_was_changed_in_the_table_is_not_taken_for_the_source(project):
    applied(project, "a")
    with project.engine.begin() as connection:
        connection.execute(sa.text("UPDATE schemamigrate_history SET source = 'import os'"))
    file(project, "a").unlink()

    with pytest.raises(SourceNotKept):
        restore(project.environment())


def test_a_name_that_leads_out_of_the_folder_does_not(project):
    applied(project, "a")
    with project.engine.begin() as connection:
        connection.execute(sa.text("UPDATE schemamigrate_history SET file = '../../out.py'"))
    file(project, "a").unlink()

    restore(project.environment())

    assert files(project) == ["out"]


def test_another_file_of_that_name_stays_and_nothing_is_written(project):
    applied(project, "a", "b")
    file(project, "a").unlink()
    file(project, "b").write_text("# mine\n")

    with pytest.raises(FileExists, match="Give this file another name"):
        restore(project.environment())

    assert files(project) == ["b"]
    assert file(project, "b").read_text() == "# mine\n"


def test_what_does_not_fit_the_other_files_is_taken_away_again(project):
    applied(project, "a", "b")
    file(project, "b").unlink()
    other = project.folder / "versions" / "other.py"
    other.write_text(file(project, "a").read_text().replace('"a"', '"c"'))
    file(project, "a").unlink()
    with project.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM schemamigrate_history WHERE revision = 'a'"))

    with pytest.raises(RevisionError, match="follows 'a'"):
        restore(project.environment())

    assert files(project) == ["other"]


def test_a_file_that_is_too_long_is_not_kept(project, monkeypatch):
    monkeypatch.setattr(decoding, "LONGEST_KEPT", 100)
    applied(project, "a")

    assert project.rows("SELECT source FROM schemamigrate_history") == [(None,)]


def test_the_longest_that_is_kept_has_room(project):
    project.revision("a", "pass")
    path = file(project, "a")
    text = path.read_text()
    path.write_text(text + "#" * (decoding.LONGEST_KEPT - len(text) - 1) + "\n")
    project.upgrade()
    was = path.read_bytes()
    path.unlink()

    restore(project.environment())

    assert path.read_bytes() == was


def older(project) -> None:
    """Make the history one of a release that kept no sources."""
    with project.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE schemamigrate_history DROP COLUMN source"))


def test_an_older_history_is_read_as_it_is_and_gets_the_column_with_the_next_run(project):
    applied(project, "a")
    older(project)

    assert project.status.is_ready
    file(project, "a").rename(project.folder / "a")
    with pytest.raises(SourceNotKept):
        restore(project.environment())
    (project.folder / "a").rename(file(project, "a"))
    applied(project, "b")

    kept = project.rows("SELECT revision, source IS NOT NULL FROM schemamigrate_history")
    assert {id: bool(is_kept) for id, is_kept in kept} == {"a": False, "b": True}


def test_an_older_history_can_be_stamped(project):
    applied(project, "a")
    older(project)
    project.revision("b")

    list(stamp(project.environment()))

    assert project.status.is_ready


# -- taking back what no file has


def test_what_no_file_has_is_taken_back_and_its_files_go_again(project):
    applied(project, "a", "b", "c")
    file(project, "b").unlink()
    file(project, "c").unlink()
    here = project.environment()

    with lent(here) as undone:
        planned = [each.revision for each in downgrade_plan(here, undone=undone)]
        list(downgrade(here, undone=undone))

    assert planned == ["c", "b"]
    assert files(project) == ["a"]
    assert project.status.is_ready
    assert not sa.inspect(project.engine).has_table("b")


def test_a_branch_that_is_there_stays_while_another_is_taken_back(project):
    applied(project, "a", "b")
    file(project, "b").unlink()
    project.below = "a"
    project.revision("mine", TABLE.format("mine"), DROP.format("mine"))
    here = project.environment()

    with lent(here) as undone:
        list(downgrade(here, undone=undone))
    project.upgrade()

    assert sa.inspect(project.engine).has_table("mine")
    assert project.status.current == ("mine",)


def test_the_files_go_where_nothing_is_done_after_all(project):
    applied(project, "a")
    file(project, "a").unlink()

    with suppress(KeyboardInterrupt), lent(project.environment()) as undone:
        assert undone == ("a",)
        raise KeyboardInterrupt

    assert files(project) == []
    assert project.status.unknown == ("a",)


def test_what_others_follow_that_have_a_file_is_not_taken_back(project):
    applied(project, "a", "b")
    file(project, "a").unlink()

    with pytest.raises(RevisionError, match="'flask db restore'"), lent(project.environment()):
        pass

    assert files(project) == ["b"]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_the_files_stay_where_a_revision_stopped_midway(project):
    project.revision("a", TABLE.format("a"), f"{DROP.format('a')}\nop.execute('nonsense')")
    project.upgrade()
    file(project, "a").unlink()
    here = project.environment()

    with pytest.raises(RunError), lent(here) as undone:
        list(downgrade(here, undone=undone))

    assert files(project) == ["a"]
    text = file(project, "a").read_text()
    file(project, "a").write_text(text.replace("op.execute('nonsense')", ""))
    project.downgrade("base")
    assert project.status.current == ()


# -- what was edited


def test_an_edit_is_shown_as_a_difference(project):
    applied(project, "a", "b")
    path = file(project, "b")
    path.write_text(path.read_text().replace("Integer", "BigInteger"))

    (edit,) = edits(project.environment(), "b")

    assert f"\n-    {TABLE.format('b')}\n" in edit.diff
    assert f"\n+    {TABLE.format('b').replace('Integer', 'BigInteger')}\n" in edit.diff
    assert edits(project.environment(), "a") == []


def test_what_an_edited_file_was_is_not_always_known(project):
    applied(project, "a")
    older(project)
    path = file(project, "a")
    path.write_text(path.read_text().replace("Integer", "BigInteger"))

    with pytest.raises(SourceNotKept, match="'flask db resolve REV --accept'") as caught:
        edits(project.environment(), "a")

    assert "stamp --purge" not in str(caught.value)


def test_an_edit_that_was_accepted_is_what_is_kept(project):
    applied(project, "a")
    path = file(project, "a")
    path.write_text(path.read_text().replace("Integer", "BigInteger"))
    was = path.read_bytes()

    list(resolve(project.environment(), "a", "accept"))

    assert edits(project.environment(), "a") == []
    path.unlink()
    restore(project.environment())
    assert path.read_bytes() == was


def test_a_file_that_was_only_formatted_is_kept_as_it_is_after_the_next_run(project):
    applied(project, "a")
    path = file(project, "a")
    path.write_text(path.read_text() + "# done\n")
    assert len(edits(project.environment(), "a")) == 1
    applied(project, "b")

    assert edits(project.environment(), "a") == []
    was = path.read_bytes()
    path.unlink()
    restore(project.environment())
    assert path.read_bytes() == was
