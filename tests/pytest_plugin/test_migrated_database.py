"""The fixture ``migrated_database``: clean copies, made fast, that the app itself uses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy_lite import SQLAlchemy as Lite
from sqlalchemy.ext.asyncio import create_async_engine

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.errors.testing import EngineStays
from flask_schemamigrate.pytest_plugin.copies import Copies, MigratedDatabase
from tests.databases.servers import MARIADB_AND_MYSQL

TABLE = '''"""first"""
import sqlalchemy as sa
from flask_schemamigrate import op
revision = "first"
down_revision = None

def upgrade():
    op.create_table("pet", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO pet (id) VALUES (1)")
'''


@pytest.fixture
def copies(tmp_path):
    """The scratch databases of a session."""
    with Copies.opened(tmp_path, []) as made:
        yield made


@pytest.fixture
def revision(tmp_path):
    """Write the one revision of the app."""

    def write(source: str = TABLE) -> None:
        folder = tmp_path / "shop" / "migrations" / "versions"
        folder.mkdir(parents=True)
        (folder / "first.py").write_text(source)

    return write


@pytest.fixture
def shop(tmp_path):
    """An app with nothing in it yet."""
    (tmp_path / "shop").mkdir(exist_ok=True)
    return Flask("shop", root_path=str(tmp_path / "shop"))


@pytest.fixture
def app(shop, revision, database_url):
    """An app on each kind of database, by Flask-SQLAlchemy."""
    revision()
    shop.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db = SQLAlchemy(shop)
    SchemaMigrate(shop, db)
    yield shop
    with shop.app_context():
        db.engine.dispose()


def pets(app) -> list[int]:
    """The pets that the app itself sees."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        return list(session.scalars(sa.text("SELECT id FROM pet ORDER BY id")))


def adopt(app, id: int) -> None:
    """Put a pet into whatever database the app uses."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        session.execute(sa.text(f"INSERT INTO pet (id) VALUES ({id})"))
        session.commit()


def test_each_copy_is_as_the_revisions_left_it(app, copies):
    for _ in range(2):
        with copies.migrated(app):
            assert pets(app) == [1]
            adopt(app, 2)
            assert pets(app) == [1, 2]


def test_the_revisions_run_once(app, copies, database):
    with copies.migrated(app):
        pass
    path = Path(app.root_path) / "migrations" / "versions" / "first.py"
    path.write_text(path.read_text().replace("VALUES (1)", "VALUES (7)"))
    with copies.migrated(app):
        assert pets(app) == [1]


def test_afterwards_the_app_is_where_it_was(app, copies, database):
    database.execute("CREATE TABLE pet (id INTEGER PRIMARY KEY)")
    adopt(app, 9)
    with copies.migrated(app):
        adopt(app, 2)
    assert pets(app) == [9]
    assert database.rows("SELECT id FROM pet") == [(9,)]


def test_nothing_stays_behind(app, copies, database):
    with copies.migrated(app) as stage:
        url = stage.urls[None]
        adopt(app, 2)
    if database.name == "sqlite":
        assert [path.name for path in copies.folder.iterdir() if url.database in str(path)] == []
        return
    listed = "SELECT schema_name FROM information_schema.schemata"
    if database.name == "postgresql":
        listed = "SELECT datname FROM pg_database"
    assert (url.database,) not in database.rows(listed)


def test_it_says_where_the_copy_is(app, copies, database):
    with copies.migrated(app) as stage:
        given = MigratedDatabase(stage)
        assert given.app is app
        assert given.urls == {"default": given.url}
        with given.engine().connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM pet")) == 1
        assert given.url != database.url


def test_what_listens_to_the_apps_engine_goes_on_listening(shop, revision, copies):
    revision()
    engine = sa.create_engine("sqlite:///untouched.db")
    SchemaMigrate(shop, engines=engine)

    @sa.event.listens_for(engine, "connect")
    def strict(connection, record) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    with copies.migrated(shop), engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1


def test_an_app_in_memory_is_given_a_file_for_the_time_being(shop, revision, copies):
    revision()
    shop.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SchemaMigrate(shop, SQLAlchemy(shop))
    with copies.migrated(shop):
        assert pets(shop) == [1]
    with shop.app_context():
        assert sa.inspect(shop.extensions["sqlalchemy"].engine).get_table_names() == []


def test_the_sessions_of_flask_sqlalchemy_lite_use_the_copy(shop, revision, copies):
    revision()
    shop.config["SQLALCHEMY_ENGINES"] = {"default": "sqlite:///lite.db"}
    db = Lite(shop)
    SchemaMigrate(shop, db)
    with copies.migrated(shop), shop.app_context():
        assert list(db.session.scalars(sa.text("SELECT id FROM pet"))) == [1]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_an_asynchronous_app_uses_the_copy(shop, revision, copies, database):
    revision()
    engine = create_async_engine(database.async_url, poolclass=sa.pool.NullPool)
    SchemaMigrate(shop, engines=engine)

    async def count() -> int:
        async with engine.connect() as connection:
            return len((await connection.execute(sa.text("SELECT id FROM pet"))).all())

    with copies.migrated(shop):
        assert asyncio.run(count()) == 1


@pytest.mark.parametrize(
    "engines",
    [
        "sqlite:///untouched.db",
        sa.create_engine("sqlite://", creator=lambda: None, poolclass=sa.pool.NullPool),
    ],
    ids=["made anew for every command", "opened by a function"],
)
def test_an_engine_that_cannot_be_led_elsewhere_is_refused(shop, revision, copies, engines):
    revision()
    SchemaMigrate(shop, engines=engines)
    with pytest.raises((EngineStays, AttributeError)), copies.migrated(shop):
        raise AssertionError("the app would have been tested on its own database")


RICH = {
    "postgresql": [
        "CREATE SCHEMA back",
        "CREATE TABLE back.room (id INTEGER PRIMARY KEY)",
        "CREATE TYPE mood AS ENUM ('good')",
        "CREATE VIEW elder AS SELECT id FROM pet WHERE id > 0",
    ],
    "sqlite": [
        "CREATE VIEW elder AS SELECT id FROM pet WHERE id > 0",
        "CREATE TRIGGER again AFTER DELETE ON pet BEGIN INSERT INTO pet (id) VALUES (99); END",
    ],
    "mariadb": [
        "CREATE VIEW a_view AS SELECT id FROM z_view",
        "CREATE OR REPLACE VIEW z_view AS SELECT id FROM pet WHERE id > 0",
        "CREATE TABLE lot (id INTEGER AUTO_INCREMENT PRIMARY KEY, n INTEGER, "
        "twice INTEGER AS (n * 2) STORED, thrice INTEGER AS (n * 3) VIRTUAL, "
        "share VARCHAR(20) DEFAULT '100%%', pet_id INTEGER, "
        "FOREIGN KEY (pet_id) REFERENCES pet (id))",
        "INSERT INTO lot (n, pet_id) VALUES (1, 1), (2, 1)",
        "DELETE FROM lot WHERE n = 2",
        "CREATE TRIGGER doubled BEFORE INSERT ON lot FOR EACH ROW SET NEW.n = NEW.n * 2",
        "CREATE PROCEDURE clear() DELETE FROM lot",
        "CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 5",
        "DO nextval(numbers)",
    ],
}


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_copy_on_mariadb_has_all_that_was_there(shop, revision, copies, database):
    said_here = RICH["mariadb"] if database.name == "mariadb" else RICH["mariadb"][:-2]
    lines = [f"    op.execute({sql.replace('%%', '%')!r})\n" for sql in said_here]
    first, second = lines[0], lines[1]
    revision(TABLE + "".join([second, first, *lines[2:]]))
    engine = database.engine()
    SchemaMigrate(shop, engines=engine)
    with copies.migrated(shop), engine.begin() as connection:
        said = lambda sql: connection.exec_driver_sql(sql).all()  # noqa: E731
        assert said("SELECT n, twice, thrice, share FROM lot") == [(1, 2, 3, "100%")]
        connection.exec_driver_sql("INSERT INTO lot (n) VALUES (5)")
        assert said("SELECT id, n FROM lot WHERE n > 1") == [(3, 10)]
        assert said("SELECT id FROM a_view") == [(1,)]
        ((source,),) = said(
            "SELECT view_definition FROM information_schema.views "
            "WHERE table_schema = database() AND table_name = 'z_view'"
        )
        assert f"`{engine.url.database}`" in source
        if database.name == "mariadb":
            assert said("SELECT nextval(numbers) > 5") == [(1,)]
        connection.exec_driver_sql("CALL clear()")
        assert said("SELECT count(*) FROM lot") == [(0,)]
        key = "SELECT referenced_table_name FROM information_schema.key_column_usage "
        where = "WHERE table_schema = database() AND referenced_table_name IS NOT NULL"
        assert said(key + where) == [("pet",)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_copy_has_all_that_was_there(shop, revision, copies, database):
    revision(TABLE + "".join(f"    op.execute({sql!r})\n" for sql in RICH[database.name]))
    engine = database.engine()
    SchemaMigrate(shop, engines=engine)
    with copies.migrated(shop) as stage:
        with shop.app_context(), engine.connect() as connection:
            found = stage.database().dialect.read(connection)
            assert found.views == {"elder"}
            assert set(found.enums) == ({"mood"} if database.name == "postgresql" else set())
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM pet")
            left = connection.exec_driver_sql("SELECT id FROM pet").all()
    assert left == ([(99,)] if database.name == "sqlite" else [])
