"""What is given comes back as it was asked for: every type, default, key and index."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.operations import CreateTable
from flask_schemamigrate.schema import Computed, Schema, Table
from tests.dialects.sink import carried_out

text = sa.text

TYPES: list[Any] = [
    sa.Integer(), sa.SmallInteger(), sa.BigInteger(), sa.Boolean(), sa.Float(), sa.Float(24),
    sa.Float(53), sa.Double(), sa.REAL(), sa.Numeric(), sa.Numeric(8, 2), sa.Numeric(10),
    sa.DECIMAL(), sa.Date(), sa.DateTime(), sa.DateTime(timezone=True), sa.Time(), sa.TIMESTAMP(),
    sa.Interval(), sa.String(5), sa.Unicode(5), sa.Text(), sa.Text(10), sa.Text(70000),
    sa.UnicodeText(), sa.CHAR(), sa.CHAR(7), sa.VARCHAR(9), sa.NCHAR(3), sa.NVARCHAR(3),
    sa.String(5, collation="utf8mb4_bin"), sa.LargeBinary(), sa.LargeBinary(10), sa.BINARY(),
    sa.BINARY(5), sa.VARBINARY(9), sa.BLOB(), sa.Enum("a", "b'c%, d"), sa.Enum("x", name="named"),
    sa.Enum("x", "y", native_enum=False), sa.JSON(), sa.Uuid(), sa.UUID(),
    sa.Uuid(native_uuid=False), sa.PickleType(),
    mysql.DATETIME(fsp=3), mysql.TIMESTAMP(fsp=2), mysql.TIME(fsp=1), mysql.YEAR(), mysql.BIT(),
    mysql.BIT(8), mysql.INTEGER(unsigned=True), mysql.INTEGER(5), mysql.INTEGER(zerofill=True),
    mysql.INTEGER(11, zerofill=True), mysql.BIGINT(unsigned=True), mysql.MEDIUMINT(),
    mysql.MEDIUMINT(unsigned=True), mysql.SMALLINT(unsigned=True), mysql.TINYINT(),
    mysql.TINYINT(1), mysql.TINYINT(unsigned=True), mysql.DOUBLE(10, 2),
    mysql.DOUBLE(unsigned=True),
    mysql.FLOAT(7, 3), mysql.DECIMAL(9, 3, unsigned=True), mysql.SET("a", "b"),
    mysql.VARCHAR(4, charset="latin1", collation="latin1_bin"), mysql.VARCHAR(4, charset="latin1"),
    mysql.ENUM("a", "b", charset="latin1"), mysql.TINYTEXT(), mysql.MEDIUMTEXT(), mysql.LONGTEXT(),
    mysql.TINYBLOB(), mysql.MEDIUMBLOB(), mysql.LONGBLOB(), mysql.VARCHAR(4, national=True),
    mysql.VARCHAR(4, binary=True), mysql.LONGTEXT(charset="latin1"),
]  # fmt: skip

DEFAULTS: list[tuple[Any, Any]] = [
    (sa.String(20), "plain"), (sa.String(20), ""), (sa.String(20), "it's"), (sa.String(20), "5"),
    (sa.String(20), "back\\slash"), (sa.String(20), "NULL"), (sa.String(20), "100%"),
    (sa.String(20), "a:b"), (sa.String(20), "now()"), (sa.String(20), 'say "hi"'),
    (sa.String(20), "two\nlines"), (sa.String(20), text("5")), (sa.Text(), "long"),
    (sa.String(20), text("(concat('a', 'b'))")), (sa.String(36), text("(uuid())")),
    (sa.String(36), sa.func.uuid()), (sa.String(20), text("NULL")), (sa.Integer(), "5"),
    (sa.Integer(), text("5")), (sa.Integer(), text("-5")), (sa.Integer(), text("(1+1)")),
    (sa.Integer(), text("1 + 1")), (sa.BigInteger(), "0"), (sa.Boolean(), sa.true()),
    (sa.Boolean(), sa.false()), (sa.Boolean(), text("true")), (sa.Boolean(), "1"),
    (sa.Boolean(), text("0")), (sa.Numeric(8, 2), "0"), (sa.Numeric(8, 2), text("1.5")),
    (sa.Numeric(8, 2), "2.50"), (sa.Float(), "1.50"), (sa.Float(), text("0.1")),
    (sa.Double(), text("1e10")), (sa.DateTime(), sa.func.now()),
    (sa.DateTime(), sa.func.current_timestamp()), (sa.DateTime(), text("CURRENT_TIMESTAMP")),
    (sa.DateTime(), text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
    (sa.TIMESTAMP(), text("now() on update now()")), (sa.TIMESTAMP(), None),
    (mysql.DATETIME(fsp=6), text("CURRENT_TIMESTAMP(6) ON UPDATE NOW(6)")),
    (mysql.TIMESTAMP(fsp=3), text("now(3)")), (sa.DateTime(), "2020-01-01"),
    (sa.DateTime(), "2020-01-01 10:00:00"), (sa.Date(), "2020-01-01"), (sa.Time(), "10:00"),
    (sa.Date(), text("(curdate())")), (sa.JSON(), "{}"), (sa.JSON(), text("(json_object())")),
    (sa.Enum("a", "b"), "a"), (sa.Uuid(), text("(uuid())")), (mysql.BIT(4), text("b'101'")),
    (mysql.SET("a", "b"), "a,b"), (sa.LargeBinary(), "x"), (sa.VARBINARY(5), "x"),
    (mysql.YEAR(), "2020"),
]  # fmt: skip


def types_of(engine) -> list[Any]:
    """The types that the server has; to MySQL only sa.Uuid() means something, not sa.UUID()."""
    return [each for each in TYPES if engine.dialect.is_mariadb or type(each) is not sa.UUID]


def parent(metadata):
    return sa.Table(
        "parent",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.UniqueConstraint("a", "b", name="uq_parent"),
    )


def child(metadata, *items, **options):
    return sa.Table(
        "child",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("name", sa.String(100)),
        sa.Column("body", sa.Text),
        *items,
        **options,
    )


def column(name, type_, *items, **how):
    return lambda m: child(m, sa.Column(name, type_, *items, **how))


def with_items(*items, **options):
    return lambda m: (parent(m), child(m, *[item() for item in items], **options))


KEYS = {
    "bare": with_items(),
    "composite key": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer, primary_key=True),
        sa.Column("b", sa.Integer, primary_key=True),
    ),
    "text key": lambda m: sa.Table("t", m, sa.Column("a", sa.String(5), primary_key=True)),
    "unnumbered key": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer, primary_key=True, autoincrement=False)
    ),
    "identity": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer, sa.Identity(), primary_key=True)
    ),
    "named key": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a", name="pk_t")
    ),
    "no key": lambda m: sa.Table("t", m, sa.Column("a", sa.Integer)),
    "unique column": column("x", sa.Integer, unique=True),
    "indexed column": column("x", sa.Integer, index=True),
    "unique indexed column": column("x", sa.Integer, unique=True, index=True),
    "named unique": with_items(lambda: sa.UniqueConstraint("a", "b", name="uq_ab")),
    "unnamed unique of several": with_items(lambda: sa.UniqueConstraint("b", "a")),
    "foreign key": with_items(lambda: sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk")),
    "unnamed foreign key": with_items(lambda: sa.ForeignKeyConstraint(["a"], ["parent.id"])),
    "two foreign keys on one column": with_items(
        lambda: sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk1"),
        lambda: sa.ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], name="fk2"),
    ),
    "foreign key with an index": with_items(
        lambda: sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk"),
        lambda: sa.Index("ix_a", "a"),
    ),
    "foreign key with an index of its own name": with_items(
        lambda: sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk"),
        lambda: sa.Index("fk", "a"),
    ),
    **{
        f"foreign key ON DELETE {action}": with_items(
            lambda action=action: sa.ForeignKeyConstraint(
                ["a"], ["parent.id"], name="fk", ondelete=action, onupdate=action
            )
        )
        for action in ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION")
    },
    "deferrable foreign key with match": with_items(
        lambda: sa.ForeignKeyConstraint(
            ["a"], ["parent.id"], name="fk", deferrable=True, initially="DEFERRED", match="FULL"
        )
    ),
    "foreign key to itself": lambda m: sa.Table(
        "t", m, sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("up", sa.ForeignKey("t.id", name="fk_up")),
    ),
    "index of several": with_items(lambda: sa.Index("ix", "a", "b")),
    "descending index": with_items(lambda: sa.Index("ix", sa.desc("a"), "b")),
    "descending index as text": with_items(lambda: sa.Index("ix", text("a DESC"), text("b"))),
    "index of prefixes": with_items(
        lambda: sa.Index("ix", "body", "name", mysql_length={"body": 10, "name": 100})
    ),
    "unique index of a prefix": with_items(
        lambda: sa.Index("ix", "body", unique=True, mysql_length=10)
    ),
    "fulltext index": with_items(lambda: sa.Index("ix", "body", mysql_prefix="FULLTEXT")),
    "hash index": with_items(lambda: sa.Index("ix", "a", mysql_using="hash")),
    "check": with_items(lambda: sa.CheckConstraint("a > 3 AND lower(name) <> 'x'", name="ck")),
    "unnamed check": with_items(lambda: sa.CheckConstraint("a > 3")),
    "check with a percent sign": with_items(
        lambda: sa.CheckConstraint("name LIKE 'a%' OR name IN ('b', 'c''d')", name="ck")
    ),
    "check on a column": column("x", sa.Integer, sa.CheckConstraint("x > 3", name="ck_x")),
    "check of a boolean": column("x", sa.Boolean(create_constraint=True, name="ck_x")),
    "check of an enum": column(
        "x", sa.Enum("u", "v", native_enum=False, create_constraint=True, name="ck_x")
    ),
    "check of JSON by a user": column("x", sa.Text, sa.CheckConstraint("json_valid(x)", name="j")),
    "virtual column": column("x", sa.Integer, sa.Computed("a+ B")),
    "stored column": column("x", sa.Integer, sa.Computed("a * 2", persisted=True)),
    "generated column that is not null": column(
        "x", sa.Integer, sa.Computed("a * 2", persisted=True), nullable=False
    ),
    "comments": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer, comment="it's 100% \\ \n two"), comment="a 'table'"
    ),
    "empty comments": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.Integer, comment=""), comment=""
    ),
    "engine and default charset": with_items(
        mysql_ENGINE="InnoDB", mysql_DEFAULT_CHARSET="utf8mb4"
    ),
    "other engine": lambda m: child(m, mysql_engine="MyISAM"),
    "other charset": with_items(mysql_charset="latin1"),
    "other collation": with_items(mysql_collate="utf8mb4_unicode_ci"),
    "charset and collation": with_items(mysql_charset="latin1", mysql_collate="latin1_german1_ci"),
    "row format": with_items(mysql_row_format="COMPACT"),
    "compressed": with_items(mysql_row_format="COMPRESSED", mysql_key_block_size="8"),
    "auto increment start": with_items(mysql_auto_increment="100"),
    "collated column in a table of that collation": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.String(5, collation="latin1_bin")), mysql_charset="latin1",
        mysql_collate="latin1_bin",
    ),
    "reserved words": lambda m: sa.Table(
        "select", m, sa.Column("from", sa.Integer, primary_key=True),
        sa.Column("order by", sa.String(5), sa.CheckConstraint("`order by` <> ''", name="a b")),
        sa.Index("in dex", "order by"),
    ),
    "parentheses and commas in texts": lambda m: sa.Table(
        "t", m, sa.Column("a", sa.String(50), server_default="), KEY `x` (",
                          comment="(, ) ' COMMENT"),
        sa.CheckConstraint("a <> '),(' AND (a <> '' OR a = '`')", name="ck"),
    ),
}  # fmt: skip


def models(make):
    metadata = sa.MetaData()
    make(metadata)
    return metadata


def found_and_echoed(engine, metadata) -> tuple[Schema, Schema, Schema]:
    """What is read of the models' tables once they are created, and how the models are spelled."""
    dialect = for_engine(engine)
    wanted = dialect.spelling.schema([metadata])
    tables = [wanted.tables[table.key] for table in metadata.sorted_tables]
    carried_out(engine, *map(CreateTable, tables))
    with engine.connect() as connection:
        found = dialect.read(connection)
        return found, dialect.spelled(wanted), dialect.echo(connection, wanted)


def as_named_by(found: Schema, wanted: Schema) -> Schema:
    """What was found, without the names that the models leave to the server."""
    return replace(
        found,
        tables={key: _unnamed(table, wanted.tables[key]) for key, table in found.tables.items()},
    )


def _unnamed(found: Table, wanted: Table) -> Table:
    changes: dict[str, Any] = {}
    for kind in ("uniques", "foreign_keys", "checks"):
        nameless = {key for key, item in getattr(wanted, kind).items() if item.name is None}
        items = []
        for item in getattr(found, kind).values():
            bare = replace(item, name=None)
            items.append(bare if bare.key in nameless else item)
        changes[kind] = {item.key: item for item in items}
    return replace(found, **changes)


@pytest.mark.parametrize("case", KEYS)
def test_a_table_comes_back_as_the_models_have_it(case, engine):
    found, _, echoed = found_and_echoed(engine, models(KEYS[case]))

    assert as_named_by(found, echoed).tables == echoed.tables


def test_every_type_comes_back_as_the_models_have_it(engine):
    metadata = sa.MetaData()
    sa.Table(
        "types", metadata, *[sa.Column(f"c{n}", type_) for n, type_ in enumerate(types_of(engine))]
    )

    found, _, echoed = found_and_echoed(engine, metadata)

    assert found.tables == echoed.tables


def test_every_default_comes_back_as_the_models_have_it(engine):
    metadata = sa.MetaData()
    columns: list[Any] = [
        sa.Column(f"c{number}", type_, server_default=default)
        for number, (type_, default) in enumerate(DEFAULTS)
    ]
    sa.Table("defaults", metadata, *columns)

    found, _, echoed = found_and_echoed(engine, metadata)

    assert found.tables == echoed.tables


def test_a_common_model_needs_no_echo(engine):
    metadata = sa.MetaData()
    parent(metadata)
    sa.Table(
        "common",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.ForeignKey("parent.id", name="fk", ondelete="CASCADE")),
        sa.Column("other_id", sa.ForeignKey("parent.id", name="fk2"), index=True),
        sa.Column("name", sa.String(80), nullable=False, server_default="it's"),
        sa.Column("email", sa.String(80), unique=True, index=True),
        sa.Column("active", sa.Boolean, server_default=sa.true()),
        sa.Column("price", sa.Numeric(8, 2), server_default="0"),
        sa.Column("at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("seen", sa.TIMESTAMP, server_default=text("now() ON UPDATE now()")),
        sa.Column("kind", sa.Enum("a", "b"), server_default="a"),
        sa.Column("doc", sa.JSON),
        sa.Column("uid", sa.Uuid),
        sa.Column("body", sa.Text, comment="long"),
        sa.Column("data", sa.LargeBinary),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )

    found, spelled, _ = found_and_echoed(engine, metadata)

    assert found.tables == spelled.tables


def test_an_echo_leaves_no_trace_and_ends_no_transaction(engine):
    metadata = models(KEYS["check"])
    dialect = for_engine(engine)
    wanted = dialect.spelling.schema([metadata])
    carried_out(engine, CreateTable(wanted.tables["parent"]))

    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO parent (id) VALUES (1)")
        dialect.echo(connection, wanted)
        connection.rollback()
        count = connection.exec_driver_sql("SELECT count(*) FROM parent").scalar()
        tables = connection.exec_driver_sql("SHOW TABLES").scalars().all()
        scratch = connection.exec_driver_sql("SHOW CREATE TABLE parent").all()

    assert count == 0
    assert tables == ["parent"]
    assert len(scratch) == 1


def test_a_table_that_cannot_be_created_is_compared_as_text(engine):
    metadata = sa.MetaData()
    sa.Table("bad", metadata, sa.Column("a", sa.Integer, sa.Computed("no_such_column")))
    sa.Table("good", metadata, sa.Column("a", sa.Integer, server_default=text("(1+1)")))
    dialect = for_engine(engine)

    with engine.connect() as connection:
        echoed = dialect.echo(connection, dialect.spelling.schema([metadata]))
        left = connection.exec_driver_sql("SHOW TABLES").all()

    assert echoed.tables["good"].columns["a"].default in ("(1 + 1)", "((1 + 1))")
    assert echoed.tables["bad"].columns["a"].computed == Computed("no_such_column", stored=False)
    assert "no_such_column" in (dialect.echo_refused or "")
    assert not left


def test_the_number_of_statements_does_not_grow(engine, shared):
    if shared.name != "mariadb":
        pytest.skip("MySQL knows no statement that is made of several")
    dialect, counts = for_engine(engine), set()
    for number in (1, 5):
        metadata = sa.MetaData()
        for name in range(number):
            sa.Table(f"t{name}", metadata, sa.Column("a", sa.Integer, server_default=text("(1+1)")))
        said: list[str] = []
        listen = lambda *args: said.append(args[2])  # noqa: B023, E731
        sa.event.listen(engine, "before_cursor_execute", listen)
        with engine.connect() as connection:
            dialect.read(connection)
            said.clear()
            echoed = dialect.echo(connection, dialect.spelling.schema([metadata]))
        sa.event.remove(engine, "before_cursor_execute", listen)
        counts.add(len(said))
        defaults = {table.columns["a"].default for table in echoed.tables.values()}
        assert defaults <= {"(1 + 1)", "((1 + 1))"}

    assert counts == {2}


def test_the_echo_keeps_what_belongs_to_the_model(engine):
    metadata = models(KEYS["check of a boolean"])
    dialect = for_engine(engine)

    with engine.connect() as connection:
        echoed = dialect.echo(connection, dialect.spelling.schema([metadata])).tables["child"]

    assert isinstance(echoed.columns["x"].type.python, sa.Boolean)
    assert echoed.checks["ck_x"].type_bound


def test_a_type_that_was_read_has_a_python_type_that_is_spelled_the_same(engine):
    metadata = sa.MetaData()
    sa.Table(
        "types", metadata, *[sa.Column(f"c{n}", type_) for n, type_ in enumerate(types_of(engine))]
    )
    found, _, _ = found_and_echoed(engine, metadata)
    dialect = for_engine(engine)

    for column_ in found.tables["types"].columns.values():
        type_ = dialect.python_type(column_.type)
        again = sa.MetaData()
        sa.Table("t", again, sa.Column("c", type_))
        spelled = dialect.spelled(dialect.spelling.schema([again]))
        assert spelled.tables["t"].columns["c"].type.text == column_.type.text
        assert type(type_).__module__.startswith("sqlalchemy.")
