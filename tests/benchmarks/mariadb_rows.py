"""Inserting rows into MariaDB from a generator, beside Alembic's bulk_insert of a list.

python tests/benchmarks/mariadb_rows.py [ROWS] [URL]
"""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import sqlalchemy as sa

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
URL = sys.argv[2] if len(sys.argv) > 2 else "mysql+pymysql://root@127.0.0.1:3306/"
DATABASE = "schemamigrate_benchmark_rows"
TABLE = sa.table(
    "accounts",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("price", sa.Float),
    sa.column("at", sa.DateTime),
)
CREATE = "CREATE TABLE accounts (id INT PRIMARY KEY, name VARCHAR(50), price DOUBLE, at DATETIME)"


def rows() -> Iterator[dict[str, Any]]:
    """Rows that are made as they are asked for."""
    at = datetime.datetime(2024, 1, 1, 10, 0)
    for number in range(ROWS):
        yield {"id": number, "name": f"name {number}", "price": number * 1.5, "at": at}


def ours(connection: sa.Connection) -> None:
    """``op.bulk_insert`` of a generator."""
    from flask_schemamigrate.dialects import for_dialect
    from flask_schemamigrate.operations import BulkInsert

    for_dialect(connection.dialect).carry_out_data(BulkInsert(TABLE, rows()), connection)


def peer(connection: sa.Connection) -> None:
    """Alembic's ``op.bulk_insert``, which wants a list."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    Operations(MigrationContext.configure(connection)).bulk_insert(TABLE, list(rows()))


def raw(connection: sa.Connection) -> None:
    """The driver's own executemany of tuples in chunks."""
    cursor = connection.connection.cursor()
    chunk: list[tuple[Any, ...]] = []
    for row in rows():
        chunk.append(tuple(row.values()))
        if len(chunk) == 5000:
            cursor.executemany("INSERT INTO accounts VALUES (%s, %s, %s, %s)", chunk)
            chunk = []
    if chunk:
        cursor.executemany("INSERT INTO accounts VALUES (%s, %s, %s, %s)", chunk)


WAYS = {"ours": ours, "Alembic": peer, "raw executemany": raw}


def measure(way: str) -> None:
    """Insert the rows one way into a fresh table; print seconds and growth of memory."""
    root = sa.create_engine(URL)
    with root.begin() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {DATABASE}")
    try:
        engine = sa.create_engine(sa.make_url(URL).set(database=DATABASE))
        with engine.connect() as connection:
            connection.exec_driver_sql(CREATE)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began = time.perf_counter()
            WAYS[way](connection)
            connection.commit()
            seconds = time.perf_counter() - began
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            count = connection.exec_driver_sql("SELECT count(*) FROM accounts").scalar()
        assert count == ROWS
        print(f"{way:18} {seconds:7.2f} s  {grown:7.1f} MB over start")
    finally:
        with root.begin() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {DATABASE}")


def main() -> None:
    """Each way in a process of its own, so that peaks of memory do not mix."""
    if len(sys.argv) > 3:
        measure(sys.argv[3])
        return
    print(f"{ROWS} rows")
    for way in WAYS:
        subprocess.run([sys.executable, __file__, str(ROWS), URL, way], check=True)


if __name__ == "__main__":
    main()
