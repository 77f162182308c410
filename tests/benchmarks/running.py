"""Upgrading by many plain revisions, beside the bare driver doing the same.

    python tests/benchmarks/running.py [REVISIONS] [DATABASE_URL...]

The driver gets the same statements and one row of history per revision, a transaction for each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.commands.running import upgrade
from flask_schemamigrate.environment import Environment

FILE = '''"""revision {n}

Revision ID: r{n:05}
"""
import sqlalchemy as sa
from flask_schemamigrate import op

revision = "r{n:05}"
down_revision = {below!r}


def upgrade():
{body}


def downgrade():
    pass
'''
CREATE = """    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
    )"""
ADD = '    op.add_column("t{last}", sa.Column("c{n}", sa.Integer))'


def fill(folder: Path, count: int) -> None:
    """Write revisions: every tenth creates a table, the others add a column to it."""
    below = None
    for n in range(count):
        body = (CREATE if n % 10 == 0 else ADD).format(n=n, last=n - n % 10)
        path = folder / f"r{n:05}.py"
        path.write_text(FILE.format(n=n, below=below, body=body))
        below = f"r{n:05}"


def statements(count: int) -> Iterator[str]:
    """What these revisions come down to."""
    for n in range(count):
        if n % 10:
            yield f"ALTER TABLE t{n - n % 10} ADD COLUMN c{n} INTEGER"
        else:
            columns = "id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, PRIMARY KEY (id)"
            yield f"CREATE TABLE t{n} ({columns})"


def bare(engine: sa.Engine, count: int) -> float:
    """Seconds that the driver takes."""
    raw: Any = engine.raw_connection()
    driver = raw.driver_connection
    if engine.dialect.name == "sqlite":
        driver.isolation_level = None
    cursor = driver.cursor()
    cursor.execute("CREATE TABLE history (revision VARCHAR(255) PRIMARY KEY, at VARCHAR(30))")
    driver.commit()
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else None
    start = time.perf_counter()
    for n, sql in enumerate(statements(count)):
        if begin:
            cursor.execute(begin)
        cursor.execute(sql)
        cursor.execute(f"INSERT INTO history VALUES ('r{n}', '2026-01-01 00:00:00')")
        driver.commit()
    seconds = time.perf_counter() - start
    raw.close()
    return seconds


def ours(engine: sa.Engine, folder: str) -> float:
    """Seconds that an upgrade takes, files and all."""
    start = time.perf_counter()
    done = list(upgrade(Environment.without_app(folder, engines=engine)))
    seconds = time.perf_counter() - start
    assert done
    return seconds


def nothing(engine: sa.Engine, folder: str) -> float:
    """Seconds that it takes to see that nothing is to do."""
    start = time.perf_counter()
    assert not list(upgrade(Environment.without_app(folder, engines=engine)))
    return time.perf_counter() - start


def clear(engine: sa.Engine) -> None:
    """Take everything out of the database."""
    with engine.begin() as connection:
        for name in sa.inspect(connection).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {name}"))


def main(count: int, urls: list[str]) -> None:
    """Measure on each database, twice each, and print the better."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "versions"
        folder.mkdir()
        fill(folder, count)
        for url in urls or [f"sqlite:///{place}/shop.db"]:
            engine = sa.create_engine(url)
            best: dict[str, float] = {}
            for _ in range(2):
                clear(engine)
                best["driver"] = min(bare(engine, count), best.get("driver", 1e9))
                clear(engine)
                best["upgrade"] = min(ours(engine, place), best.get("upgrade", 1e9))
            best["nothing to do"] = min(nothing(engine, place) for _ in range(3))
            clear(engine)
            print(engine.dialect.name, f"{count} revisions")
            for name, seconds in best.items():
                print(f"  {name:14} {seconds * 1000:9.1f} ms")
            print(f"  upgrade / driver {best['upgrade'] / best['driver']:.2f}")
            engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:])
