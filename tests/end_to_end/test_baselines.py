"""Databases that are there before their first revision, and binds that have no models."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

import flask_schemamigrate
from flask_schemamigrate import errors
from flask_schemamigrate.commands.migrating import Baseline
from flask_schemamigrate.commands.writing import Amended
from tests.databases.servers import KINDS


def models(*more: sa.Column[Any]) -> sa.MetaData:
    """Two tables with what is left without a name, and what belongs to nobody alone."""
    metadata = sa.MetaData()
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mail", sa.String(80), unique=True, index=True),
        sa.Column("mood", sa.Enum("sad", "glad", name="mood"), server_default="glad"),
        *more,
    )
    sa.Table(
        "pet",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.ForeignKey("person.id", ondelete="CASCADE")),
        sa.Column("age", sa.Integer, sa.CheckConstraint("age >= 0")),
    )
    return metadata


def created(database, metadata):
    """The database with the tables of these models, made by SQLAlchemy."""
    engine = sa.create_engine(database.url)
    metadata.create_all(engine)
    engine.dispose()
    return database


@pytest.mark.parametrize("kind", KINDS)
def test_a_baseline_makes_the_same_database_elsewhere(new_app, new_database, kind):
    database = created(new_database(kind), models())
    with new_app(database.url, metadatas=models()).app_context():
        with pytest.raises(errors.WithoutHistory) as raised:
            flask_schemamigrate.migrate()
        assert set(raised.value.tables) == {"person", "pet"}
        assert raised.value.differences == ()
        written = flask_schemamigrate.migrate(baseline=True, rev_id="aa")
        assert isinstance(written, Baseline)
        assert (written.recorded, written.rest) == (("default",), ())
        assert [each.revisions for each in flask_schemamigrate.current()] == [("aa",)]
        assert flask_schemamigrate.migrate() is None
    with new_app(new_database(kind).url, metadatas=models()).app_context():
        assert len(flask_schemamigrate.upgrade()) == 1
        assert flask_schemamigrate.check() == []
        flask_schemamigrate.downgrade("base")
        flask_schemamigrate.upgrade()
        assert flask_schemamigrate.check() == []


def test_a_baseline_holds_what_is_there_and_the_next_revision_the_rest(new_app, database):
    old = models(sa.Column("fax", sa.String(20)))
    old.remove(old.tables["pet"])
    created(database, old)
    with new_app(database.url, metadatas=models(sa.Column("n", sa.Integer))).app_context():
        with pytest.raises(errors.WithoutHistory) as raised:
            flask_schemamigrate.migrate()
        rest = raised.value.differences
        assert set(rest) == {"- person.fax", "+ pet", "+ person.n"}
        written = flask_schemamigrate.migrate(baseline=True, rev_id="aa")
        assert isinstance(written, Baseline)
        assert written.rest == rest
        assert "fax" in written.path.read_text()
        flask_schemamigrate.migrate(rev_id="bb", no_rename="person.fax")
        assert [done.revision for done in flask_schemamigrate.upgrade()] == ["bb"]
        assert flask_schemamigrate.check() == []
        flask_schemamigrate.downgrade("base", lose_data=True)
        assert [done.revision for done in flask_schemamigrate.upgrade()] == ["aa", "bb"]
        assert flask_schemamigrate.check() == []


def test_without_a_baseline_what_is_there_is_left_out(new_app, sqlite):
    created(sqlite, models())
    with new_app(sqlite.url, metadatas=models(sa.Column("n", sa.Integer))).app_context():
        written = flask_schemamigrate.migrate(baseline=False)
        assert written is not None
        assert written.lines == ("+ person.n",)


def test_a_table_that_is_excluded_or_of_no_model_is_in_no_baseline(new_app, sqlite):
    created(sqlite, models(sa.Column("fax", sa.String(20))))
    mine = models()
    mine.remove(mine.tables["pet"])
    mine_alone = {"include_object": lambda item, name, kind, *_: name != "person"}
    with new_app(sqlite.url, metadatas=mine, **mine_alone).app_context():
        assert flask_schemamigrate.migrate() is None


def test_a_baseline_is_recorded_in_the_databases_that_hold_it(new_app, new_database):
    one, two = created(new_database("sqlite"), models()), new_database("sqlite")
    app = new_app(
        engines={"default": one.url, "other": two.url},
        metadatas={"default": models(), "other": models()},
    )
    with app.app_context():
        written = flask_schemamigrate.migrate(baseline=True, rev_id="aa")
        assert isinstance(written, Baseline)
        assert written.recorded == ("default",)
        assert [done.bind for done in flask_schemamigrate.upgrade()] == ["other"]
        assert flask_schemamigrate.check() == []


def test_a_baseline_creates_the_types_and_schemas_that_its_tables_need(new_app, new_database):
    metadata = sa.MetaData()
    email = pg.DOMAIN("email", sa.String(80), check="VALUE LIKE '%@%'")
    number = sa.Sequence("number", start=7, metadata=metadata)
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mail", email),
        sa.Column("number", sa.Integer, server_default=number.next_value()),
        schema="staff",
    )
    one, two = new_database("postgresql"), new_database("postgresql")
    engine = sa.create_engine(one.url)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("staff"))
        metadata.create_all(connection)
    engine.dispose()
    with new_app(one.url, metadatas=metadata).app_context():
        flask_schemamigrate.migrate(baseline=True)
        assert flask_schemamigrate.check() == []
    with new_app(two.url, metadatas=metadata).app_context():
        flask_schemamigrate.upgrade()
        assert flask_schemamigrate.check() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_bind_without_models_has_nothing_to_do(new_app, new_database, kind):
    app = new_app(
        engines={"default": new_database(kind).url, "other": new_database("sqlite").url},
        metadatas={"default": models(), "other": sa.MetaData()},
    )
    with app.app_context():
        written = flask_schemamigrate.migrate()
        assert written is not None
        assert "other" not in written.path.read_text()
        flask_schemamigrate.upgrade()
        assert flask_schemamigrate.check() == []


def test_a_bind_whose_every_known_table_would_go_is_refused(new_app, new_database):
    engines = {"default": new_database("sqlite").url, "other": new_database("sqlite").url}
    app = new_app(engines=engines, metadatas={"default": models(), "other": models()})
    with app.app_context():
        flask_schemamigrate.migrate()
        flask_schemamigrate.upgrade()
    app = new_app(engines=engines, metadatas={"default": models(), "other": sa.MetaData()})
    with app.app_context(), pytest.raises(errors.NoModelsSeen, match="drop person, pet"):
        flask_schemamigrate.migrate()


def test_an_app_without_any_models_is_refused(new_app, sqlite):
    with new_app(sqlite.url).app_context(), pytest.raises(errors.NoModelsSeen, match="no tables"):
        flask_schemamigrate.migrate()


def test_a_revision_is_amended_only_if_it_ran_in_none_of_the_databases(new_app, new_database):
    engines = {"default": new_database("sqlite").url, "other": new_database("sqlite").url}
    app = new_app(engines=engines, metadatas={"default": models(), "other": models()})
    with app.app_context():
        flask_schemamigrate.migrate(rev_id="aa")
        flask_schemamigrate.upgrade(binds="other")
        with pytest.raises(errors.AmendOfApplied):
            flask_schemamigrate.migrate(amend=True)
        flask_schemamigrate.downgrade("base", binds="other")
        again = flask_schemamigrate.migrate(amend=True, message="people")
        assert again is not None
        assert (again.revision, again.message) == ("aa", "people")
        assert '@op.upgrade("other")' in again.path.read_text()
        assert len(flask_schemamigrate.upgrade()) == 2


def test_an_amended_revision_keeps_its_label_its_dependencies_and_the_old_file(new_app, sqlite):
    with new_app(sqlite.url, metadatas=models()).app_context():
        flask_schemamigrate.revision("first", rev_id="aa")
        flask_schemamigrate.upgrade()
        was = flask_schemamigrate.migrate(
            "goods", rev_id="bb", head="base", branch_label="shop", depends_on="aa"
        )
        assert was is not None
        was.path.write_text(was.path.read_text() + "# worked on\n")
        again = flask_schemamigrate.migrate(amend=True, head="shop@head")
        assert isinstance(again, Amended)
        assert again.path == was.path
        assert "# worked on" not in again.path.read_text()
        assert "# worked on" in again.kept.read_text()
        [shown] = flask_schemamigrate.show("bb")
        assert (shown.labels, shown.depends_on) == (("shop",), ("aa",))


def test_an_amendment_that_fails_leaves_the_old_file(new_app, sqlite):
    app = new_app(sqlite.url, metadatas=models(), render_item=lambda *_: "no python (")
    with new_app(sqlite.url, metadatas=models()).app_context():
        was = flask_schemamigrate.migrate(rev_id="aa")
        assert was is not None
        before = was.path.read_text()
    with app.app_context():
        with pytest.raises(errors.SchemaMigrateError):
            flask_schemamigrate.migrate(amend=True)
        assert was.path.read_text() == before
