"""Inserting many rows into PostgreSQL: this project beside Alembic and a bare COPY.

python -m tests.benchmarks.postgresql_rows [ROWS]

Each way has a process and an empty table of its own, and its peak memory is counted from the moment
before the first row.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import sqlalchemy as sa

from tests.databases import temporary
from tests.databases.servers import LOCAL, VARIABLES

METADATA = sa.MetaData()
PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(50)),
    sa.Column("email", sa.String(80)),
    sa.Column("born", sa.Integer),
)


def people(count: int) -> Iterator[dict[str, Any]]:
    """Rows that are made when they are asked for."""
    for number in range(count):
        yield {
            "id": number,
            "name": f"name {number}",
            "email": f"{number}@example.org",
            "born": number % 100,
        }


def ours(connection: sa.Connection, count: int) -> None:
    """``op.bulk_insert`` with a generator."""
    from flask_schemamigrate.dialects import for_engine
    from flask_schemamigrate.operations import BulkInsert

    for_engine(connection.engine).insert(BulkInsert(PEOPLE, people(count)), connection)


def alembic(connection: sa.Connection, count: int) -> None:
    """Alembic's ``op.bulk_insert``, which takes a list."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    Operations(MigrationContext.configure(connection)).bulk_insert(PEOPLE, list(people(count)))


def inserted(connection: sa.Connection, count: int) -> None:
    """SQLAlchemy's INSERT of a list, which is what Alembic comes down to."""
    connection.execute(PEOPLE.insert().inline(), list(people(count)))


def bare(connection: sa.Connection, count: int) -> None:
    """psycopg's COPY with tuples, and nothing around it."""
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy("COPY people FROM STDIN") as copy:
        for row in people(count):
            copy.write_row(tuple(row.values()))


WAYS: dict[str, Callable[[sa.Connection, int], None]] = {
    "bare COPY": bare,
    "flask_schemamigrate": ours,
    "one INSERT of a list": inserted,
    "Alembic": alembic,
}


def measured(way: str, url: str, count: int) -> None:
    """Insert the rows in one way and print the seconds and the memory it took."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    with engine.begin() as connection:
        WAYS[way](connection, 10)
        connection.execute(PEOPLE.delete())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        WAYS[way](connection, count)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{way:20} {seconds:7.2f} s {(after - before) / 1024:8.1f} MB over start")


def main(count: int) -> None:
    """Measure every way in a process of its own."""
    server = os.environ.get(VARIABLES["postgresql"], LOCAL["postgresql"])
    with temporary.database(server) as url:
        for way in WAYS:
            if way == "Alembic" and find_spec("alembic") is None:
                print("Alembic is not installed")
                continue
            subprocess.run([sys.executable, "-m", __spec__.name, way, url, str(count)], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        measured(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000)
