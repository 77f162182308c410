"""A revision and its row in the history are one thing, whatever the revision's code does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.logged import log
from flask_schemamigrate.commands.stamping import stamp
from flask_schemamigrate.errors.runs import (
    NotAtomic,
    NotReversible,
    OutOfOrder,
    RolledBackItself,
    StatementFailed,
    UnknownApplied,
)
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = 'op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))'
TRANSACTIONAL = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def statements(engine: sa.Engine) -> list[str]:
    said: list[str] = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def say(connection, cursor, sql, *_):
        said.append(sql)

    return said


def test_nothing_to_do_asks_two_questions_and_writes_nothing(project):
    project.revision("a", TABLE)
    project.upgrade()
    said = statements(project.engine)

    assert project.upgrade() == []

    asked = [sql for sql in said if "PRAGMA" not in sql]
    assert len(asked) <= 3
    assert all(sql.lstrip()[:6].upper() in {"SELECT", "SHOW C", "DESCRI"} for sql in asked)


def test_nothing_to_do_imports_no_revision(project):
    project.revision("a", TABLE)
    project.upgrade()
    file = project.folder / "versions" / "a.py"
    file.write_text(file.read_text() + "\nraise RuntimeError\n")

    done = project.upgrade()

    assert [each.kind for each in done] == ["edited"]


@TRANSACTIONAL
def test_a_revision_that_fails_leaves_nothing(project):
    project.revision("a", f"{TABLE}\nop.execute('INSERT INTO nowhere VALUES (1)')")

    with pytest.raises(StatementFailed, match="Nothing of it stays"):
        project.upgrade()

    assert not sa.inspect(project.engine).has_table("thing")
    assert project.status.pending == ("a",)
    assert project.status.unfinished == ()


@pytest.mark.parametrize("commit", ["op.get_bind().commit()", "op.execute('COMMIT')"])
def test_a_commit_in_a_revision_lasts_and_is_taken_up(project, commit):
    fails = "op.execute('INSERT INTO nowhere VALUES (1)')"
    project.revision("a", f"{TABLE}\n{commit}\n{fails}")
    with pytest.raises(StatementFailed):
        project.upgrade()
    (stop,) = project.status.unfinished
    assert stop.revision == "a"

    project.revision("a", f"{TABLE}\n{commit}\nop.execute('INSERT INTO thing VALUES (1)')")
    project.upgrade()

    assert project.rows("SELECT * FROM thing") == [(1,)]
    assert project.status.is_ready


@TRANSACTIONAL
def test_a_rollback_in_a_revision_is_an_error(project):
    project.revision("a", f"{TABLE}\nop.get_bind().rollback()")

    with pytest.raises(RolledBackItself, match="thing"):
        project.upgrade()

    assert project.status.pending == ("a",)


@TRANSACTIONAL
def test_a_part_outside_the_transaction_is_not_done_twice(project):
    block = (
        "with op.get_context().autocommit_block():\n    op.execute('INSERT INTO thing VALUES (1)')"
    )
    project.revision("a", f"{TABLE}\n{block}\nop.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(StatementFailed, match="goes on where it stopped"):
        project.upgrade()

    project.revision("a", f"{TABLE}\n{block}\nop.execute('INSERT INTO thing VALUES (2)')")
    project.upgrade()

    assert project.rows("SELECT id FROM thing ORDER BY 1") == [(1,), (2,)]


def test_a_revision_may_ask_for_no_transaction(project):
    fails = "op.execute('INSERT INTO nowhere VALUES (1)')"
    project.revision("a", f"{TABLE}\n{fails}", more="transactional = False")
    with pytest.raises(StatementFailed):
        project.upgrade()

    assert sa.inspect(project.engine).has_table("thing")
    (stop,) = project.status.unfinished
    assert (stop.operation, stop.statement) == (2, 1)


@TRANSACTIONAL
def test_an_atomic_run_is_all_or_nothing(project):
    project.revision("a", TABLE)
    project.revision("b", "op.execute('INSERT INTO nowhere VALUES (1)')")

    with pytest.raises(StatementFailed, match="Nothing was changed"):
        project.upgrade(atomic=True)
    assert project.status.pending == ("a", "b")

    project.revision("b", "op.execute('INSERT INTO thing VALUES (1)')")
    assert [done.revision for done in project.upgrade(atomic=True)] == ["a", "b"]


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_run_cannot_be_atomic_where_ddl_commits(project):
    project.revision("a", TABLE)

    with pytest.raises(NotAtomic, match=r"MariaDB|MySQL"):
        project.upgrade(atomic=True)


@pytest.mark.parametrize(
    ("reason", "said"),
    [('"the old rows are gone"', "the old rows are gone"), ("True", "back: its file says so")],
)
def test_a_revision_can_say_that_it_is_irreversible(project, reason, said):
    project.revision("a", TABLE, more=f"irreversible = {reason}")
    project.upgrade()

    with pytest.raises(NotReversible, match=said):
        project.downgrade()


@pytest.mark.parametrize("target", ["-1", "base"])
def test_a_downgrade_from_unknown_revisions_alone_names_them(project, target):
    project.revision("a")
    project.upgrade()
    (project.folder / "versions" / "a.py").unlink()

    with pytest.raises(UnknownApplied, match=r"a: applied .* from a\.py") as caught:
        project.downgrade(target)
    folder = project.folder / "versions"
    assert f"There is no revision at all in {folder}. Name another folder" in str(caught.value)


def test_revisions_that_no_file_has_are_refused_unless_allowed_and_nothing_is_to_do(project):
    project.revision("a", TABLE)
    project.revision("b")
    project.upgrade()
    (project.folder / "versions" / "b.py").unlink()

    with pytest.raises(UnknownApplied, match=r"b: applied .* from b\.py"):
        project.upgrade()
    (notice,) = project.upgrade(allow_unknown=True)
    assert (notice.kind, notice.revisions) == ("unknown", ("b",))


def test_what_no_file_has_can_be_forgotten_without_calling_anything_carried_out(project):
    project.revision("a", TABLE)
    project.revision("b")
    project.upgrade()
    (project.folder / "versions" / "b.py").unlink()
    project.below = "a"
    project.revision("c", 'op.create_table("other", sa.Column("n", sa.Integer))')
    with pytest.raises(UnknownApplied, match="'flask db stamp --purge current'"):
        project.upgrade()

    list(stamp(project.environment(), "current", purge=True))
    project.upgrade()

    assert sa.inspect(project.engine).has_table("other")


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_what_stopped_midway_and_has_no_file_is_not_called_applied(project):
    project.revision("a", TABLE)
    project.revision(
        "b", 'op.create_table("c", sa.Column("n", sa.Integer))\nop.execute("nonsense")'
    )
    with pytest.raises(StatementFailed):
        project.upgrade()
    (project.folder / "versions" / "b.py").unlink()

    with pytest.raises(UnknownApplied, match=r"b: unfinished since .* from b\.py") as caught:
        project.upgrade()
    assert "'flask db resolve b --rolled-back'" in str(caught.value)
    assert (project.status.current, project.status.unknown) == (("a",), ("b",))


def test_nothing_is_taken_back_below_a_revision_that_no_file_has(project):
    project.revision("a", TABLE, 'op.drop_table("thing")')
    project.revision("b")
    project.upgrade()
    (project.folder / "versions" / "b.py").unlink()

    with pytest.raises(UnknownApplied, match=r"b: applied .* from b\.py"):
        project.downgrade()
    assert sa.inspect(project.engine).has_table("thing")


def test_the_log_keeps_the_order_of_what_took_no_second(project):
    for id in "abcdef":
        project.revision(id)
    project.upgrade()

    assert [line.revision for line in log(project.environment())] == list("fedcba")


def test_the_log_tells_what_a_stamp_took_away_and_when_that_had_been_done(project):
    project.revision("a")
    project.upgrade()
    list(stamp(project.environment(), "base"))

    assert [line.action for line in log(project.environment())] == ["unstamp", "upgrade"]


def test_a_revision_that_arrives_late_is_applied_and_said_so_or_refused(project):
    project.revision("a", TABLE)
    project.revision("c")
    project.upgrade()
    project.below = "a"
    project.revision("b")
    project.revision("d")
    (project.folder / "versions" / "d.py").write_text(
        (project.folder / "versions" / "d.py").read_text().replace("'b'", "('b', 'c')")
    )

    with pytest.raises(OutOfOrder):
        project.upgrade(strict_order=True)
    done = project.upgrade()

    assert {each.revision for each in done} == {"b", "d"}
    assert [each.revision for each in done if each.out_of_order] == ["b"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_history_is_where_it_was_though_a_revision_translates_schemas(project):
    bound = "op.get_bind().execution_options(schema_translate_map={None: 'tenant'})"
    project.revision("a", 'op.execute("CREATE SCHEMA tenant")')
    project.revision("b", bound, bound)
    project.revision("c")

    project.upgrade()
    assert not project.status.pending
    project.downgrade("a")
    assert project.status.pending == ("b", "c")
