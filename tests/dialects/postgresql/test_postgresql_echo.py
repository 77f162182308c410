"""An unchanged model is what PostgreSQL spells when it has created it."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.operations import CreateNamespace, CreateTable
from flask_schemamigrate.operations.directives.types import created_enums
from flask_schemamigrate.schema import Schema, Table
from tests.dialects.sink import carried_out

TYPES: list[Any] = [
    sa.Integer(),
    sa.BigInteger(),
    sa.SmallInteger(),
    sa.Numeric(),
    sa.Numeric(8),
    sa.Numeric(8, 2),
    sa.DECIMAL(10, 3),
    sa.Float(),
    sa.Float(24),
    sa.Float(53),
    sa.REAL(),
    sa.Double(),
    sa.DOUBLE_PRECISION(),
    sa.Boolean(),
    sa.Boolean(create_constraint=True, name="ck_boolean"),
    sa.String(),
    sa.String(80),
    sa.String(5, collation="C"),
    sa.String(collation="ucs_basic"),
    sa.Text(),
    sa.Text(collation="POSIX"),
    sa.Unicode(20),
    sa.UnicodeText(),
    sa.CHAR(),
    sa.CHAR(3),
    sa.NCHAR(3),
    sa.VARCHAR(7),
    sa.Date(),
    sa.DateTime(),
    sa.DateTime(timezone=True),
    sa.Time(),
    sa.Time(timezone=True),
    sa.Interval(),
    sa.Interval(second_precision=3),
    sa.Interval(native=False),
    sa.LargeBinary(),
    sa.LargeBinary(10),
    sa.PickleType(),
    sa.JSON(),
    sa.Uuid(),
    sa.Uuid(native_uuid=False),
    sa.UUID(),
    sa.Enum("a", "it's", name="other_letter"),
    sa.Enum("a", "b", name="Capital Letter"),
    sa.Enum("a", "b", name="letter", native_enum=False),
    sa.Enum("a", "b", name="letter", native_enum=False, create_constraint=True),
    sa.Enum("a", "b", name="letter", schema="other"),
    sa.ARRAY(sa.Integer()),
    sa.ARRAY(sa.String(5)),
    sa.ARRAY(sa.Integer(), dimensions=2),
    sa.ARRAY(sa.Numeric(5, 1)),
    sa.ARRAY(sa.DateTime(timezone=True)),
    sa.ARRAY(sa.Enum("a", "b", name="letter")),
    pg.TIMESTAMP(precision=3),
    pg.TIMESTAMP(timezone=True, precision=0),
    pg.TIME(precision=2),
    pg.INTERVAL(),
    pg.INTERVAL(fields="DAY TO SECOND"),
    pg.INTERVAL(precision=2),
    pg.INTERVAL(fields="DAY TO SECOND", precision=2),
    pg.INTERVAL(fields="YEAR"),
    pg.BIT(),
    pg.BIT(5),
    pg.BIT(5, varying=True),
    pg.BIT(varying=True),
    pg.BYTEA(),
    pg.JSONB(),
    pg.INET(),
    pg.CIDR(),
    pg.MACADDR(),
    pg.MACADDR8(),
    pg.MONEY(),
    pg.OID(),
    pg.REGCLASS(),
    pg.REGCONFIG(),
    pg.TSVECTOR(),
    pg.TSQUERY(),
    pg.JSONPATH(),
    pg.INT4RANGE(),
    pg.INT8RANGE(),
    pg.NUMRANGE(),
    pg.DATERANGE(),
    pg.TSRANGE(),
    pg.TSTZRANGE(),
    pg.INT4MULTIRANGE(),
    pg.TSTZMULTIRANGE(),
    pg.ENUM("x", "y", name="xy"),
]
DEFAULTS: list[tuple[Any, Any]] = [
    (sa.Integer(), "0"),
    (sa.Integer(), "-1"),
    (sa.Integer(), sa.text("0")),
    (sa.Integer(), sa.text("-1")),
    (sa.Integer(), sa.text("(1 + 1)")),
    (sa.Integer(), "007"),
    (sa.BigInteger(), "0"),
    (sa.BigInteger(), sa.text("5000000000")),
    (sa.SmallInteger(), "7"),
    (sa.SmallInteger(), "-7"),
    (sa.Numeric(8, 2), "0"),
    (sa.Numeric(8, 2), "0.5"),
    (sa.Numeric(8, 2), "-1.50"),
    (sa.Numeric(8, 2), sa.text("1.5")),
    (sa.Numeric(8, 2), "1.234"),
    (sa.Float(), "0"),
    (sa.Float(), "1.5"),
    (sa.Float(), "1e10"),
    (sa.Float(), sa.text("0")),
    (sa.Boolean(), "0"),
    (sa.Boolean(), "true"),
    (sa.Boolean(), sa.true()),
    (sa.Boolean(), sa.text("false")),
    (sa.String(10), "x"),
    (sa.String(10), ""),
    (sa.String(10), "it's"),
    (sa.String(10), "a\\b"),
    (sa.String(10), "100%"),
    (sa.String(10), "a:b"),
    (sa.String(10), sa.text("NULL")),
    (sa.String(), sa.text("current_user")),
    (sa.String(10), sa.text("upper('x')")),
    (sa.Text(), "x"),
    (sa.CHAR(3), "x"),
    (sa.Date(), "2020-01-01"),
    (sa.Date(), sa.func.current_date()),
    (sa.DateTime(), "2020-01-01"),
    (sa.DateTime(), sa.func.now()),
    (sa.DateTime(timezone=True), sa.func.now()),
    (sa.DateTime(timezone=True), sa.text("CURRENT_TIMESTAMP")),
    (sa.DateTime(), sa.text("timezone('utc', now())")),
    (sa.Time(), "10:00"),
    (sa.Interval(), "1 day"),
    (sa.JSON(), "{}"),
    (sa.JSON(), '{"a":1}'),
    (pg.JSONB(), "{}"),
    (pg.JSONB(), '{"a":1}'),
    (sa.Uuid(), sa.text("gen_random_uuid()")),
    (sa.LargeBinary(), sa.text("'\\x00'")),
    (sa.ARRAY(sa.Integer()), "{}"),
    (sa.ARRAY(sa.String(3)), "{}"),
    (sa.ARRAY(sa.String(3)), sa.text("ARRAY['a','b']")),
    (sa.Enum("a", "b", name="letter"), "a"),
    (sa.Enum("a", "b", name="letter", schema="other"), "a"),
    (sa.ARRAY(sa.Enum("a", "b", name="letter")), "{}"),
    (pg.BIT(3), "101"),
    (pg.INET(), "127.0.0.1"),
]


def tables() -> dict[str, sa.Table]:
    """A table for every way in which a model may say something."""
    made: dict[str, sa.Table] = {}
    metadata = sa.MetaData()

    def add(title: str, *items: Any, **options: Any) -> None:
        key = sa.Column("id", sa.Integer, primary_key=True)
        name = f"t{len(made)}"
        made[title] = sa.Table(name, metadata, key, *items, **options)

    for number, type_ in enumerate(TYPES):
        add(f"type {number} {type_!r}", sa.Column("c", type_))
    for number, (type_, default) in enumerate(DEFAULTS):
        add(f"default {number} {default}", sa.Column("c", type_, server_default=default))
    keys(add)
    indexes(add)
    options(add)
    return made


def keys(add: Any) -> None:
    """Tables with every form of constraint."""

    def a() -> list[sa.Column[Any]]:
        return [sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)]

    add("unique", *a(), sa.UniqueConstraint("a", "b", name="uq1"))
    add("unique on a column", sa.Column("a", sa.Integer, unique=True))
    add(
        "unique deferrable",
        *a(),
        sa.UniqueConstraint("a", name="uq2", deferrable=True, initially="DEFERRED"),
    )
    add(
        "unique immediate",
        *a(),
        sa.UniqueConstraint("a", name="uq3", deferrable=True, initially="IMMEDIATE"),
    )
    add(
        "unique nulls",
        *a(),
        sa.UniqueConstraint("a", name="uq4", postgresql_nulls_not_distinct=True),
    )
    with suppress(sa.exc.ArgumentError):  # SQLAlchemy 2.0.22 has no such keyword.
        add("unique include", *a(), sa.UniqueConstraint("a", name="uq5", postgresql_include=["b"]))
    add("foreign key", sa.Column("a", sa.ForeignKey("t0.id", name="fk1")))
    add("foreign key without a name", sa.Column("a", sa.ForeignKey("t0.id")))
    for number, action in enumerate(
        ("CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION", "SET NULL (a)")
    ):
        onupdate = None if "(" in action else action
        add(
            f"foreign key {action}",
            sa.Column("a", sa.Integer),
            sa.ForeignKeyConstraint(
                ["a"], ["t0.id"], name=f"fka{number}", ondelete=action, onupdate=onupdate
            ),
        )
    add(
        "foreign key deferred",
        sa.Column("a", sa.ForeignKey("t0.id", name="fk2", deferrable=True, initially="DEFERRED")),
    )
    add("foreign key full", sa.Column("a", sa.ForeignKey("t0.id", name="fk3", match="FULL")))
    add(
        "foreign key not valid",
        sa.Column("a", sa.Integer),
        sa.ForeignKeyConstraint(["a"], ["t0.id"], name="fk4", postgresql_not_valid=True),
    )
    add("check", *a(), sa.CheckConstraint("a > 0 AND b IN (1, 2)", name="ck1"))
    add("check without a name", *a(), sa.CheckConstraint("a>0"))
    add("check on a column", sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0", name="ck2")))
    add("check expression", *a(), sa.CheckConstraint(sa.column("a") % 2 == 0, name="ck3"))
    add("check not valid", *a(), sa.CheckConstraint("a > 0", name="ck4", postgresql_not_valid=True))
    add("exclude", sa.Column("r", pg.INT4RANGE), pg.ExcludeConstraint(("r", "&&"), name="ex1"))
    add(
        "exclude where",
        sa.Column("r", pg.INT4RANGE),
        sa.Column("b", sa.Boolean),
        pg.ExcludeConstraint((sa.text("r"), "&&"), name="ex2", where=sa.text("b")),
    )


def indexes(add: Any) -> None:
    """Tables with every form of index."""
    columns: list[tuple[str, Any]] = [
        ("a", sa.Integer()),
        ("b", sa.String(20)),
        ("d", pg.JSONB()),
        ("v", pg.TSVECTOR()),
    ]
    a, b = sa.column("a", sa.Integer), sa.column("b", sa.String)
    forms: list[tuple[list[Any], dict[str, Any]]] = [
        (["a"], {}),
        (["a", "b"], {"unique": True}),
        ([sa.desc("a")], {}),
        ([sa.text("a DESC")], {}),
        ([sa.text("a DESC NULLS LAST"), "b"], {}),
        ([a.asc().nulls_first()], {}),
        ([a.desc().nulls_last()], {}),
        ([sa.func.lower(b)], {}),
        ([sa.func.lower(b).desc()], {}),
        ([sa.text("lower(b) DESC")], {}),
        ([sa.text("(a + 1)")], {}),
        ([a + 1], {}),
        ([sa.text("b varchar_pattern_ops")], {}),
        ([sa.text("lower(b) text_pattern_ops DESC")], {}),
        (
            [sa.text("to_tsvector('english', b) tsvector_ops(siglen = 64)")],
            {"postgresql_using": "gist"},
        ),
        (["v"], {"postgresql_using": "gist", "postgresql_ops": {"v": "tsvector_ops(siglen=64)"}}),
        ([b.collate("C")], {}),
        ([sa.text('b COLLATE "C"')], {}),
        (["b"], {"postgresql_ops": {"b": "varchar_pattern_ops"}}),
        (["d"], {"postgresql_using": "gin"}),
        (["d"], {"postgresql_using": "gin", "postgresql_ops": {"d": "jsonb_path_ops"}}),
        (["a"], {"postgresql_using": "hash"}),
        (["a"], {"postgresql_using": "btree"}),
        (["a"], {"postgresql_using": "brin", "postgresql_with": {"pages_per_range": 4}}),
        (["a"], {"postgresql_where": sa.text("a > 5")}),
        (["a"], {"postgresql_where": b == "x"}),
        (["a"], {"postgresql_include": ["b"]}),
        (["a"], {"postgresql_with": {"fillfactor": 50}}),
        (["a"], {"unique": True, "postgresql_nulls_not_distinct": True}),
    ]
    for number, (keys_, kw) in enumerate(forms):
        index = sa.Index(f"ix_{number}", *keys_, **kw)
        add(f"index {number}", *[sa.Column(name, type_) for name, type_ in columns], index)
    add("index on a column", sa.Column("a", sa.Integer, index=True))


def options(add: Any) -> None:
    """Tables with everything else."""
    n = sa.Integer
    add("computed", sa.Column("a", n), sa.Column("c", n, sa.Computed("a*2", persisted=True)))
    add("computed by default", sa.Column("a", n), sa.Column("c", n, sa.Computed("a*2")))
    for number, identity in enumerate(
        [
            sa.Identity(),
            sa.Identity(always=True),
            sa.Identity(start=5, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=3),
            sa.Identity(increment=-1),
            sa.Identity(start=1, minvalue=1, increment=1, cache=1),
        ]
    ):
        add(f"identity {number}", sa.Column("c", n, identity))
        add(f"big identity {number}", sa.Column("c", sa.BigInteger, identity._copy()))
    add("comment", sa.Column("c", n, comment="it's\\ 100%"), comment="a \"table\" of ':x'")
    add("not null", sa.Column("c", n, nullable=False))
    add("unlogged", prefixes=["UNLOGGED"])
    with suppress(sa.exc.ArgumentError):  # Only SQLAlchemy 2.1 has this keyword.
        add("with", postgresql_with={"fillfactor": 70, "autovacuum_enabled": False})
    add("inherits", postgresql_inherits="t0")
    add("odd names", sa.Column('Quoted "Name"', n), sa.Column("user", n), sa.Column("a b", n))
    add("in a schema", schema="other")
    add(
        "in a schema with a key", sa.Column("a", sa.ForeignKey("t0.id", name="fko")), schema="other"
    )


@pytest.fixture(scope="module")
def compared(shared_engine: sa.Engine) -> tuple[dict[str, sa.Table], Schema, Schema]:
    """The tables, what was read once they were created, and what was echoed before that."""
    models = tables()
    dialect: Any = for_engine(shared_engine)
    with warnings.catch_warnings(action="ignore"):
        said = {title: dialect.spelling.table(table) for title, table in models.items()}
        wanted = dialect.spelled(dialect.spelling.schema([next(iter(models.values())).metadata]))
    with shared_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA other")
        echoed = dialect.echo(connection, wanted)
        assert dialect.echo_refused is None
        connection.exec_driver_sql("DROP SCHEMA other")
    carried_out(
        shared_engine,
        CreateNamespace("other"),
        *(
            CreateTable(said[title], enums=created_enums(dialect.spelling, table.columns))
            for title, table in models.items()
        ),
    )
    with shared_engine.connect() as connection:
        found = dialect.read(connection, schemas=(None, "other"))
    return models, found, echoed


TITLES = list(tables())


@pytest.mark.parametrize("title", TITLES)
def test_what_is_echoed_is_what_is_read(compared, title):
    models, found, echoed = compared
    key = models[title].key
    assert nameless(echoed.tables[key], echoed.tables[key]) == nameless(
        found.tables[key], echoed.tables[key]
    )


@pytest.mark.parametrize("title", TITLES)
def test_a_type_that_was_read_has_an_sqlalchemy_type_of_the_same_text(compared, engine_of, title):
    models, found, _ = compared
    dialect = for_engine(engine_of)
    for column in found.tables[models[title].key].columns.values():
        if column.type.enum is None:
            type_ = dialect.python_type(column.type)
            again = dialect.spelling.type(type_)
            spelled = dialect.spelled(Schema(tables={"t": one_column(again)}))
            assert spelled.tables["t"].columns["c"].type.text == column.type.text


@pytest.fixture(scope="module")
def engine_of(shared_engine: sa.Engine) -> sa.Engine:
    return shared_engine


def one_column(type_: Any) -> Table:
    from flask_schemamigrate.schema import Column

    return Table("t", {"c": Column("c", type_)})


def nameless(table: Table, like: Table) -> Table:
    """The table without the names of what is nameless in another one."""
    fields: dict[str, Any] = {}
    for kind in ("uniques", "foreign_keys", "checks", "excludes"):
        names = {item.name for item in getattr(like, kind).values()}
        items = [
            item if item.name in names else replace(item, name=None)
            for item in getattr(table, kind).values()
        ]
        fields[kind] = {item.key: item for item in items}
    key = table.primary_key
    assert key is not None
    return replace(table, primary_key=replace(key, name=None), **fields)
