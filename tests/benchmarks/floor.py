"""The least that revisions in Python can cost, beside the bare driver sending the same.

    python tests/benchmarks/floor.py [REVISIONS] [SERVER_URL...]

A revision's file is read, compiled and called, and SQLAlchemy makes its objects and writes their
SQL. Nothing else is done: no graph, no checksum, no lock, no check of anything. What `running.py`
measures cannot come below this.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.running import TURN, Driver, Way, beside, heard, on_each

IMPORT = "from flask_schemamigrate import op\n"


class Op:
    """The operations that the files of `fill` say, each as its SQL."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.sql: list[str] = []

    def create_table(self, name: str, *columns: sa.Column[Any]) -> None:
        """All columns of a table, as SQLAlchemy writes them."""
        table = sa.Table(name, sa.MetaData(), *columns)
        self.sql.append(str(sa.schema.CreateTable(table).compile(dialect=self.dialect)))

    def add_column(self, table: str, column: sa.Column[Any]) -> None:
        """One column, as SQLAlchemy writes it."""
        made = sa.Table(table, sa.MetaData(), column)
        compiler = self.dialect.ddl_compiler(self.dialect, sa.schema.CreateTable(made))
        text = compiler.get_column_specification(column)
        self.sql.append(f"ALTER TABLE {table} ADD COLUMN {text}")

    def create_index(self, name: str, table: str, columns: list[str]) -> None:
        """The rest needs no more than its names."""
        self.sql.append(f"CREATE INDEX {name} ON {table} ({', '.join(columns)})")

    def drop_index(self, name: str, *, table_name: str) -> None:
        """MySQL wants the table, too."""
        on = f" ON {table_name}" if self.dialect.name == "mysql" else ""
        self.sql.append(f"DROP INDEX {name}{on}")

    def drop_table(self, name: str) -> None:
        """As `create_index`."""
        self.sql.append(f"DROP TABLE {name}")

    def drop_column(self, table: str, name: str) -> None:
        """As `create_index`."""
        self.sql.append(f"ALTER TABLE {table} DROP COLUMN {name}")


def statements(op: Op, file: Path, way: Way) -> list[str]:
    """What a file says, on tables of the floor's own."""
    told: dict[str, Any] = {"op": op}
    exec(compile(file.read_text().replace(IMPORT, ""), file, "exec"), told)
    op.sql = []
    told[way]()
    return [re.sub(r"\bt(?=\d)|(?<=ix_)t", "f", sql) for sql in op.sql]


def measured(engine: sa.Engine, folder: str) -> None:
    """Print the seconds of both ways on one database."""
    ways: tuple[Way, Way] = ("upgrade", "downgrade")
    said = {way: heard(engine, folder, way) for way in ways}
    driver, own = (Driver(beside(engine, name), name, records=True) for name in "af")
    op = Op(engine.dialect)
    for way in ways:
        bare = driver.begin(way, said[way])
        own.begin(way, [])
        numbers = list(range(len(bare)))[:: 1 if way == "upgrade" else -1]
        seconds = 0.0
        for turn in range(0, len(bare), TURN):
            places = range(len(bare))[turn : turn + TURN]
            start = time.perf_counter()
            for place in places:
                n = numbers[place]
                own.do(statements(op, Path(folder, "versions", f"r{n:05}.py"), way), n)
            seconds += time.perf_counter() - start
            for place in places:
                driver.do(bare[place], numbers[place])
        times = seconds / driver.seconds
        print(f"  {way:10} {seconds:7.2f} s; driver {driver.seconds:7.2f} s: {times:.2f} times")
    driver.close()
    own.close()
    engine.dispose()


if __name__ == "__main__":
    on_each(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:], measured)
