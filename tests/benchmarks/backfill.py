"""``op.backfill`` of many rows, beside the same batches written by hand.

python tests/benchmarks/backfill.py [ROWS] [DATABASE_URL...]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.environment import Environment

BATCH = 5000
CREATE = "CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(20), other VARCHAR(20))"
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


def fill(engine: sa.Engine, count: int) -> None:
    """Make the table anew."""
    with engine.begin() as connection:
        for name in sa.inspect(connection).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {name}"))
        connection.execute(
            sa.text(
                "CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(20), other VARCHAR(20))"
            )
        )
        table = sa.table("thing", sa.column("id"), sa.column("other"))
        for start in range(0, count, 50_000):
            rows = [{"id": n, "other": f"name {n}"} for n in range(start, start + 50_000)]
            connection.execute(table.insert(), rows[: count - start])


def by_hand(engine: sa.Engine) -> float:
    """Seconds for the same batches: find the last key, update up to it, commit."""
    start = time.perf_counter()
    last: Any = -1
    raw = engine.raw_connection()
    cursor = raw.cursor()
    while True:
        cursor.execute(
            f"SELECT id FROM thing WHERE id > {last} AND name IS NULL ORDER BY id LIMIT {BATCH}"
        )
        keys = cursor.fetchall()
        if not keys:
            break
        end = keys[-1][0]
        cursor.execute(
            f"UPDATE thing SET name = other WHERE id > {last} AND id <= {end} AND name IS NULL"
        )
        raw.commit()
        last = end
    raw.close()
    return time.perf_counter() - start


def ours(engine: sa.Engine, folder: str) -> float:
    """Seconds for the revision."""
    start = time.perf_counter()
    list(upgrade(Environment.without_app(folder, engines=engine)))
    return time.perf_counter() - start


def main(count: int, urls: list[str]) -> None:
    """Measure on each database, and print the two beside each other."""
    with TemporaryDirectory() as place:
        versions = Path(place) / "versions"
        versions.mkdir()
        (versions / "fill.py").write_text(FILE)
        for url in urls or [f"sqlite:///{place}/shop.db"]:
            engine = sa.create_engine(url)
            fill(engine, count)
            hand = by_hand(engine)
            fill(engine, count)
            revision = ours(engine, place)
            print(
                f"{engine.dialect.name:12} {count} rows: by hand {hand:6.2f} s, "
                f"op.backfill {revision:6.2f} s, {revision / hand:.2f} times"
            )
            engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:])
