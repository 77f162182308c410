"""``op.backfill`` of many rows, beside the same batches written by hand.

    python tests/benchmarks/backfill.py [ROWS] [SERVER_URL...]

A batch by hand follows each of ours, so that whatever else the machine does slows down both. Each
fills a table of its own, in a database that is made for it; without a server each has a file of
SQLite, where only one can write at a time.
"""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.commands.deciding import Manner
from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.runner.events import Progress
from tests.databases import temporary

BATCH = 5000
FILE = f'''"""fill

Revision ID: fill
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "fill"
down_revision = None


def upgrade():
    op.backfill("thing", {{"name": sa.text("other")}}, where="name IS NULL", batch={BATCH})
'''


def fill(engine: sa.Engine, name: str, count: int) -> None:
    """Make a table whose rows lack a name."""
    table = sa.Table(
        name,
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(20)),
        sa.Column("other", sa.String(20)),
    )
    with engine.begin() as connection:
        table.create(connection)
        for start in range(0, count, 50_000):
            numbers = range(start, min(start + 50_000, count))
            rows = [{"id": n, "other": f"name {n}"} for n in numbers]
            connection.execute(table.insert(), rows)
    if engine.dialect.name == "postgresql":
        # The server would else do it at some time in the middle.
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text(f"VACUUM ANALYZE {name}"))


class ByHand:
    """The same batches as one would write them: find the last key, update up to it, commit."""

    def __init__(self, engine: sa.Engine, table: str) -> None:
        self.seconds = 0.0
        self._table = table
        self._last: Any = -1
        self._raw = engine.raw_connection()
        self._cursor = self._raw.cursor()

    def batch(self) -> bool:
        """Do the next one; whether there was one."""
        start = time.perf_counter()
        last = self._last
        self._cursor.execute(
            f"SELECT id FROM {self._table} WHERE id > {last} AND name IS NULL"
            f" ORDER BY id LIMIT {BATCH}"
        )
        keys = self._cursor.fetchall()
        if keys:
            self._last = keys[-1][0]
            self._cursor.execute(
                f"UPDATE {self._table} SET name = other"
                f" WHERE id > {last} AND id <= {self._last} AND name IS NULL"
            )
            self._raw.commit()
        self.seconds += time.perf_counter() - start
        return bool(keys)

    def close(self) -> None:
        """Give the connection back."""
        self._raw.close()


def taken_in_turns(engine: sa.Engine, folder: str, hand: ByHand) -> float:
    """Seconds that the revision takes, from reading its file on, less those of the other."""

    def watch(event: object) -> None:
        if isinstance(event, Progress):
            assert hand.batch()

    start = time.perf_counter()
    environment = Environment.without_app(folder, engines=engine)
    assert list(upgrade(environment, manner=Manner(watch=watch)))
    seconds = time.perf_counter() - start - hand.seconds
    assert not hand.batch()
    return seconds


def measured(url: str, folder: str, count: int) -> None:
    """Measure in one database, and print the two beside each other."""
    engine = sa.create_engine(url)
    is_file = engine.dialect.name == "sqlite"
    other = sa.create_engine(f"{url}.hand") if is_file else engine
    fill(engine, "thing", count)
    fill(other, "by_hand", count)
    hand = ByHand(other, "by_hand")
    seconds = taken_in_turns(engine, folder, hand)
    hand.close()
    print(
        f"{engine.dialect.name:12} {count} rows: by hand {hand.seconds:6.2f} s, "
        f"op.backfill {seconds:6.2f} s, {seconds / hand.seconds:.2f} times"
    )
    for each in {engine, other}:
        each.dispose()


def main(count: int, servers: list[str]) -> None:
    """Measure on each server."""
    with TemporaryDirectory() as place:
        versions = Path(place) / "versions"
        versions.mkdir()
        (versions / "fill.py").write_text(FILE)
        for server in servers or [""]:
            file = f"sqlite:///{place}/shop.db"
            with temporary.database(server) if server else nullcontext(file) as url:
                measured(url, place, count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:])
