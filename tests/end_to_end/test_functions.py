"""Every command as a function: typed results, typed errors, nothing printed, nobody's logging."""

from __future__ import annotations

import asyncio
import logging
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa

import flask_schemamigrate
from flask_schemamigrate import errors
from flask_schemamigrate.commands.looking import Branch, Current, Entry, Status
from flask_schemamigrate.commands.migrating import Change
from flask_schemamigrate.commands.stamping import Stamped
from flask_schemamigrate.commands.writing import Merged, Written
from flask_schemamigrate.runner.events import Carried
from tests.databases.servers import KINDS


@pytest.fixture
def metadata() -> sa.MetaData:
    """The models of the app: one table."""
    metadata = sa.MetaData()
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


@pytest.fixture
def app(new_app, database, metadata):
    """An app on the database, with its context pushed."""
    app = new_app(database.url, metadatas=metadata)
    with app.app_context():
        yield app


@pytest.fixture
def sqlite_app(new_app, sqlite, metadata):
    """An app on SQLite, where the database makes no difference."""
    app = new_app(sqlite.url, metadatas=metadata)
    with app.app_context():
        yield app


def logging_as_it_is() -> dict[str, object]:
    """Every logger's level, handlers and so on, but for those of this project."""
    loggers = {"": logging.getLogger(), **logging.Logger.manager.loggerDict}
    return {
        name: (each.level, list(each.handlers), each.disabled, each.propagate, list(each.filters))
        for name, each in loggers.items()
        if isinstance(each, logging.Logger) and not name.startswith("flask_schemamigrate")
    }


def walk() -> None:
    """All functions, one after the other."""
    flask_schemamigrate.migrate(rev_id="aa")
    flask_schemamigrate.upgrade()
    flask_schemamigrate.check()
    flask_schemamigrate.revision("left", rev_id="bb")
    flask_schemamigrate.revision("right", head="aa", splice=True, rev_id="cc")
    flask_schemamigrate.branches()
    flask_schemamigrate.heads()
    flask_schemamigrate.merge(rev_id="dd")
    flask_schemamigrate.upgrade()
    flask_schemamigrate.history(indicate_current=True)
    flask_schemamigrate.show("heads")
    flask_schemamigrate.edit("aa")
    flask_schemamigrate.current()
    flask_schemamigrate.status()
    flask_schemamigrate.downgrade("base")
    flask_schemamigrate.stamp("aa")


def test_the_whole_walk_prints_nothing_and_leaves_logging_alone(app, capfd):
    sa.log.rootlogger.name  # noqa: B018 - SQLAlchemy's loggers are there before the comparison
    walk()
    flask_schemamigrate.stamp("base")
    before = logging_as_it_is()
    flask_schemamigrate.stamp("aa")
    flask_schemamigrate.current()
    new = {name: facts for name, facts in logging_as_it_is().items() if name in before}
    assert new == before
    assert capfd.readouterr() == ("", "")


def test_no_logger_of_anybody_else_speaks(app, caplog):
    caplog.set_level(logging.DEBUG)
    walk()
    ours = {record.name.partition(".")[0] for record in caplog.records}
    assert ours <= {"flask_schemamigrate", "asyncio"}


def test_migrate_says_what_it_wrote(app):
    written = flask_schemamigrate.migrate("people", rev_id="aa")
    assert isinstance(written, Written)
    assert (written.revision, written.parents, written.message) == ("aa", (), "people")
    assert written.lines == ("+ person",)
    assert written.path.read_text().startswith('"""people')


def test_migrate_with_nothing_to_write_is_none(app):
    flask_schemamigrate.migrate()
    flask_schemamigrate.upgrade()
    assert flask_schemamigrate.migrate() is None


def test_migrate_on_a_database_that_is_behind_is_an_error(app):
    flask_schemamigrate.migrate(rev_id="aa")
    with pytest.raises(errors.DatabaseBehind) as raised:
        flask_schemamigrate.migrate()
    assert raised.value.pending == ("aa",)


def test_migrate_asks_nothing(app, metadata):
    flask_schemamigrate.migrate(rev_id="aa")
    flask_schemamigrate.upgrade()
    metadata.clear()
    sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True))
    with pytest.raises(errors.UnansweredQuestions):
        flask_schemamigrate.migrate()
    written = flask_schemamigrate.migrate(rename_table="person:people")
    assert written is not None
    assert written.lines == ("person -> people",)


def test_all_tables_may_go_where_one_is_said_to_have_a_new_name(app, metadata):
    sa.Table("note", metadata, sa.Column("id", sa.Integer, primary_key=True))
    flask_schemamigrate.migrate(rev_id="aa")
    flask_schemamigrate.upgrade()
    metadata.clear()
    sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True))
    with pytest.raises(errors.NoModelsSeen, match="--rename-table"):
        flask_schemamigrate.migrate()
    written = flask_schemamigrate.migrate(rename_table="person:people")
    assert written is not None
    assert written.lines[1:] == ("person -> people",)


@pytest.mark.parametrize("name", ["upgrade", "downgrade", "revision", "migrate", "merge"])
def test_an_option_that_nobody_has_is_a_type_error(sqlite_app, name):
    with pytest.raises(TypeError, match=rf"^{name}\(\) got an unexpected keyword argument"):
        getattr(flask_schemamigrate, name)(renam="person:people")


def test_check_says_how_each_database_differs(app, metadata):
    flask_schemamigrate.migrate()
    flask_schemamigrate.upgrade()
    assert flask_schemamigrate.check() == []
    metadata.tables["person"].append_column(sa.Column("name", sa.String(80)))
    (change,) = flask_schemamigrate.check()
    assert isinstance(change, Change)
    assert (change.bind, change.label, change.lines) == (None, "default", ("+ person.name",))


def test_upgrade_and_downgrade_say_what_they_carried_out(app):
    flask_schemamigrate.migrate("people", rev_id="aa")
    (done,) = flask_schemamigrate.upgrade()
    assert isinstance(done, Carried)
    assert (done.bind, done.revision, done.parents, done.direction, done.message) == (
        None,
        "aa",
        (),
        "upgrade",
        "people",
    )
    assert done.seconds > 0
    assert flask_schemamigrate.upgrade() == []
    assert [done.direction for done in flask_schemamigrate.downgrade()] == ["downgrade"]
    assert flask_schemamigrate.downgrade("base") == []


def test_a_run_takes_the_options_of_its_command(sqlite_app):
    flask_schemamigrate.revision(rev_id="aa", head="base")
    flask_schemamigrate.revision(rev_id="bb", head="base")
    flask_schemamigrate.merge(rev_id="cc")
    flask_schemamigrate.upgrade("bb", atomic=True, lock_wait=1)
    with pytest.raises(errors.OutOfOrder):
        flask_schemamigrate.upgrade("heads", strict_order=True)
    flask_schemamigrate.downgrade("base", atomic=True, tag="back")
    flask_schemamigrate.upgrade("heads", strict_order=True)
    for entry in flask_schemamigrate.show("cc"):
        Path(entry.path).unlink()
    with pytest.raises(errors.UnknownApplied):
        flask_schemamigrate.upgrade("heads")
    assert flask_schemamigrate.upgrade("heads", allow_unknown=True) == []


def test_a_stamp_may_look_before(app, database):
    flask_schemamigrate.migrate(rev_id="aa")
    with pytest.raises(errors.LooksDifferent):
        flask_schemamigrate.stamp(verify=True)
    flask_schemamigrate.upgrade()
    assert flask_schemamigrate.stamp(verify=True, lock_wait=1) == [Stamped(None, (), (), ("aa",))]


def test_stamp_says_what_it_recorded(app):
    flask_schemamigrate.migrate(rev_id="aa")
    assert flask_schemamigrate.stamp() == [Stamped(None, ("aa",), (), ("aa",))]
    assert flask_schemamigrate.stamp("base") == [Stamped(None, (), ("aa",), ())]


def test_one_bind_may_be_named_as_it_is(app):
    assert flask_schemamigrate.log(binds="default") == []
    with pytest.raises(errors.NothingToResolve):
        flask_schemamigrate.resolve("head", "accept", binds="default")


def test_current_and_status_say_where_the_database_is(app):
    flask_schemamigrate.migrate(rev_id="aa")
    (where,) = flask_schemamigrate.current()
    assert isinstance(where, Current)
    assert (where.revisions, where.pending, where.is_at_heads) == ((), ("aa",), False)
    flask_schemamigrate.upgrade()
    (status,) = flask_schemamigrate.status()
    assert isinstance(status, Status)
    assert (status.head, status.current, status.is_ready) == (("aa",), ("aa",), True)


def test_the_files_are_shown_as_values(sqlite_app):
    flask_schemamigrate.revision("first", rev_id="aa", branch_label="shop")
    flask_schemamigrate.revision("left", rev_id="bb")
    flask_schemamigrate.revision("right", rev_id="cc", head="aa", splice=True, depends_on="bb")
    (branch,) = flask_schemamigrate.branches()
    assert isinstance(branch, Branch)
    assert (branch.revision, branch.children) == ("aa", ("bb", "cc"))
    assert [entry.revision for entry in flask_schemamigrate.heads()] == ["bb", "cc"]
    (only,) = flask_schemamigrate.heads(resolve_dependencies=True)
    assert only.revision == "cc"
    (shown,) = flask_schemamigrate.show("aa")
    assert isinstance(shown, Entry)
    assert (shown.message, shown.labels, shown.is_head) == ("first", ("shop",), False)
    assert [entry.revision for entry in flask_schemamigrate.history("aa:bb")] == ["bb", "aa"]
    merged = flask_schemamigrate.merge(message="join", rev_id="dd")
    assert isinstance(merged, Merged)
    assert merged.parents == ("bb", "cc")
    path = flask_schemamigrate.edit("dd")
    assert isinstance(path, Path)
    assert path == merged.path


def test_what_is_current_is_not_said_where_nobody_asked(app):
    with app.app_context():
        flask_schemamigrate.migrate("people")
        flask_schemamigrate.upgrade()

        assert [each.is_current for each in flask_schemamigrate.history()] == [None]
        (asked,) = flask_schemamigrate.history(indicate_current=True)
        assert asked.is_current


def test_errors_are_typed_and_the_process_goes_on(app):
    with pytest.raises(errors.UnknownRevision):
        flask_schemamigrate.upgrade("nowhere")
    with pytest.raises(errors.UnknownBind):
        flask_schemamigrate.upgrade(binds="nowhere")
    with pytest.raises(errors.NothingToEdit):
        flask_schemamigrate.edit()
    flask_schemamigrate.revision("bad", rev_id="aa")
    with pytest.raises(errors.RevisionExists):
        flask_schemamigrate.revision("again", rev_id="aa")
    path = flask_schemamigrate.edit("aa")
    path.write_text(path.read_text().replace("pass", "op.execute('NO SUCH THING')", 1))
    with pytest.raises(errors.StatementFailed) as raised:
        flask_schemamigrate.upgrade()
    assert (raised.value.revision, raised.value.sql) == ("aa", "NO SUCH THING")
    assert issubclass(errors.StatementFailed, errors.SchemaMigrateError)


def test_a_downgrade_in_python_loses_no_row_unasked(app, database):
    flask_schemamigrate.migrate()
    flask_schemamigrate.upgrade()
    database.execute("INSERT INTO person (id) VALUES (1)")
    with pytest.raises(errors.LosesData, match="person"):
        flask_schemamigrate.downgrade()
    assert database.rows("SELECT id FROM person") == [(1,)]
    assert flask_schemamigrate.downgrade(lose_data=True)


def test_every_error_is_named_in_one_place():
    defined = set()
    for module in pkgutil.iter_modules(errors.__path__, f"{errors.__name__}."):
        # What only one kind of database can raise stays in its own module.
        if module.name.rpartition(".")[2] in KINDS:
            continue
        for name, each in vars(import_module(module.name)).items():
            if isinstance(each, type) and issubclass(each, errors.SchemaMigrateError):
                defined.add(name)
    assert defined <= set(errors.__all__)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_functions_work_inside_a_running_loop(new_app, database, metadata):
    app = new_app(engines=database.async_url, metadatas=metadata)

    async def view() -> list[str]:
        flask_schemamigrate.migrate(rev_id="aa")
        flask_schemamigrate.upgrade()
        (where,) = flask_schemamigrate.current()
        flask_schemamigrate.downgrade()
        return list(where.revisions)

    with app.app_context():
        assert asyncio.run(view()) == ["aa"]


def test_without_an_app_flask_says_so():
    with pytest.raises(RuntimeError, match="application context"):
        flask_schemamigrate.current()


def test_a_hook_may_name_the_revision(new_app, sqlite, metadata):
    def named(context, revision, directives):
        directives[0].message = f"{directives[0].message}, named by a hook"
        directives[0].rev_id = "ab12"

    app = new_app(sqlite.url, metadatas=metadata, process_revision_directives=named)
    with app.app_context():
        written = flask_schemamigrate.migrate("people")
        assert written is not None
        assert (written.message, written.revision) == ("people, named by a hook", "ab12")
