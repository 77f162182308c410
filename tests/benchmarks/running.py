"""Many plain revisions up and down, beside the bare driver doing the same.

    python tests/benchmarks/running.py [REVISIONS] [SERVER_URL...]

It makes a database of its own on each server, or without one a file of SQLite.

The driver gets the same statements and a row of history for each revision, a transaction for each,
and once more without that row. It takes turns with the run, so that whatever else the machine does
slows down both; each has tables of its own. SQLite reads the whole schema anew when another
connection has changed it, so there each has a file of its own.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_schemamigrate.commands.running import downgrade, upgrade
from flask_schemamigrate.environment import Environment
from tests.databases import temporary

Way = Literal["upgrade", "downgrade"]

# Long enough for each to find the processor's caches as it left them.
TURN = 50

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
        sa.Column("size", sa.Integer),
        sa.Column("at", sa.DateTime),
    )
    op.create_index("ix_t{n}_name", "t{n}", ["name"])"""
DROP = """    op.drop_index("ix_t{n}_name", table_name="t{n}")
    op.drop_table("t{n}")"""
ADD = '    op.add_column("t{last}", sa.Column("c{n}", sa.Integer))'
DROP_COLUMN = '    op.drop_column("t{last}", "c{n}")'


def fill(folder: Path, count: int) -> None:
    """Write revisions: every other creates a table with an index, the next adds a column to it."""
    below = None
    for n in range(count):
        last = n - n % 2
        body, undo = (ADD, DROP_COLUMN) if n % 2 else (CREATE, DROP)
        text = FILE.format(
            n=n, below=below, body=body.format(n=n, last=last), undo=undo.format(n=n, last=last)
        )
        (folder / f"r{n:05}.py").write_text(text)
        below = f"r{n:05}"


def heard(engine: sa.Engine, folder: str, way: Way) -> list[list[str]]:
    """The statements that a run sends about tables of the app's, revision by revision."""
    found: list[list[str]] = [[]]

    def hear(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(("CREATE", "ALTER", "DROP")) and "schemamigrate" not in sql:
            found[-1].append(sql)

    sa.event.listen(engine, "before_cursor_execute", hear)
    for _ in run(engine, folder, way):
        found.append([])
    sa.event.remove(engine, "before_cursor_execute", hear)
    return found[:-1]


def run(engine: sa.Engine, folder: str, way: Way) -> Iterator[object]:
    """The run, files and all, revision by revision."""
    environment = Environment.without_app(folder, engines=engine)
    return upgrade(environment) if way == "upgrade" else downgrade(environment, "base")


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
        columns = "revision INTEGER PRIMARY KEY, at VARCHAR(30)"
        self._cursor.execute(f"CREATE TABLE {table}history ({columns})")
        self._driver.commit()

    def do(self, statements: list[str], n: int) -> None:
        """One revision, which is recorded under its number."""
        start = time.perf_counter()
        if self._begin:
            self._cursor.execute(self._begin)
        for sql in statements:
            self._cursor.execute(sql)
        if self.records:
            self._cursor.execute(self._record.format(n=n))
        self._driver.commit()
        self.seconds += time.perf_counter() - start

    def begin(self, way: Way, statements: list[list[str]]) -> list[list[str]]:
        """The same statements on tables of its own."""
        self.seconds = 0.0
        history = f"{self.table}history"
        self._record = {
            "upgrade": f"INSERT INTO {history} VALUES ({{n}}, '2026-01-01 00:00:00')",
            "downgrade": f"DELETE FROM {history} WHERE revision = {{n}}",
        }[way]
        return [[re.sub(r"t(?=\d)", self.table, sql) for sql in each] for each in statements]

    def close(self) -> None:
        """Give the connection back."""
        self._raw.close()


def taken_in_turns(
    engine: sa.Engine, folder: str, way: Way, statements: list[list[str]], *drivers: Driver
) -> float:
    """Seconds that a run takes, with as many revisions of each driver after each `TURN`."""
    numbers = range(len(statements))[:: 1 if way == "upgrade" else -1]
    own = [driver.begin(way, statements) for driver in drivers]
    start = time.perf_counter()
    carried = run(engine, folder, way)
    seconds = time.perf_counter() - start
    for turn in range(0, len(statements), TURN):
        start = time.perf_counter()
        for _ in islice(carried, TURN):
            pass
        seconds += time.perf_counter() - start
        for driver, each in zip(drivers, own, strict=True):
            for place in range(len(statements))[turn : turn + TURN]:
                driver.do(each[place], numbers[place])
    start = time.perf_counter()
    assert not list(carried)
    return seconds + time.perf_counter() - start


def nothing(engine: sa.Engine, folder: str) -> float:
    """Seconds that it takes to see that nothing is to do."""
    start = time.perf_counter()
    assert not list(upgrade(Environment.without_app(folder, engines=engine)))
    return time.perf_counter() - start


def beside(engine: sa.Engine, name: str) -> sa.Engine:
    """Where a driver works: the same database, or another file next to it."""
    url = engine.url
    return sa.create_engine(f"{url}.{name}") if url.get_backend_name() == "sqlite" else engine


def measured(engine: sa.Engine, folder: str) -> None:
    """Print the seconds of both ways on one database."""
    ways: tuple[Way, Way] = ("upgrade", "downgrade")
    said = {way: heard(engine, folder, way) for way in ways}
    drivers = [
        Driver(beside(engine, "a"), "a", records=True),
        Driver(beside(engine, "b"), "b", records=False),
    ]
    for way in ways:
        seconds = taken_in_turns(engine, folder, way, said[way], *drivers)
        with_rows, without = (driver.seconds for driver in drivers)
        print(
            f"  {way:10} {seconds:7.2f} s; driver {with_rows:7.2f} s: {seconds / with_rows:.2f}"
            f" times; without rows {without:7.2f} s: {seconds / without:.2f} times"
        )
        if way == "upgrade":
            idle = min(nothing(engine, folder) for _ in range(3))
            print(f"  nothing to do {idle * 1000:.1f} ms")
    for driver in drivers:
        driver.close()
    engine.dispose()


def on_each(count: int, servers: list[str], measured: Callable[[sa.Engine, str], None]) -> None:
    """Measure so many revisions on each server, or without one on SQLite."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "versions"
        folder.mkdir()
        fill(folder, count)
        for server in servers or [""]:
            file = f"sqlite:///{place}/shop.db"
            with temporary.database(server) if server else nullcontext(file) as url:
                engine = sa.create_engine(url)
                print(engine.dialect.name, f"{count} revisions")
                measured(engine, place)


if __name__ == "__main__":
    on_each(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:], measured)
