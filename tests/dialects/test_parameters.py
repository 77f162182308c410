"""A script's statements hold the values that a run gives to their parameters."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.operations import WrongArgument
from flask_schemamigrate.operations import BulkInsert, Execute, Upsert
from tests.dialects.sqlite.revising import executed, revised, rows

T = sa.Table(
    "t",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Text, server_default="usual"),
    sa.Column("at", sa.DateTime),
    sa.Column("j", sa.JSON),
)
DAY = datetime.datetime(2020, 1, 2, 3, 4)


def written(statement, parameters=None, url="sqlite://"):
    dialect = for_engine(sa.create_engine(url))
    return list(dialect.written_data(Execute(statement, parameters)))


# Python 3.12 and later warn of how their SQLite driver writes a moment in a parameter.
@pytest.mark.filterwarnings("ignore:The default datetime adapter:DeprecationWarning")
@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (T.insert(), None),
        (T.insert(), {"id": 5, "j": {"x": [1, None]}, "at": DAY}),
        (T.insert(), [{"id": 5}, {"id": 6}]),
        (T.insert().values(a="said"), {"id": 5}),
        (T.insert().values([{"id": 5, "a": "x"}, {"id": 6, "a": "y"}]), None),
        (T.insert().from_select(["a"], sa.select(sa.literal("copied"))), None),
        (T.update().where(T.c.id == sa.bindparam("one")), {"one": 1, "j": [2]}),
        (T.delete().where(T.c.id.in_(sa.bindparam("some", expanding=True))), {"some": [1, 2]}),
        ("INSERT INTO t (a, at) VALUES (:a, :at)", {"a": "it's ':b'", "at": DAY}),
        ("INSERT INTO t (a) VALUES (:a)", [{"a": "x"}, {"a": None}]),
        (sa.text("INSERT INTO t (a) VALUES (:a)").bindparams(a="before"), {"a": "now"}),
        (r"INSERT INTO t (j) VALUES ('{\"a\"\:true}')", None),
    ],
)
def test_a_script_gives_a_statement_what_a_run_gives_it(new_database, statement, parameters):
    online, offline = new_database("sqlite"), new_database("sqlite")
    for database in (online, offline):
        with database.engine().begin() as connection:
            T.create(connection)
        executed(database.engine(), "INSERT INTO t (id) VALUES (1)")
    revised(online.engine(), lambda op: op.execute(statement, parameters))
    executed(offline.engine(), ";".join(written(statement, parameters)))
    query = "SELECT id, a, at, typeof(j), j FROM t ORDER BY id"
    assert rows(offline.engine(), query) == rows(online.engine(), query)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://", "mysql+pymysql://"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t (j) VALUES ('{\"a\":true}')",
        sa.select(T.c.id).where(T.c.id == sa.bindparam("true")),
    ],
)
def test_a_parameter_without_a_value_is_refused_and_not_null(statement, url):
    with pytest.raises(WrongArgument, match="no value for its parameter 'true'"):
        written(statement, url=url)


PYTHONIC = sa.Table(
    "t",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Text, default="plain", onupdate="anew"),
    sa.Column("at", sa.DateTime, default=lambda: DAY),
    sa.Column("j", sa.Text, default=lambda context: context.get_current_parameters()["id"]),
)


@pytest.mark.parametrize(
    "operation",
    [
        Execute(PYTHONIC.insert().values(id=5), {}),
        Execute(PYTHONIC.insert(), [{"id": 5}, {"id": 6}]),
        BulkInsert(PYTHONIC, [{"id": 5}, {"id": 6}]),
        BulkInsert(PYTHONIC, [{"id": 5}, {"id": 6, "a": "said"}], multiinsert=False),
        Upsert(PYTHONIC, [{"id": 5}, {"id": 6}], key=["id"]),
        Execute(PYTHONIC.update().where(PYTHONIC.c.id == 1), {"at": DAY}),
    ],
    ids=["values", "parameters", "rows", "rows apart", "upsert", "update"],
)
def test_a_script_has_python_s_defaults_as_a_run_has(new_database, operation):
    online, offline = new_database("sqlite"), new_database("sqlite")
    for database in (online, offline):
        with database.engine().begin() as connection:
            T.create(connection)
        executed(database.engine(), "INSERT INTO t (id) VALUES (1)")
    revised(online.engine(), lambda op: op.invoke(operation))
    texts = for_engine(sa.create_engine("sqlite://")).written_data(operation)
    executed(offline.engine(), ";".join(texts))
    query = "SELECT id, a, at, typeof(j), j FROM t ORDER BY id"
    assert rows(offline.engine(), query) == rows(online.engine(), query)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://", "mysql+pymysql://"])
def test_python_s_defaults_are_in_the_scripts_of_all_databases(url):
    dialect = for_engine(sa.create_engine(url))
    for operation in (
        BulkInsert(PYTHONIC, [{"id": 5}]),
        Upsert(PYTHONIC, [{"id": 5}], key=["id"]),
        Execute(PYTHONIC.insert(), {"id": 5}),
    ):
        (text,) = dialect.written_data(operation)
        assert "'plain'" in text
