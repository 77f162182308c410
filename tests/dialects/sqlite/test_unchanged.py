"""What SQLAlchemy's models ask for is exactly what is read once it was created."""

from __future__ import annotations

import enum
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteTypeCompiler
from sqlalchemy.pool import StaticPool

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.declared import Declared
from flask_schemamigrate.operations import CreateTable
from flask_schemamigrate.schema import Type
from tests.dialects.sink import carried_out

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Color(enum.Enum):
    red = 1
    green = 2


TYPES: list[Any] = [
    *(sa.Integer, sa.BigInteger, sa.SmallInteger, sa.INT, sa.Boolean),
    *(sa.String, sa.String(20), sa.Text, sa.Text(10), sa.Unicode(5), sa.UnicodeText),
    *(sa.Date, sa.DateTime, sa.DateTime(timezone=True), sa.Time, sa.Interval, sa.TIMESTAMP),
    *(sa.Numeric, sa.Numeric(10), sa.Numeric(10, 2), sa.DECIMAL(5, 1)),
    *(sa.Float, sa.Float(24), sa.Double, sa.REAL),
    *(sa.LargeBinary, sa.LargeBinary(10), sa.BINARY(5), sa.VARBINARY(5), sa.PickleType),
    *(sa.JSON, sa.Uuid, sa.Uuid(as_uuid=False)),
    *(
        [sa.UUID] if hasattr(SQLiteTypeCompiler, "visit_UUID") else []
    ),  # SQLAlchemy 2.0.22 has none here.
    *(sa.Enum("a", "b", name="ee"), sa.Enum(Color), sa.Enum("a", native_enum=False, length=50)),
    sa.Boolean(create_constraint=True, name="bool_check"),
    sa.Enum("a", "it's", name="enum_check", create_constraint=True),
    *(sa.String(10, collation="NOCASE"), sa.CHAR(3), sa.NCHAR(3), sa.NVARCHAR(9), sa.CLOB),
]
DEFAULTS: list[Any] = [
    *("x", "", "it's", "5", "{}", sa.text("5"), sa.text("'x'"), sa.text("NULL"), sa.null()),
    *(sa.func.now(), sa.text("CURRENT_TIMESTAMP"), sa.text("(CURRENT_DATE)")),
    *(sa.text("(1+1)"), sa.text("1+1"), sa.text("((1+1))"), sa.text("( 1 )")),
    *(sa.text("(datetime('now'))"), sa.func.lower("ABC"), sa.text("('a' || 'b')")),
    *(sa.true(), sa.false(), sa.text("true"), sa.text("-1"), sa.text("+2.5e3")),
    *(sa.text("x'ab'"), sa.literal(5), sa.literal("a"), sa.text('"quoted"')),
]


def models():
    plain, named = sa.MetaData(), sa.MetaData(naming_convention=CONVENTION)
    number = sa.Integer
    key = lambda: sa.Column("id", number, primary_key=True)  # noqa: E731
    columns = [sa.Column(f"c{place}", type_) for place, type_ in enumerate(TYPES)]
    sa.Table("types", plain, key(), *columns)
    columns = [
        sa.Column(f"c{place}", sa.String, server_default=default, nullable=bool(place % 2))
        for place, default in enumerate(DEFAULTS)
    ]
    sa.Table("defaults", plain, key(), *columns)
    indexed = sa.Table(
        "indexed",
        plain,
        key(),
        sa.Column("a", sa.String),
        sa.Column("b", sa.String, index=True, unique=True),
        sa.Column("c", sa.String, unique=True),
        sa.UniqueConstraint("a", "b", name="uq", sqlite_on_conflict="IGNORE"),
        sa.UniqueConstraint("b", "a"),
        sa.Index("i1", "a", "c"),
        sa.Index("i2", sa.text("a DESC")),
        sa.Index("i3", sa.text("a COLLATE NOCASE ASC")),
        sa.Index("i4", sa.text("lower(b) desc")),
    )
    a, b = indexed.c.a, indexed.c.b
    sa.Index("i5", a.desc(), b)
    sa.Index("i6", sa.func.lower(a))
    sa.Index("i7", a, sqlite_where=b > "x", unique=True)
    sa.Index("i8", sa.collate(a, "NOCASE"))
    sa.Index("i9", (a + b).desc())
    sa.Index("order", sa.func.coalesce(a, "x, y"), b)
    sa.Table(
        "computed",
        plain,
        sa.Column("a", number, primary_key=True),
        sa.Column("b", number, sa.CheckConstraint("b < 9"), primary_key=True, comment="hi"),
        sa.Column("g", number, sa.Computed("a+1")),
        sa.Column("g2", number, sa.Computed("a + b", persisted=True)),
        sa.Column("g3", number, sa.Computed("a * 2", persisted=False)),
        sa.CheckConstraint("a > 0"),
        sa.CheckConstraint("b > 0 AND (a <> b)", name="above"),
        comment="a table",
    )
    sa.Table(
        "keys",
        plain,
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("x", number),
        sa.Column("y", number),
        sa.Column("t", sa.ForeignKey("types.id", ondelete="cascade", onupdate="NO ACTION")),
        sa.Column("me", sa.ForeignKey("keys.id", deferrable=True, initially="deferred", name="f")),
        sa.ForeignKeyConstraint(
            ["x", "y"], ["computed.a", "computed.b"], ondelete="SET NULL", match="FULL"
        ),
    )
    sa.Table(
        "automatic",
        plain,
        key(),
        sa.Column("x", number, sqlite_on_conflict_not_null="FAIL", nullable=False),
        sa.Column("u", number, unique=True, sqlite_on_conflict_unique="REPLACE"),
        sqlite_autoincrement=True,
    )
    word = sa.Column("id", sa.String, primary_key=True)
    sa.Table("without", plain, word, sqlite_with_rowid=False)
    with suppress(sa.exc.ArgumentError):  # SQLAlchemy 2.0.22 has no such keyword.
        sa.Table("strict", plain, key(), sa.Column("x", sa.TEXT), sqlite_strict=True)
    sa.Table("given", plain, sa.Column("id", number, primary_key=True, autoincrement=False))
    sa.Table(
        "select",
        plain,
        sa.Column("from", number, primary_key=True),
        sa.Column("a b", number, sa.CheckConstraint('"a b" > 1')),
        sa.Column("Mixed", number, sa.Identity()),
        sa.Index("ix x", "a b"),
    )
    sa.Table(
        "conventional",
        named,
        key(),
        sa.Column("x", number, unique=True, index=True),
        sa.Column("b", sa.Boolean(create_constraint=True, name="b")),
        sa.Column("s", sa.ForeignKey("conventional.id")),
        sa.CheckConstraint("x>1", name="xx"),
    )
    sa.Table("conventional_automatic", named, key(), sqlite_autoincrement=True)
    return [plain, named]


def created_by_us(engine):
    wanted = for_engine(engine).spelling.schema(models())
    carried_out(engine, *(CreateTable(table) for table in wanted.tables.values()))


def created_by_sqlalchemy(engine):
    for metadata in models():
        metadata.create_all(engine)


@pytest.fixture(scope="module", params=[created_by_us, created_by_sqlalchemy])
def read(request):
    """The dialect, what the models want, what is read, and its echo."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    request.param(engine)
    dialect = for_engine(engine)
    wanted = dialect.spelling.schema(models())
    with engine.connect() as connection:
        return dialect, wanted, dialect.read(connection), dialect.echo(connection, wanted)


NAMES = [table.name for metadata in models() for table in metadata.tables.values()]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_read_as_it_is_spelled_and_as_it_echoes(read, name):
    dialect, wanted, found, echo = read
    spelled = dialect.spelled(wanted)
    assert found.tables[name].columns == spelled.tables[name].columns
    assert found.tables[name] == spelled.tables[name]
    assert found.tables[name] == echo.tables[name]
    assert dialect.spelled(spelled).tables[name] == spelled.tables[name]


def test_an_echo_remembers_what_only_the_models_know(read):
    _, wanted, _, echo = read
    columns = echo.tables["types"].columns
    assert [column.type.python for column in columns.values()] == [
        column.type.python for column in wanted.tables["types"].columns.values()
    ]
    brought = {check.name for check in echo.tables["types"].checks.values() if check.type_bound}
    assert brought == {"bool_check", "enum_check"}


def test_an_echo_leaves_no_trace(sqlite):
    engine = sqlite.engine()
    dialect = for_engine(engine)
    with engine.connect() as connection:
        dialect.echo(connection, dialect.spelling.schema(models()))
    assert sqlite.rows("SELECT * FROM sqlite_master") == []


def test_every_type_has_a_python_type_that_says_the_same(read):
    dialect, _, found, _ = read
    for column in found.tables["types"].columns.values():
        python = dialect.python_type(column.type)
        assert not isinstance(python, Declared), column
        spelled = dialect.spelling.type(python)
        assert spelled.text == column.type.text


@pytest.mark.parametrize("text", ["MONEY", "", "INTEGER UNSIGNED", 'INTEGER COLLATE "NOCASE"'])
def test_a_type_without_a_name_in_sqlalchemy_is_written_as_it_is_declared(text):
    dialect = for_engine(sa.create_engine("sqlite://"))
    assert dialect.spelling.type(dialect.python_type(Type(text))).text == text
