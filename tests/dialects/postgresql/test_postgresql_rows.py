"""Rows go into PostgreSQL as the values they are: by COPY, by INSERT, and by a script."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate import op
from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.errors.operations import BadRow
from tests.databases.database import Database
from tests.dialects.sink import carried_out, script, stated


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Shouted(sa.types.TypeDecorator[str]):
    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()


KINDS: dict[str, tuple[Any, list[Any]]] = {
    "n": (sa.Integer(), [0, -5, 2**31 - 1]),
    "big": (sa.BigInteger(), [2**40, 1, 2]),
    "money": (sa.Numeric(20, 5), [decimal.Decimal("1.50000"), decimal.Decimal("-3.00001"), 0]),
    "f": (sa.Float(), [1.5, -2e300, 0.1]),
    "b": (sa.Boolean(), [True, False, True]),
    "s": (sa.String(), ["it's", 'tab\there\\n\n"q" \\N %s :x €', ""]),
    "d": (sa.Date(), [datetime.date(2020, 1, 2), datetime.date(1, 1, 1), None]),
    "t": (sa.Time(), [datetime.time(1, 2, 3, 4), datetime.time(0), None]),
    "ts": (sa.DateTime(), [datetime.datetime(2020, 1, 2, 3, 4, 5, 6), None, None]),
    "tz": (
        sa.DateTime(timezone=True),
        [datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.UTC), None, None],
    ),
    "i": (sa.Interval(), [datetime.timedelta(days=-3, seconds=5, microseconds=7), None, None]),
    "raw": (sa.LargeBinary(), [b"\x00\xff'\\", b"", None]),
    "u": (sa.Uuid(), [uuid.UUID(int=5), None, None]),
    "j": (sa.JSON(), [{"a": [1, "x'\\y", None]}, [1, 2], "text"]),
    "jb": (pg.JSONB(none_as_null=True), [{"a": 1.5}, None, True]),
    "e": (sa.Enum(Size, name="size"), [Size.SMALL, Size.LARGE, None]),
    "ee": (sa.Enum("a", "it's", name="letter"), ["a", "it's", None]),
    "ai": (sa.ARRAY(sa.Integer()), [[1, None, 3], [], None]),
    "at": (sa.ARRAY(sa.Text()), [["a,b", 'q"\\', "", None], ["NULL"], None]),
    "ae": (sa.ARRAY(sa.Enum("a", "it's", name="letter")), [["a", "it's"], [], None]),
    "up": (Shouted(), ["loud", None, "x"]),
    "r": (pg.INT4RANGE(), [pg.Range(1, 5), pg.Range(empty=True), None]),
    "ip": (pg.INET(), ["10.0.0.1", None, "::1"]),
}


def table(metadata: sa.MetaData | None = None) -> sa.Table:
    columns = [sa.Column(name, type_) for name, (type_, _) in KINDS.items()]
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    return sa.Table("kinds", metadata or sa.MetaData(), key, *columns)


def given() -> list[dict[str, Any]]:
    return [
        {"id": number, **{name: values[number] for name, (_, values) in KINDS.items()}}
        for number in range(3)
    ]


def stored(engine: sa.Engine, name: str = "kinds") -> list[tuple[Any, ...]]:
    """The rows as PostgreSQL prints them, which no driver has a say in."""
    columns = ", ".join(f"{name}::text" for name in ["id", *KINDS])
    with engine.connect() as connection:
        query = f"SELECT {columns} FROM {name} ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.fixture
def inserted(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """The rows as SQLAlchemy's own INSERT stores them."""
    made = table()
    made.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(made.insert(), given())
    rows = stored(engine)
    with engine.begin() as connection:
        connection.execute(made.delete())
    return rows


def test_copied_rows_are_those_that_an_insert_stores(engine, inserted):
    carried_out(engine, lambda: op.bulk_insert(table(), iter(given())))
    assert stored(engine) == inserted


def test_rows_with_expressions_are_those_that_an_insert_stores(engine, inserted):
    rows = given()
    rows[1] = {**rows[1], "n": sa.text("-2 - 3")}
    carried_out(engine, lambda: op.bulk_insert(table(), rows))
    assert stored(engine) == inserted


def test_single_inserts_are_those_that_many_store(engine, inserted):
    carried_out(engine, lambda: op.bulk_insert(table(), given(), multiinsert=False))
    assert stored(engine) == inserted


def test_a_script_stores_what_an_insert_stores(shared: Database, engine, inserted):
    said = stated(for_engine(engine), lambda: op.bulk_insert(table(), given()))
    shared.feed(script(said))
    assert stored(engine) == inserted


def test_a_script_of_upserts_stores_what_an_insert_stores(shared: Database, engine, inserted):
    said = stated(
        for_engine(engine),
        lambda: op.upsert(table(), given(), key=["id"]),
        lambda: op.upsert(table(), given(), key=["id"]),
    )
    shared.feed(script(said))
    assert stored(engine) == inserted


def test_other_drivers_store_what_an_insert_stores(shared: Database, engine, inserted):
    pytest.importorskip("psycopg2")
    other = sa.create_engine(sa.make_url(shared.url).set(drivername="postgresql+psycopg2"))
    try:
        carried_out(other, lambda: op.bulk_insert(table(), given()))
    finally:
        other.dispose()
    assert stored(engine) == inserted


def test_a_default_of_python_is_not_forgotten(engine):
    made = sa.Table(
        "t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, default=7)
    )
    made.metadata.create_all(engine)
    carried_out(engine, lambda: op.bulk_insert(made, [{"a": 1}]))
    with engine.connect() as connection:
        assert connection.execute(made.select()).all() == [(1, 7)]


def test_a_bad_row_names_itself_and_nothing_is_stored(engine):
    made = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    made.metadata.create_all(engine)

    def rows() -> Iterator[dict[str, Any]]:
        yield from ({"a": number} for number in range(9))
        yield {"b": 1}

    with pytest.raises(BadRow, match="Row 10 for table 't' has no column 'a'"):
        carried_out(engine, lambda: op.bulk_insert(made, rows()))
    with engine.connect() as connection:
        assert connection.execute(made.select()).all() == []


def test_a_first_row_that_is_none_is_refused(engine):
    made = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    made.metadata.create_all(engine)
    given: list[Any] = [None]
    with pytest.raises(BadRow, match="Row 1 for table 't' is a NoneType, not a dictionary"):
        carried_out(engine, lambda: op.bulk_insert(made, given))


def test_a_value_that_does_not_fit_names_its_column(engine):
    made = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    made.metadata.create_all(engine)
    with pytest.raises(sa.exc.DBAPIError, match=r"COPY t, line 2, column a"):
        carried_out(engine, lambda: op.bulk_insert(made, [{"a": 1}, {"a": "many"}]))


def test_a_statement_with_values_is_written_with_them(shared: Database, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a bytea, b date, c text[], d text)")
    values = {"a": b"\x00'", "b": datetime.date(2020, 1, 2), "c": ["x", "y'"], "d": "100% \\ :x"}
    said = stated(
        for_engine(engine),
        lambda: op.execute("INSERT INTO t VALUES (:a, :b, :c, :d)", values),
    )
    shared.feed(script(said))
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM t").one()
    assert row == (b"\x00'", datetime.date(2020, 1, 2), ["x", "y'"], "100% \\ :x")


EAST = datetime.timezone(datetime.timedelta(hours=5))
LATE = datetime.datetime(2020, 1, 1, 2, 30, tzinfo=EAST)
CONVERTED: dict[str, tuple[Any, Any, str]] = {
    "a time with an offset in a column without": (sa.DateTime(), LATE, "2019-12-31 22:30:00"),
    "the date of a time with an offset": (sa.Date(), LATE, "2019-12-31"),
    "a time with an offset in a column of no type": (sa.types.NullType(), LATE, "2019-12-31"),
    "a truth as a text": (sa.String(), True, "true"),
    "a UUID as a text": (sa.String(), uuid.UUID(int=5), str(uuid.UUID(int=5))),
    "a fraction as a whole number": (sa.Integer(), 2.0, "2"),
    "a decimal as a whole number": (sa.Integer(), decimal.Decimal("3.0"), "3"),
}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", CONVERTED)
def test_a_value_of_another_type_is_converted_as_an_insert_does(engine, shared, name, first):
    type_, value, expected = CONVERTED[name]
    made = "DATE" if isinstance(type_, sa.types.NullType) else type_.compile(engine.dialect)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE odd (v {made}, s serial)")
    odd = sa.table("odd", sa.column("v", type_))
    rows = [{"v": value}] if first else [{"v": None}, {"v": value}]

    def said() -> None:
        op.execute("SET LOCAL TimeZone = 'Europe/Berlin'")
        op.bulk_insert(odd, iter(rows))

    carried_out(engine, said)
    shared.feed("BEGIN;\n" + script(stated(for_engine(engine), said)) + "COMMIT;\n")
    with engine.connect() as connection:
        query = "SELECT v::text FROM odd WHERE v IS NOT NULL"
        assert [row[0] for row in connection.exec_driver_sql(query)] == [expected, expected]


def test_rows_that_copy_cannot_take_keep_their_places_and_numbers(engine, monkeypatch):
    monkeypatch.setattr("flask_schemamigrate.dialects.postgresql.rows.CHUNK", 3)
    made = sa.table("odd", sa.column("n", sa.Integer()), sa.column("v", sa.String()))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE odd (s serial, n integer, v text)")
    values: list[Any] = [
        None,
        "a",
        True,
        "b",
        sa.text("'x'"),
        "c",
        "d",
        True,
        True,
        True,
        "e",
        True,
    ]
    rows: list[dict[str, Any]] = [{"n": n, "v": value} for n, value in enumerate(values)]

    def inserted(rows: list[dict[str, Any]]) -> None:
        carried_out(engine, lambda: op.bulk_insert(made, iter(rows)))

    inserted(rows)

    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT n, v FROM odd ORDER BY s").all()
    assert [row.n for row in stored] == [*range(len(values))]
    truths = [row.v for row in stored]
    assert truths == [None, "a", "true", "b", "x", "c", "d", "true", "true", "true", "e", "true"]
    for wrong in range(1, len(rows)):
        with pytest.raises(BadRow, match=f"Row {wrong + 1} "):
            inserted([*rows[:wrong], {"nothing": 1}])


THROUGH = {
    "a view": ("CREATE VIEW put AS SELECT * FROM kept", "kept"),
    "a rule": (
        "CREATE TABLE put (n integer);"
        "CREATE RULE r AS ON INSERT TO put DO INSTEAD INSERT INTO kept VALUES (new.n)",
        "kept",
    ),
}


@pytest.mark.parametrize("name", THROUGH)
def test_rows_go_through_what_stands_before_a_table(engine, name):
    made, goal = THROUGH[name]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE kept (n integer); {made}")
    carried_out(
        engine, lambda: op.bulk_insert(sa.table("put", sa.column("n", sa.Integer)), [{"n": 1}])
    )
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT n FROM {goal}").all() == [(1,)]


def test_rows_are_inserted_where_row_security_keeps_copy_out(engine):
    put = sa.table("put", sa.column("n", sa.Integer))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE a_writer; GRANT ALL ON SCHEMA public TO a_writer")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "SET ROLE a_writer; CREATE TABLE put (n integer);"
                "ALTER TABLE put ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                "CREATE POLICY low ON put USING (n < 5)"
            )

        def said() -> None:
            op.execute("SET LOCAL ROLE a_writer")
            op.bulk_insert(put, [{"n": 1}])

        carried_out(engine, said)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT n FROM put").all() == [(1,)]
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("RESET ROLE; DROP OWNED BY a_writer; DROP ROLE a_writer")


def test_values_that_only_some_types_have_are_written_into_a_script(engine, shared):
    columns: dict[str, tuple[Any, Any, str | None]] = {
        "j": (sa.JSON(), None, "null"),
        "b": (sa.Boolean(), 1, "true"),
        "m": (pg.INT4MULTIRANGE(), [pg.Range(1, 3), pg.Range(5, 7)], "{[1,3),[5,7)}"),
        "p": (sa.PickleType(), None, None),
        "t": (sa.Text(), datetime.datetime(2020, 1, 2, 3), "2020-01-02 03:00:00"),
        "e": (pg.ARRAY(sa.Enum(Size, native_enum=False)), [Size.LARGE, None], "{LARGE,NULL}"),
        "d": (pg.ARRAY(pg.JSONB), [None, [1]], '{"null",[1]}'),
        "l": (pg.ARRAY(pg.JSONB, dimensions=1), [[1], None], '{[1],"null"}'),
        "w": (pg.ARRAY(Shouted), [["a"], ["b"]], "{{A},{B}}"),
        "z": (pg.ARRAY(Shouted, dimensions=2), [["a"]], "{{A}}"),
        "y": (pg.ARRAY(sa.LargeBinary), [b"a"], '{"\\\\x61"}'),
        "o": (pg.ARRAY(sa.Integer), [], "{}"),
    }
    made = sa.Table(
        "rare", sa.MetaData(), *(sa.Column(name, kind) for name, (kind, *_) in columns.items())
    )
    made.create(engine)
    row = {name: value for name, (_, value, _) in columns.items()}
    shared.feed(script(stated(for_engine(engine), lambda: op.bulk_insert(made, [row]))))
    with engine.connect() as connection:
        query = f"SELECT {', '.join(f'{name}::text' for name in columns)} FROM rare"
        found = connection.exec_driver_sql(query).one()
    assert [*found] == [expected for _, _, expected in columns.values()]


def test_an_hstore_is_written_from_a_mapping_or_as_it_is(engine):
    put = sa.table("put", sa.column("h", pg.HSTORE()))
    rows: list[dict[str, Any]] = [{"h": {"a": None}}, {"h": "a=>b"}]
    text = script(stated(for_engine(engine), lambda: op.bulk_insert(put, rows)))
    assert """('"a"=>NULL'),\n    ('a=>b')""" in text
