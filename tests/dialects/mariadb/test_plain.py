"""A plain table's text tells what the catalogue tells; of any other table the text is not taken."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.mariadb.plain import plain_table
from tests.databases.database import Database

PLAIN = (
    "id INT AUTO_INCREMENT PRIMARY KEY",
    "id BIGINT UNSIGNED, n INT(5) ZEROFILL, PRIMARY KEY (n, id)",
    "a VARCHAR(30) NOT NULL DEFAULT 'it''s', b CHAR(3) CHARACTER SET latin1 COMMENT 'b''s'",
    "a VARCHAR(30) COLLATE utf8mb4_bin, b DECIMAL(8, 2) DEFAULT -1.5, c BOOL DEFAULT TRUE",
    "a ENUM('x', 'y''z') DEFAULT 'x', b SET('p', 'q') NOT NULL, c YEAR, d BIT(3)",
    "a TIMESTAMP(3) NULL DEFAULT NOW(3) ON UPDATE NOW(3), b DATETIME DEFAULT NOW(), c DATE",
    "a JSON, b JSON NOT NULL COMMENT 'j'",
    "a INT, b INT, UNIQUE (b, a), KEY z (a), KEY k (b), CONSTRAINT c CHECK (a > b)",
    "a INT, b INT, CONSTRAINT f FOREIGN KEY (b, a) REFERENCES pair (x, y) ON DELETE CASCADE",
    "a INT, b INT, KEY ix (a), FOREIGN KEY (a) REFERENCES one (x) ON UPDATE SET NULL,"
    " FOREIGN KEY (b) REFERENCES one (x) ON DELETE NO ACTION",
)
OTHER = (
    "a INT CHECK (a > 0)",
    "a INT, CHECK (a <> 'x')",
    "a INT DEFAULT (1 + 1)",
    "a INT, b INT AS (a + 1) STORED",
    "a INT INVISIBLE, b INT",
    "a TEXT, KEY (a(5))",
    "a TEXT, FULLTEXT KEY (a)",
    "a INT, KEY (a DESC)",
    "a INT, KEY (a) COMMENT 'it'",
    "a INT COMMENT 'back\\\\slash'",
    "a INT, `b.c` INT",
)
OTHER_TABLES = (
    "CREATE TABLE t (a INT) ENGINE=MyISAM",
    "CREATE TABLE t (a INT) ROW_FORMAT=COMPACT",
    "CREATE TABLE t (a INT) PARTITION BY HASH (a) PARTITIONS 2",
    "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING",
    "CREATE SEQUENCE t",
    "CREATE VIEW t AS SELECT 1 AS one",
)


@pytest.fixture
def made(engine, shared: Database):
    """Make a table and answer what its text and what the catalogue tells of it."""
    if shared.name != "mariadb":
        pytest.skip("MySQL spells its texts otherwise, and is asked for its catalogue")

    def make(statement: str):
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE one (x INT PRIMARY KEY)")
            connection.exec_driver_sql("CREATE TABLE pair (x INT, y INT, PRIMARY KEY (x, y))")
            connection.exec_driver_sql(statement)
            dialect = for_engine(engine)
            text = connection.exec_driver_sql("SHOW CREATE TABLE t").one()[1]
            usual = connection.exec_driver_sql("SELECT @@collation_database").scalar_one()
            told = dialect.read(connection, tables=("t",)).tables.get("t")
            return plain_table("t", text, usual), told

    return make


@pytest.mark.parametrize("collation", ["utf8mb4_general_ci", "utf8mb4_unicode_ci", "latin1_bin"])
@pytest.mark.parametrize("columns", PLAIN)
def test_a_plain_table_is_read_from_its_text_as_from_the_catalogue(made, columns, collation):
    found, told = made(f"CREATE TABLE t ({columns}) COLLATE {collation} COMMENT 'it''s'")

    assert found is not None
    assert asdict(found) == asdict(told)


@pytest.mark.parametrize(
    "statement", [*(f"CREATE TABLE t ({columns})" for columns in OTHER), *OTHER_TABLES]
)
def test_the_text_of_any_other_table_is_not_taken(made, statement):
    found, _ = made(statement)

    assert found is None
