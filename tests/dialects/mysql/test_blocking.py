"""Where MySQL lets nobody write and MariaDB, which tests/runner asks, does.

By https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html.
"""

from __future__ import annotations

import pytest

from flask_schemamigrate.dialects.mysql.blocking import blocking
from flask_schemamigrate.operations import AddColumn, AlterColumn
from flask_schemamigrate.schema import Column, Table, Type

THING = Table("thing", {"word": Column("word", Type("varchar(20)"))})


@pytest.mark.parametrize(("length", "is_blocked"), [(63, False), (64, True), (300, True)])
def test_a_length_that_takes_a_second_byte_is_written_into_each_row(length, is_blocked):
    longer = AlterColumn("thing", column="word", type=Type(f"VARCHAR({length})"))

    assert (blocking(longer, THING, is_mysql=True) is not None) == is_blocked
    assert blocking(longer, THING, is_mysql=False) is None


@pytest.mark.parametrize(
    ("default", "is_blocked"),
    [
        ("'a (b)'", False),
        ("7", False),
        ("CURRENT_TIMESTAMP(3)", False),
        ("now()", False),
        ("(1 + 1)", True),
        ("rand()", True),
    ],
)
def test_a_default_that_is_an_expression_is_written_into_each_row(default, is_blocked):
    added = AddColumn("thing", column=Column("new", Type("INTEGER"), default=default))

    assert (blocking(added, THING, is_mysql=True) is not None) == is_blocked
