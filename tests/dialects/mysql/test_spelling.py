"""How MySQL 9.7 prints types and defaults, which tests/dialects/mariadb asks a server of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects.mysql.defaults import Defaults, clause
from flask_schemamigrate.dialects.mysql.definition import DefinitionParser
from flask_schemamigrate.dialects.mysql.types import Types
from flask_schemamigrate.schema import Check, Column, Computed, Index, IndexKey, Type

DEFINITION = """CREATE TEMPORARY TABLE `t` (
  `id` int NOT NULL AUTO_INCREMENT,
  `price` decimal(8,2) unsigned DEFAULT '1.50' COMMENT 'a, (b) it''s',
  `name` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT '',
  `same` varchar(20) DEFAULT (concat(_utf8mb4'a',_utf8mb4')')),
  `at` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `twice` int GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,
  `flags` bit(3) DEFAULT b'101',
  `kind` enum('x','y, z') DEFAULT 'x',
  `none` int DEFAULT NULL,
  `hidden` int DEFAULT '3' /*!80023 INVISIBLE */,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq` (`name`(5),`id` DESC),
  KEY `fx` ((lower(`name`))),
  CONSTRAINT `ck` CHECK ((`price` > 0)),
  CONSTRAINT `lax` CHECK ((`id` < 9)) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='it''s'"""


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("INTEGER", "int"),
        ("INTEGER(11)", "int"),
        ("INTEGER UNSIGNED", "int unsigned"),
        ("INTEGER(5) ZEROFILL", "int(5) zerofill"),
        ("BOOL", "tinyint(1)"),
        ("TINYINT", "tinyint"),
        ("TINYINT(1)", "tinyint(1)"),
        ("BIGINT(20) UNSIGNED", "bigint unsigned"),
        ("NUMERIC(8, 2)", "decimal(8,2)"),
        ("NUMERIC", "decimal(10,0)"),
        ("FLOAT(24)", "float"),
        ("FLOAT(53)", "double"),
        ("DOUBLE PRECISION", "double"),
        ("YEAR", "year"),
        ("JSON", "json"),
        ("ENUM('a','b'', c')", "enum('a','b'', c')"),
        ("VARCHAR(5) COLLATE utf8mb4_bin", "varchar(5) COLLATE utf8mb4_bin"),
        ("VARCHAR(5) CHARACTER SET latin1 COLLATE latin1_bin", "varchar(5) COLLATE latin1_bin"),
        ("VARCHAR(5) CHARACTER SET ascii", "varchar(5) CHARACTER SET ascii"),
        ("VARCHAR(5) ASCII", "varchar(5) CHARACTER SET latin1"),
        ("BLOB(70000)", "mediumblob"),
        ("DATETIME(6)", "datetime(6)"),
    ],
)
def test_a_type_is_spelled_as_mysql_prints_it(given, printed):
    assert Types().spelled(given) == printed


def test_a_printed_type_has_a_python_type():
    def python(text) -> Any:
        return Types().python(Type(text))

    assert isinstance(python("int"), sa.Integer)
    assert python("varchar(5) COLLATE utf8mb4_bin").collation == "utf8mb4_bin"
    assert python("decimal(8,2)").scale == 2
    assert python("enum('a','b'', c')").enums == ["a", "b', c"]


@pytest.mark.parametrize(
    ("stored", "type_", "extra", "read"),
    [
        (None, "int", "", None),
        ("3", "int", "", "3"),
        ("1.50", "decimal(8,2)", "", "1.50"),
        ("it's", "varchar(9)", "", "'it''s'"),
        ("", "varchar(9)", "", "''"),
        ("CURRENT_TIMESTAMP", "datetime", "DEFAULT_GENERATED", "CURRENT_TIMESTAMP"),
        (
            "CURRENT_TIMESTAMP(3)",
            "timestamp(3)",
            "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)",
            "CURRENT_TIMESTAMP(3)",
        ),
        ("CURRENT_TIMESTAMP", "varchar(30)", "", "'CURRENT_TIMESTAMP'"),
        ("concat(_utf8mb4\\'a\\')", "varchar(9)", "DEFAULT_GENERATED", "(concat('a'))"),
        ("b'101'", "bit(3)", "", "b'101'"),
        ("2020-01-01", "date", "", "'2020-01-01'"),
        ("0.12", "decimal(35,30)", "", f"0.12{'0' * 28}"),
    ],
)
def test_a_default_is_read_as_it_is_written(stored, type_, extra, read):
    assert Defaults().from_catalogue(stored, type_, extra) == read


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("'it''s'", "'it''s'"),
        ("-1.5", "-1.5"),
        ("now()", "now()"),
        ("CURRENT_TIMESTAMP(6)", "CURRENT_TIMESTAMP(6)"),
        ("uuid()", "(uuid())"),
        ("(uuid())", "(uuid())"),
        ("(1) + (2)", "((1) + (2))"),
        ("'a' || 'b'", "('a' || 'b')"),
        ("b'1'", "b'1'"),
    ],
)
def test_an_expression_stands_in_parentheses(given, written):
    assert clause(given) == written


def test_a_definition_is_taken_apart():
    found = DefinitionParser(Defaults()).parse(DEFINITION)

    assert found.columns["id"] == Column("id", Type("int"), False, autoincrement=True)
    assert found.columns["price"] == Column(
        "price", Type("decimal(8,2) unsigned"), default="1.50", comment="a, (b) it's"
    )
    assert found.columns["name"].type.text == "varchar(20) COLLATE latin1_bin"
    assert found.columns["name"].default == "''"
    assert found.columns["same"].default == "(concat('a',')'))"
    assert found.columns["at"].options == {"on_update": "CURRENT_TIMESTAMP(3)"}
    assert found.columns["twice"].computed == Computed("(`id` * 2)", False)
    assert found.columns["flags"].default == "b'101'"
    assert found.columns["kind"].type.text == "enum('x','y, z')"
    assert found.columns["none"].default is None
    assert found.columns["hidden"].default == "3"
    assert found.checks == {
        "ck": Check("(`price` > 0)", "ck"),
        "lax": Check("(`id` < 9)", "lax", options={"enforced": False}),
    }
    assert found.indexes["uq"] == Index(
        "uq", (IndexKey("name", length=5), IndexKey("id", order="DESC")), unique=True
    )
    assert found.indexes["fx"].keys == (IndexKey(expression="(lower(`name`))"),)
    assert found.options["collate"] == "utf8mb4_0900_ai_ci"
    assert found.options["comment"] == "it's"
