"""Many plain revisions up and down, beside the bare driver doing the same.

    python tests/benchmarks/running.py [REVISIONS] [DATABASE_URL...]

The driver gets the same statements and a row of history for each revision, a transaction for each,
and once more without that row. It takes turns with the upgrade, revision by revision, so that
whatever else the machine does slows down both; each has tables of its own. SQLite reads the whole
schema anew when another connection has changed it, so there each has a file of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.commands.running import downgrade, upgrade
from flask_schemamigrate.environment import Environment

Way = Literal["upgrade", "downgrade"]

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
{undo}
'''
CREATE = """    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
    )"""
ADD = '    op.add_column("t{last}", sa.Column("c{n}", sa.Integer))'


DROP = '    op.drop_table("t{n}")'
DROP_COLUMN = '    op.drop_column("t{last}", "c{n}")'


def fill(folder: Path, count: int) -> None:
    """Write revisions: every tenth creates a table, the others add a column to it."""
    below = None
    for n in range(count):
        last = n - n % 10
        body, undo = (ADD, DROP_COLUMN) if n % 10 else (CREATE, DROP)
        text = FILE.format(
            n=n, below=below, body=body.format(n=n, last=last), undo=undo.format(n=n, last=last)
        )
        (folder / f"r{n:05}.py").write_text(text)
        below = f"r{n:05}"


def statements(count: int, way: Way, table: str) -> Iterator[tuple[str, str]]:
    """What these revisions come down to, and what records each; their tables begin so."""
    numbers = range(count) if way == "upgrade" else reversed(range(count))
    for n in numbers:
        name = f"{table}{n - n % 10}"
        columns = "id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, PRIMARY KEY (id)"
        if way == "upgrade":
            said = f"ALTER TABLE {name} ADD COLUMN c{n} INTEGER"
            record = f"INSERT INTO {table}history VALUES ('r{n}', '2026-01-01 00:00:00')"
            yield said if n % 10 else f"CREATE TABLE {name} ({columns})", record
        else:
            said = f"ALTER TABLE {name} DROP COLUMN c{n}"
            yield (
                said if n % 10 else f"DROP TABLE {name}",
                f"DELETE FROM {table}history WHERE revision = 'r{n}'",
            )


class Driver:
    """The bare driver, a transaction for each revision; ``records`` are written or left out."""

    def __init__(self, engine: sa.Engine, table: str, *, records: bool) -> None:
        self.table = table
        self.records = records
        self.seconds = 0.0
        self._raw = engine.raw_connection()
        driver = self._raw.driver_connection
        assert driver is not None
        self._driver: Any = driver
        self._begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else None
        if self._begin:
            self._driver.isolation_level = None
        self._cursor = self._driver.cursor()
        columns = "revision VARCHAR(255) PRIMARY KEY, at VARCHAR(30)"
        self._cursor.execute(f"CREATE TABLE {table}history ({columns})")
        self._driver.commit()

    def do(self, sql: str, record: str) -> None:
        """One revision."""
        start = time.perf_counter()
        if self._begin:
            self._cursor.execute(self._begin)
        self._cursor.execute(sql)
        if self.records:
            self._cursor.execute(record)
        self._driver.commit()
        self.seconds += time.perf_counter() - start

    def close(self) -> None:
        """Give the connection back."""
        self._raw.close()


def taken_in_turns(engine: sa.Engine, folder: str, count: int, way: Way, *drivers: Driver) -> float:
    """Seconds that a run takes, files and all, with a revision of each driver in between."""
    start = time.perf_counter()
    environment = Environment.without_app(folder, engines=engine)
    run = upgrade(environment) if way == "upgrade" else downgrade(environment, "base")
    seconds = time.perf_counter() - start
    turns = zip(*(statements(count, way, driver.table) for driver in drivers), strict=True)
    for turn in turns:
        for driver, (sql, record) in zip(drivers, turn, strict=True):
            driver.do(sql, record)
        start = time.perf_counter()
        next(run)
        seconds += time.perf_counter() - start
    start = time.perf_counter()
    assert not list(run)
    return seconds + time.perf_counter() - start


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


def beside(engine: sa.Engine, name: str) -> sa.Engine:
    """Where a driver works: the same database, or another file next to it."""
    url = engine.url
    return sa.create_engine(f"{url}.{name}") if url.get_backend_name() == "sqlite" else engine


def measured(engine: sa.Engine, folder: str, count: int) -> None:
    """Print the seconds of both ways on one database."""
    clear(engine)
    drivers = [
        Driver(beside(engine, "a"), "a", records=True),
        Driver(beside(engine, "b"), "b", records=False),
    ]
    ways: tuple[Way, Way] = ("upgrade", "downgrade")
    for way in ways:
        seconds = taken_in_turns(engine, folder, count, way, *drivers)
        with_rows, without = (driver.seconds for driver in drivers)
        print(
            f"  {way:10} {seconds:7.2f} s; driver {with_rows:7.2f} s: {seconds / with_rows:.2f}"
            f" times; without rows {without:7.2f} s: {seconds / without:.2f} times"
        )
        for driver in drivers:
            driver.seconds = 0.0
        if way == "upgrade":
            idle = min(nothing(engine, folder) for _ in range(3))
            print(f"  nothing to do {idle * 1000:.1f} ms")
    for driver in drivers:
        driver.close()
    clear(engine)


def main(count: int, urls: list[str]) -> None:
    """Measure on each database."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "versions"
        folder.mkdir()
        fill(folder, count)
        for url in urls or [f"sqlite:///{place}/shop.db"]:
            engine = sa.create_engine(url)
            print(engine.dialect.name, f"{count} revisions")
            measured(engine, place, count)
            engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:])
