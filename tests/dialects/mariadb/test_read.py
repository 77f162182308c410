"""What is read of MariaDB and MySQL, beside what SQLAlchemy's own reflection finds there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.base import Live
from flask_schemamigrate.dialects.mariadb.read import MariaDBCatalogue, in_turns
from flask_schemamigrate.dialects.mysql.definition import stored
from flask_schemamigrate.operations import op
from tests.dialects.sink import carried_out

RICH = """
CREATE TABLE parent (
    a INT NOT NULL, b VARCHAR(10) COLLATE utf8mb4_general_ci NOT NULL, c INT UNIQUE,
    PRIMARY KEY (b, a)
) COMMENT 'the parent';
CREATE TABLE child (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY COMMENT 'it''s',
    a INT, b VARCHAR(10) COLLATE utf8mb4_general_ci, c INT,
    name VARCHAR(40) CHARACTER SET latin1 NOT NULL DEFAULT '',
    price DECIMAL(8, 2) UNSIGNED DEFAULT 1.5,
    kind ENUM('x', 'y''z') DEFAULT 'x',
    flags SET('p', 'q'),
    seen TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    twice INT AS (price * 2) STORED,
    hidden INT INVISIBLE DEFAULT 3,
    body TEXT,
    spot GEOMETRY NOT NULL,
    CONSTRAINT fk_pair FOREIGN KEY (b, a) REFERENCES parent (b, a)
        ON DELETE CASCADE ON UPDATE SET NULL,
    CONSTRAINT fk_c FOREIGN KEY (c) REFERENCES parent (c) ON DELETE RESTRICT,
    CONSTRAINT ck CHECK (price > 0 OR name = ''),
    UNIQUE uq (name, a DESC),
    INDEX ix (body(20), name),
    FULLTEXT ft (body),
    SPATIAL sp (spot)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 ROW_FORMAT=COMPACT;
CREATE TABLE parts (id INT) PARTITION BY HASH (id) PARTITIONS 2;
CREATE VIEW seen_by_all AS SELECT 1 AS one;
"""
OF_MARIADB = """
CREATE TABLE versioned (id INT) WITH SYSTEM VERSIONING;
CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MAXVALUE 99 NOCACHE;
CREATE SEQUENCE plain;
"""

# SQLAlchemy has no types for places on a map, and says so.
pytestmark = pytest.mark.filterwarnings("ignore:Did not recognize type")


@pytest.fixture
def rich(engine, shared):
    """A database with a bit of everything."""
    script = RICH + (OF_MARIADB if shared.name == "mariadb" else "")
    with engine.begin() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    return engine


def test_what_no_model_can_say_comes_back_with_a_dropped_table(engine, shared):
    unused = "IGNORED" if shared.name == "mariadb" else "INVISIBLE"
    statements = (
        "CREATE TABLE `parted` (id INT PRIMARY KEY, a INT, KEY ix (a) COMMENT 'it''s') "
        "PARTITION BY RANGE (id) (PARTITION `p 0` VALUES LESS THAN (10), "
        "PARTITION p1 VALUES LESS THAN MAXVALUE)",
        f"CREATE TABLE `read` (id INT PRIMARY KEY, b TEXT, KEY ix (b(5)) {unused}, "
        "FULLTEXT KEY f (b))",
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    before = [definition(engine, name) for name in ("parted", "read")]

    carried_out(engine, lambda: op.drop_table("parted"), lambda: op.drop_table("read")).undone()

    assert [sorted(definition(engine, name)) for name in ("parted", "read")] == [
        sorted(text) for text in before
    ]


def definition(engine, table):
    with engine.connect() as connection:
        text = connection.exec_driver_sql(f"SHOW CREATE TABLE `{table}`").one()[1]
        return [line.strip().rstrip(",") for line in text.split("\n")]


def test_tables_agree_with_reflection(rich, read):
    inspector = sa.inspect(rich)
    found = read()

    assert set(found.tables) == set(inspector.get_table_names())
    assert found.views == set(inspector.get_view_names())
    for table in found.tables.values():
        assert (table.comment or "") == (inspector.get_table_comment(table.name)["text"] or "")


def bare(default):
    """A default without quotes around it."""
    return default and default.strip("'")


@pytest.mark.parametrize("name", ["parent", "child"])
def test_columns_agree_with_reflection(name, rich, read):
    columns = read().tables[name].columns
    reflected = {column["name"]: column for column in sa.inspect(rich).get_columns(name)}

    assert list(columns) == list(reflected)
    for column in columns.values():
        other = reflected[column.name]
        assert column.nullable == other["nullable"]
        assert column.autoincrement == bool(other.get("autoincrement", False))
        assert (column.computed is not None) == ("computed" in other)
        assert (column.comment or None) == other["comment"]
        # SQLAlchemy does not look behind INVISIBLE, and takes ON UPDATE for a default.
        if not column.kept and "on_update" not in column.options:
            # It quotes MySQL's numbers too.
            assert bare(column.default) == bare(other["default"])


@pytest.mark.parametrize("name", ["parent", "child"])
def test_keys_agree_with_reflection(name, rich, read):
    table, inspector = read().tables[name], sa.inspect(rich)

    assert (
        list(table.primary_key.columns) == inspector.get_pk_constraint(name)["constrained_columns"]
    )
    assert {
        key.name: (list(key.columns), key.referent, list(key.referent_columns), key.ondelete)
        for key in table.foreign_keys.values()
    } == {
        key["name"]: (
            key["constrained_columns"],
            key["referred_table"],
            key["referred_columns"],
            {"RESTRICT": None}.get(key["options"].get("ondelete"), key["options"].get("ondelete")),
        )
        for key in inspector.get_foreign_keys(name)
    }
    assert {check.name for check in table.checks.values()} == {
        check["name"] for check in inspector.get_check_constraints(name)
    }


def test_indexes_agree_with_reflection_but_for_those_of_foreign_keys(rich, read):
    table = read().tables["child"]
    reflected = {index["name"] for index in sa.inspect(rich).get_indexes("child")}

    assert {*table.indexes, *table.uniques} == reflected - {"fk_pair", "fk_c"}
    assert {key.index for key in table.foreign_keys.values()} == {"fk_pair", "fk_c"}
    assert table.indexes["ix"].keys[0].length == 20
    assert table.indexes["uq"].keys[1].order == "DESC"
    assert table.indexes["ft"].options == {"prefix": "FULLTEXT"}
    assert table.indexes["sp"].keys[0].length is None


def test_details_that_reflection_does_not_know(rich, read):
    found = read()
    child = found.tables["child"]

    assert child.options == {"collate": "latin1_swedish_ci", "row_format": "COMPACT"}
    assert child.columns["seen"].options["on_update"].lower() == "current_timestamp(3)"
    assert child.columns["hidden"].kept == ("INVISIBLE",)
    assert "parts" in found.tables


@pytest.mark.parametrize("shared", ["mariadb"], indirect=True, scope="module")
def test_sequences_are_read_with_what_was_said_of_them(rich, read):
    found = read()

    assert found.sequences["s"].start == 5
    assert found.sequences["s"].maximum == 99
    assert found.sequences["s"].cache == 0
    assert found.sequences["plain"].start is None
    assert "versioned" in found.tables


@pytest.mark.parametrize("names", [("twin", "TWIN"), ("TWIN", "twin")])
def test_tables_whose_names_differ_in_case_alone_keep_their_indexes_apart(names, engine, read):
    with engine.begin() as connection:
        if connection.scalar(sa.text("SELECT @@lower_case_table_names")):
            pytest.skip("this server takes the two names for one")
        for number, name in enumerate(names):
            connection.exec_driver_sql(
                f"CREATE TABLE {name} (a INT, b INT, c INT, PRIMARY KEY (a, b),"
                f" UNIQUE uq (b, c), KEY ix (c, a),"
                f" CONSTRAINT fk_{number} FOREIGN KEY (c, a) REFERENCES {name} (a, b))"
            )

    found = read().tables

    assert sorted(found) == ["TWIN", "twin"]
    for number, name in enumerate(names):
        table = found[name]
        assert table.primary_key.columns == ("a", "b")
        assert [unique.columns for unique in table.uniques.values()] == [("b", "c")]
        assert table.indexes["ix"].columns == ("c", "a")
        assert [key.name for key in table.foreign_keys.values()] == [f"fk_{number}"]
        assert [key.referent_columns for key in table.foreign_keys.values()] == [("a", "b")]


def test_a_table_without_a_primary_key_has_none(engine, shared, read):
    with engine.connect() as connection:
        if shared.name == "mysql":
            connection.exec_driver_sql("SET SESSION sql_generate_invisible_primary_key = ON")
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
        if shared.name == "mysql":
            connection.exec_driver_sql("SET SESSION sql_generate_invisible_primary_key = OFF")

    assert list(read().tables["t"].columns) == ["a"]
    assert read().tables["t"].primary_key is None


def test_the_number_of_queries_does_not_grow(engine):
    dialect = for_engine(engine)
    counts = []
    for number in range(1, 4):
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"CREATE TABLE t{number} (id INT PRIMARY KEY, up INT REFERENCES t{number} (id))"
            )
        said: list[str] = []
        listen = lambda *args: said.append(args[2])  # noqa: B023, E731
        sa.event.listen(engine, "before_cursor_execute", listen)
        with engine.connect() as connection:
            dialect.read(connection)
        sa.event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(said))

    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_another_schema_is_read_under_its_name(engine, shared, new_database):
    other = new_database(shared.name)
    name = sa.make_url(other.url).database
    other.execute("CREATE TABLE far (id INT PRIMARY KEY)")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE near (id INT, CONSTRAINT fk FOREIGN KEY (id) REFERENCES {name}.far (id))"
        )
        dialect = for_engine(engine)
        both = dialect.read(connection, schemas=(None, name))
        alone = dialect.read(connection, schemas=(name,))

    assert set(both.tables) == {"near", f"{name}.far"}
    assert both.tables["near"].foreign_keys["fk"].referent == f"{name}.far"
    assert both.namespaces == {name}
    assert set(alone.tables) == {f"{name}.far"}
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE near")


def test_only_the_tables_that_are_asked_for_are_read(rich):
    with rich.connect() as connection:
        dialect = for_engine(rich)
        found = dialect.read(connection, tables=("child",))
        nothing = dialect.read(connection, tables=())

    assert set(found.tables) == {"child"}
    assert not nothing.tables


def test_tables_that_are_asked_for_in_turns_are_read_the_same(rich, read, shared, monkeypatch):
    if shared.name != "mariadb":
        pytest.skip("MySQL opens no table to tell of it")
    at_once = read()
    monkeypatch.setattr(MariaDBCatalogue, "shares", lambda catalogue, here: in_turns(3))

    assert read() == at_once


def test_mysqlclient_reads_the_same(rich, shared):
    pytest.importorskip("MySQLdb")
    url = sa.make_url(shared.url).set(drivername="mysql+mysqldb")
    other = sa.create_engine(url)
    with other.connect() as connection:
        theirs = for_engine(other).read(connection)
    other.dispose()
    with rich.connect() as connection:
        assert theirs == for_engine(rich).read(connection)


def test_a_quick_look_takes_a_table_for_missing_and_not_a_session_that_is_gone(engine):
    with engine.connect() as connection, engine.connect() as other:
        live = Live(for_engine(engine), connection)
        assert stored(live, "`nowhere`") == ""
        connection.rollback()
        session = connection.exec_driver_sql("SELECT CONNECTION_ID()").scalar()
        other.exec_driver_sql(f"KILL {session}")

        with pytest.raises(sa.exc.DBAPIError):
            stored(live, "`nowhere`")


def test_a_column_without_versions_stays_so_when_it_is_said_again(engine):
    if not engine.dialect.is_mariadb:
        pytest.skip("only MariaDB keeps versions of rows")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a INT WITHOUT SYSTEM VERSIONING, b INT) WITH SYSTEM VERSIONING"
        )

    def said() -> None:
        op.execute("SET system_versioning_alter_history = KEEP")
        op.alter_column("t", "a", comment="new")

    carried_out(engine, said)
    with engine.connect() as connection:
        text = connection.exec_driver_sql("SHOW CREATE TABLE t").one()[1]
    assert "`a` int(11) DEFAULT NULL WITHOUT SYSTEM VERSIONING COMMENT 'new'" in text


def test_a_period_of_the_application_is_no_check(engine, read):
    if not engine.dialect.is_mariadb:
        pytest.skip("only MariaDB has periods")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a DATE, b DATE, PERIOD FOR p (a, b), CONSTRAINT ck CHECK (a < b))"
        )
    assert list(read().tables["t"].checks) == ["ck"]
