"""Databases that Alembic migrated so far, and its version table afterwards."""

from __future__ import annotations

from contextlib import closing

import pytest

from flask_schemamigrate.commands import looking, scripting
from flask_schemamigrate.commands.adopting import TakenOver
from flask_schemamigrate.commands.returning import give_back
from flask_schemamigrate.errors.takeover import OutOfStep, UnknownVersions
from flask_schemamigrate.runner.history import History


def created(project, *ids: str) -> None:
    """What Alembic's runs of these revisions would have left."""
    project.database.execute(*(f"CREATE TABLE t_{id} (id INTEGER)" for id in ids))


def test_a_database_at_head_has_nothing_to_do_and_is_taken_over(old):
    old.at("an_own_operation")

    (taken,) = old.upgrade()

    assert isinstance(taken, TakenOver)
    assert len(taken.revisions) == 9
    assert set(old.recorded().values()) == {"alembic"}
    assert old.versions() == ["an_own_operation"]
    assert old.upgrade() == []


def test_what_is_left_to_do_is_done_after_taking_over(project):
    project = project("a -> b, b -> c")
    project.at("b")
    created(project, "a", "b")

    taken, done = project.upgrade()

    assert (taken.revisions, done.revision) == (("a", "b"), "c")
    assert project.recorded() == {"a": "alembic", "b": "alembic", "c": "run"}
    assert project.versions() == ["c"]


def test_looking_shows_what_would_be_and_changes_nothing(project):
    project = project("a -> b, b -> c")
    project.at("b")

    assert project.current() == ("b",)
    status = next(looking.status(project.environment))
    assert (status.current, status.pending) == (("b",), ("c",))
    assert not project.database.rows(
        "SELECT name FROM sqlite_master WHERE name LIKE 'schemamigrate%'"
    )


def test_a_downgrade_takes_over_as_well(project):
    project = project("a -> b, b -> c")
    project.at("c")
    created(project, "a", "b", "c")

    taken, undone = project.downgrade("-1")

    assert (len(taken.revisions), undone.revision) == (3, "c")
    assert project.versions() == ["b"]


def test_a_stamp_takes_over_as_well(project):
    project = project("a -> b, b -> c")
    project.at("c")

    project.stamp("b")

    assert project.recorded() == {"a": "alembic", "b": "alembic"}
    assert project.versions() == ["b"]


def test_several_rows_and_dependencies_imply_all_they_stand_on(project):
    project = project("a -> b, c -> d(b), e")
    project.at("d", "e")

    (taken,) = project.upgrade("heads")

    assert set(taken.revisions) == {"a", "b", "c", "d", "e"}


def test_a_version_that_no_file_has_is_refused_with_what_to_do(project):
    project = project("a -> b")
    project.at("gone")

    with pytest.raises(UnknownVersions, match=r"'gone', which no file has") as caught:
        project.upgrade()

    assert "'flask db stamp --purge REV'" in str(caught.value)
    assert project.current() == ("gone",)
    project.stamp("b", purge=True)
    assert project.versions() == ["b"]


def test_another_name_of_the_table_is_configured(project):
    project = project("a -> b", alembic_version_table="versions_of_shop")
    project.at("b", table="versions_of_shop")

    (taken,) = project.upgrade()

    assert taken.table == "versions_of_shop"


def test_another_schema_of_the_table_is_configured(old, postgresql):
    postgresql.execute("CREATE SCHEMA migration")
    project = old.configured(alembic_version_schema="migration")
    project.database = postgresql
    project.at("an_own_operation", table="migration.alembic_version")

    (taken,) = project.upgrade()

    assert taken.table == "migration.alembic_version"


def test_the_rows_are_those_of_alembic_after_each_step(project):
    project = project("a -> b, a -> c, b+c -> d, x -> y(c)")
    project.at()
    seen = []
    for to in ("a", "b", "c", "x", "y", "heads"):
        project.upgrade(to)
        seen.append(project.versions())
    for to in ("b", "c", "base"):
        project.downgrade(to)
        seen.append(project.versions())

    assert seen[:6] == [["a"], ["b"], ["b", "c"], ["b", "c", "x"], ["b", "y"], ["d", "y"]]
    assert seen[6:] == [["b", "y"], ["b", "c", "x"], []] or seen[8] == []


def test_a_revision_that_fails_leaves_the_table_as_it_was(project):
    project = project("a -> b, b -> c")
    project.at("b")
    created(project, "a", "b", "c")

    with pytest.raises(Exception, match="already exists"):
        project.upgrade()

    assert project.versions() == ["b"]
    assert project.recorded() == {"a": "alembic", "b": "alembic"}


def test_the_table_is_left_alone_once_that_is_configured(project):
    project = project("a -> b, b -> c", keep_alembic_version=False)
    project.at("b")
    created(project, "a", "b")

    project.upgrade()
    assert project.versions() == ["b"]
    project.downgrade("base")
    assert project.versions() == ["b"]
    assert project.current() == ()


def test_a_history_that_was_only_created_hides_no_version_table(project):
    project = project("a -> b", keep_alembic_version=False)
    project.at("b")
    with project.database.engine().begin() as connection:
        History("schemamigrate_history").create(connection)

    assert project.current() == ("b",)
    (taken,) = project.upgrade()
    assert taken.revisions == ("a", "b")


def test_a_new_database_gets_no_table_of_alembic(project):
    project = project("a -> b")
    project.upgrade()

    assert not project.database.rows("SELECT name FROM sqlite_master WHERE name LIKE 'alembic%'")


@pytest.mark.parametrize("first", [(), ("a",)])
def test_a_revision_that_speaks_of_the_table_finds_it_in_a_new_database(project, first):
    project = project("a -> b")
    path = project.folder / "versions" / "b.py"
    source = path.read_text()
    path.write_text(source.replace("t_b (id INTEGER)", "t_b AS SELECT * FROM alembic_version"))
    project.upgrade(*first)
    project.upgrade()

    assert project.database.rows("SELECT * FROM t_b") == [("a",)]
    assert project.versions() == ["b"]


def test_a_database_that_alembic_moved_afterwards_is_refused_until_it_is_stamped(project):
    project = project("a -> b, b -> c")
    project.at("b")
    created(project, "a", "b")
    project.upgrade("b")
    project.database.execute("UPDATE alembic_version SET version_num = 'c'")
    created(project, "c")

    with pytest.raises(OutOfStep, match="is at b, and Alembic's table 'alembic_version' says c"):
        project.upgrade()
    (status,) = looking.status(project.environment)
    assert (status.alembic, status.is_ready) == (("c",), False)

    project.stamp("c")
    assert project.upgrade() == []
    (status,) = looking.status(project.environment)
    assert (status.alembic, status.is_ready) == (None, True)
    assert project.versions() == ["c"]


def test_a_history_that_is_back_at_base_is_not_taken_over_again(project):
    project = project("a -> b")
    project.at()
    project.upgrade()
    unkept = project.configured(keep_alembic_version=False)
    unkept.downgrade("base")
    assert project.versions() == ["b"]

    with pytest.raises(OutOfStep, match="is at base, and Alembic's table 'alembic_version' says b"):
        project.upgrade()

    project.stamp("base")
    project.upgrade()
    assert project.versions() == ["b"]


def test_what_the_error_says_leaves_alembics_word_and_nothing_of_other_branches(project):
    project = project("a, b, b -> c")
    project.at()
    project.upgrade("heads")
    project.database.execute("DELETE FROM alembic_version WHERE version_num = 'a'")

    with pytest.raises(OutOfStep) as caught:
        project.upgrade("heads")

    assert "'flask db stamp --purge c'" in str(caught.value)
    project.stamp("c", purge=True)
    assert project.versions() == ["c"]
    assert set(project.recorded()) == {"b", "c"}


def test_a_version_of_a_newer_release_is_not_to_be_stamped(project):
    project = project("a -> b")
    project.at()
    project.upgrade()
    project.database.execute("UPDATE alembic_version SET version_num = 'newer'")

    with pytest.raises(OutOfStep, match=r"No file has newer: bring the files back, .*stamp b'"):
        project.upgrade()

    project.stamp("b")
    assert project.versions() == ["b"]


def run_script(project, lines) -> None:
    """Carry a script out as the sqlite3 program would."""
    script = "\n".join(line for line in "\n".join(lines).splitlines() if line[:1] != ".")
    with closing(project.database.engine().raw_connection()) as raw:
        raw.driver_connection.executescript(script)


def test_a_script_keeps_alembics_table_in_step_while_the_project_has_alembics_env_py(project):
    project = project("a -> b, a -> c, b+c -> d")
    (project.folder / "env.py").touch()
    run_script(project, scripting.upgrade_script(project.environment, "heads"))
    assert project.versions() == ["d"]

    run_script(project, scripting.downgrade_script(project.environment, "d:b"))
    assert project.versions() == ["b", "c"]

    run_script(project, scripting.stamp_script(project.environment, "b", "c", "d", purge=True))
    assert project.versions() == ["d"]
    assert project.upgrade() == []


def test_what_a_script_did_beside_alembics_table_is_made_good_by_the_next_run(project):
    project = project("a -> b, b -> c")
    project.at("a")
    created(project, "a")
    project.upgrade("a")
    run_script(project, scripting.upgrade_script(project.environment, "a:b"))
    assert (project.versions(), project.current()) == (["a"], ("b",))

    project.upgrade()
    assert project.versions() == ["c"]


def test_what_is_given_back_is_what_alembic_would_have(project):
    project = project("a -> b, a -> c, x -> y(c)")
    project.upgrade("heads")

    list(give_back(project.environment))

    assert project.versions() == ["b", "y"]
