"""Rows through an asynchronous driver, whose cursors have no COPY."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

INSERTED = """
def upgrade():
    op.create_table("t", sa.Column("n", sa.Integer))
    op.bulk_insert(sa.table("t", sa.column("n", sa.Integer)), [{"n": 1}, {"n": 2}])
"""


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg_async"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_rows_go_in_through_an_asynchronous_driver(revisions, new_app, database, driver):
    revisions(aa=INSERTED)
    url = sa.make_url(database.url).set(drivername=f"postgresql+{driver}")
    engine = create_async_engine(url, poolclass=sa.NullPool)
    result = new_app(engines=engine).test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 0, result.output
    assert database.rows("SELECT n FROM t ORDER BY n") == [(1,), (2,)]
