"""Which statements the server commits before: the journal's last words count on it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine

SETUP = ("CREATE TABLE thing (id INTEGER)", "CREATE TABLE told (id INTEGER) ENGINE=InnoDB")


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE thing ADD COLUMN size INTEGER",
        "alter table thing add column size integer",
        "CREATE TABLE other (id INTEGER)",
        "CREATE INDEX ix_thing ON thing (id)",
        "CREATE VIEW seen AS SELECT id FROM thing",
        "DROP TABLE thing",
        "RENAME TABLE thing TO other",
        "ALTER TABLE missing ADD COLUMN size INTEGER",
        "CREATE TEMPORARY TABLE passing (id INTEGER)",
        "DROP TEMPORARY TABLE IF EXISTS passing",
        "UPDATE thing SET id = 1",
        "SET SESSION lock_wait_timeout = 5",
    ],
)
def test_the_server_commits_before_exactly_what_is_said_to_be_committed_before(engine, sql):
    with engine.begin() as connection:
        for statement in SETUP:
            connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO told VALUES (1)")
        try:
            connection.exec_driver_sql(sql)
        except sa.exc.DBAPIError:
            assert "missing" in sql
        connection.rollback()
        lasts = connection.exec_driver_sql("SELECT COUNT(*) FROM told").scalar() == 1
    assert for_engine(engine).commits_by_itself(sql) is lasts
