"""Connections: to synchronous and asynchronous drivers, and in words why there is none."""

from __future__ import annotations

import asyncio
import contextvars
import shutil
import sys
from collections.abc import Generator, Iterator

import greenlet  # type: ignore[import-untyped]  # it says nothing of its types
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.ext.asyncio import create_async_engine

from flask_schemamigrate import SchemaMigrate
from flask_schemamigrate.environment import Environment, asynchronous
from flask_schemamigrate.environment.binds import Bind
from flask_schemamigrate.environment.connecting import refusal
from flask_schemamigrate.errors import (
    Address,
    CannotConnect,
    GreenletNotInstalled,
    NoSuchDatabase,
    PasswordRefused,
    SchemasTranslated,
    ServerDown,
    StatementRefused,
)
from flask_schemamigrate.extension import environment
from tests.databases.servers import MARIADB_AND_MYSQL

ASYNCHRONOUS = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

step = contextvars.ContextVar("step", default=0)


def at(url: str) -> Environment:
    return Environment.without_app("migrations", engines=url)


def create_rows(desk: Environment) -> Generator[int, str | None, str]:
    """What a command looks like: it connects, yields as it goes, and returns something."""
    bind = desk.bind()
    with desk.connect(bind) as connection:
        connection.execute(sa.text("CREATE TABLE thing (id INTEGER)"))
        for number in (1, 2, 3):
            connection.execute(sa.text(f"INSERT INTO thing VALUES ({number})"))
            connection.commit()
            yield number
    return bind.label


def count(desk: Environment) -> int:
    with desk.connect(desk.bind()) as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM thing")).scalar_one())


def leave(desk: Environment) -> None:
    """Have the server end the session."""
    with desk.connect(desk.bind()) as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_command_runs_on_every_driver(database):
    desk = at(database.url)

    assert [*desk.drive(create_rows(desk))] == [1, 2, 3]
    assert database.rows("SELECT count(*) FROM thing") == [(3,)]


@ASYNCHRONOUS
def test_a_command_runs_on_an_asynchronous_driver(database):
    desk = at(database.async_url)

    assert [*desk.drive(create_rows(desk))] == [1, 2, 3]
    assert database.rows("SELECT count(*) FROM thing") == [(3,)]


@ASYNCHRONOUS
def test_a_plain_function_runs_on_an_asynchronous_driver(database):
    database.execute("CREATE TABLE thing (id INTEGER)")
    desk = at(database.async_url)

    assert desk.run(lambda: count(desk)) == 0


@ASYNCHRONOUS
def test_a_command_runs_inside_a_running_loop(database):
    desk = at(database.async_url)

    async def view() -> list[int]:
        return [*desk.drive(create_rows(desk))]

    assert asyncio.run(view()) == [1, 2, 3]


@ASYNCHRONOUS
def test_the_apps_own_pool_is_left_to_the_apps_own_loop(database):
    engine = create_async_engine(database.async_url)
    desk = Environment.without_app("migrations", engines=engine)

    async def app() -> object:
        async with engine.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))
        [*desk.drive(create_rows(desk))]
        async with engine.connect() as connection:
            found = (await connection.execute(sa.text("SELECT count(*) FROM thing"))).scalar()
        await engine.dispose()
        return found

    assert asyncio.run(app()) == 3


def test_an_asynchronous_database_in_memory_is_the_apps_own():
    engine = create_async_engine("sqlite+aiosqlite://")
    desk = Environment.without_app("migrations", engines=engine)

    [*desk.drive(create_rows(desk))]

    assert desk.run(lambda: count(desk)) == 3
    asyncio.run(engine.dispose())


@ASYNCHRONOUS
def test_an_asynchronous_url_in_flask_sqlalchemy_works(database):
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = database.async_url
    db = SQLAlchemy(app)
    SchemaMigrate(app, db)

    with app.app_context():
        desk = environment()
        [*desk.drive(create_rows(desk))]

    assert database.rows("SELECT count(*) FROM thing") == [(3,)]


@ASYNCHRONOUS
def test_what_the_apps_engine_listens_to_is_heard(database):
    engine = create_async_engine(database.async_url)
    heard = []
    sa.event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: heard.append(args))
    sa.event.listen(engine.sync_engine, "connect", lambda *args: heard.append(args))
    desk = Environment.without_app("migrations", engines=engine)

    [*desk.drive(create_rows(desk))]

    assert len(heard) >= 5


@ASYNCHRONOUS
def test_leaving_a_command_half_way_closes_its_connection(database):
    desk = at(database.async_url)
    command = desk.drive(create_rows(desk))

    next(command)
    command.close()

    database.execute("DROP TABLE thing")


@pytest.mark.parametrize("needed", [False, True])
def test_a_driven_generator_is_sent_to_thrown_into_and_returns(needed):
    def ask() -> Generator[str, str, str]:
        answer = yield "which"
        try:
            yield answer
        except KeyError as error:
            return f"no {error.args[0]}"
        return answer

    driven = asynchronous.drive(ask(), needed=needed)

    assert next(driven) == "which"
    assert driven.send("this") == "this"
    with pytest.raises(StopIteration) as end:
        driven.throw(KeyError("such"))
    assert end.value.value == "no such"


@pytest.mark.parametrize("needed", [False, True])
def test_an_error_in_a_driven_generator_reaches_the_caller(needed):
    def fail() -> Iterator[int]:
        yield 1
        raise KeyError("this")

    driven = asynchronous.drive((number for number in fail()), needed=needed)

    assert next(driven) == 1
    with pytest.raises(KeyError, match="this"):
        next(driven)


def test_without_greenlet_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "greenlet", None)

    with pytest.raises(GreenletNotInstalled, match=r"pip install 'sqlalchemy\[asyncio\]'"):
        asynchronous.run(lambda: 1, needed=True)


def test_the_context_lasts_from_one_step_to_the_next():
    def walk() -> Generator[int, None, None]:
        token = step.set(1)
        yield step.get()
        yield step.get()
        step.reset(token)
        yield step.get()

    assert [*asynchronous.drive(walk(), needed=True)] == [1, 1, 0]


def test_a_drive_within_a_drive_is_one():
    def inner() -> Generator[int, None, int]:
        yield 1
        return asynchronous.run(lambda: 2, needed=True)

    def outer() -> Generator[int, None, int]:
        return (yield from asynchronous.drive(inner(), needed=True))

    driven = asynchronous.drive(outer(), needed=True)

    assert next(driven) == 1
    with pytest.raises(StopIteration) as end:
        next(driven)
    assert end.value.value == 2


def test_a_greenlet_of_an_early_sqlalchemy_is_known_without_its_mark(monkeypatch):
    def driven() -> bool:
        current = greenlet.getcurrent()
        monkeypatch.delattr(type(current), "__sqlalchemy_greenlet_provider__", raising=False)
        return asynchronous.run(lambda: greenlet.getcurrent() is current, needed=True)

    assert asynchronous.run(driven, needed=True)


# Without a connection

DRIVERS = pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])


def refused(url: str | sa.URL) -> CannotConnect:
    """The error that a connection to this URL ends with."""
    desk = at(url if isinstance(url, str) else url.render_as_string(hide_password=False))
    with pytest.raises(CannotConnect) as caught:
        desk.run(lambda: count(desk))
    return caught.value


@pytest.mark.parametrize(
    "driver",
    [
        "postgresql+psycopg",
        "postgresql+asyncpg",
        "mysql+pymysql",
        pytest.param("mysql+mysqldb", marks=pytest.mark.filterwarnings("ignore")),
    ],
)
def test_a_server_that_is_down_is_named_without_the_password(driver):
    if driver == "mysql+mysqldb":
        pytest.importorskip("MySQLdb")

    error = refused(f"{driver}://app:hush@127.0.0.1:1/shop")

    assert type(error) is ServerDown
    assert error.message.startswith("The database server does not answer (bind 'default', ")
    assert "on 127.0.0.1:1, database 'shop', user 'app')" in error.message
    assert "hush" not in str(error)


@DRIVERS
def test_a_server_that_is_down_is_known_by_its_socket_too(driver):
    assert type(refused(f"postgresql+{driver}://app@/shop?host=/nowhere")) is ServerDown


def test_a_number_beside_a_state_says_that_a_server_is_down():
    # What MariaDB's own driver says.
    driver = Exception("Can't connect to server on '127.0.0.1' (115)")
    driver.sqlstate, driver.errno = "HY000", 2002  # type: ignore[attr-defined]

    assert type(refusal(Bind(None, sa.create_engine("sqlite://")), driver)) is ServerDown


def test_a_host_that_nobody_knows_is_a_server_that_is_down():
    assert type(refused("postgresql+psycopg://app@no-such-host.invalid/shop")) is ServerDown


@DRIVERS
def test_a_database_that_does_not_exist_is_named(postgresql, driver):
    url = sa.make_url(postgresql.url).set(drivername=f"postgresql+{driver}", database="no_such_db")

    error = refused(url)

    assert type(error) is NoSuchDatabase
    assert error.address.database == "no_such_db"


@DRIVERS
def test_a_user_whom_the_server_does_not_know_is_refused(postgresql, driver):
    url = sa.make_url(postgresql.url).set(
        drivername=f"postgresql+{driver}", username="nobody_here", password="hush"
    )

    error = refused(url)

    assert type(error) is PasswordRefused
    assert "hush" not in str(error)


def test_a_password_that_mariadb_refuses_is_not_shown(mariadb):
    url = sa.make_url(mariadb.url).set(username="nobody_here", password="hush")

    error = refused(url)

    assert type(error) is PasswordRefused
    assert "hush" not in str(error)


def test_a_mariadb_database_that_does_not_exist_is_named(mariadb):
    assert type(refused(sa.make_url(mariadb.url).set(database="no_such_db"))) is NoSuchDatabase


def test_a_file_in_a_folder_that_is_not_there_cannot_be_opened(tmp_path):
    error = refused(f"sqlite:///{tmp_path}/nowhere/shop.db")

    assert error.message == (
        f"The database cannot be opened (bind 'default', sqlite, "
        f"database '{tmp_path}/nowhere/shop.db'): unable to open database file"
    )


def test_an_error_after_connecting_is_not_one_of_connecting(sqlite):
    desk = at(sqlite.url)

    with pytest.raises(StatementRefused, match="no such table") as caught:
        count(desk)

    assert not isinstance(caught.value, CannotConnect)


def test_an_error_at_connecting_once_more_is_not_one_of_the_statement(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    desk = at(f"sqlite:///{folder}/shop.db")

    def lose() -> None:
        with desk.connect(desk.bind()) as connection:
            connection.invalidate()
            shutil.rmtree(folder)
            connection.execute(sa.text("SELECT 1"))

    with pytest.raises(CannotConnect):
        lose()


@pytest.mark.parametrize("database", MARIADB_AND_MYSQL, indirect=True)
def test_a_url_that_names_no_database_is_said_to_name_none(database):
    error = refused(sa.make_url(database.url).set(database=""))

    assert type(error) is NoSuchDatabase
    assert error.reason == "the database URL names none"


def test_a_server_that_goes_while_a_command_runs_is_down(postgresql):
    desk = at(postgresql.url)

    with pytest.raises(ServerDown, match="terminating connection"):
        desk.run(lambda: leave(desk))


@pytest.mark.parametrize("database", ["postgresql", *MARIADB_AND_MYSQL], indirect=True)
def test_a_session_that_is_gone_adds_no_traceback_to_the_error(database, caplog):
    ask, end = {
        "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
        **dict.fromkeys(MARIADB_AND_MYSQL, ("SELECT CONNECTION_ID()", "KILL {}")),
    }[database.name]
    desk = at(database.url)

    def fail() -> None:
        with desk.connect(desk.bind()) as connection:
            database.execute(end.format(connection.execute(sa.text(ask)).scalar()))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert caplog.text == ""


def test_an_address_reads_as_a_person_would_say_it():
    assert str(Address("default", "postgresql", "db", 5432, "shop", "app")) == (
        "bind 'default', postgresql on db:5432, database 'shop', user 'app'"
    )


def test_an_engine_that_puts_other_schemas_in_place_is_refused(tmp_path):
    options = {"execution_options": {"schema_translate_map": {None: "other"}}}
    engine = sa.create_engine("sqlite://", **options)

    with pytest.raises(SchemasTranslated, match="schema_translate_map"):
        count(Environment.without_app(tmp_path, engines=engine))
