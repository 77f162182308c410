"""Changing a large SQLite table, and filling it, beside raw statements and Alembic if installed.

python tests/benchmarks/sqlite_changes.py [ROWS]
"""

from __future__ import annotations

import contextlib
import datetime
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.operations import BulkInsert
from tests.dialects.sqlite.revising import revised

try:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
except ImportError:
    Operations = None

CREATE = """CREATE TABLE accounts (
    id INTEGER NOT NULL,
    name VARCHAR(80) NOT NULL,
    note VARCHAR(200),
    owner_id INTEGER,
    balance NUMERIC(10, 2) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE owners (id INTEGER PRIMARY KEY);
CREATE INDEX ix_name ON accounts (name);
CREATE INDEX ix_owner ON accounts (owner_id)"""
LIGHT = sa.table(
    "filled",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("price", sa.Float),
    sa.column("at", sa.DateTime),
)
RECIPE = (
    CREATE.partition(";")[0].replace("accounts", "copied").replace("200", "300"),
    "INSERT INTO copied SELECT * FROM accounts",
    "DROP TABLE accounts",
    "ALTER TABLE copied RENAME TO accounts",
    "CREATE INDEX ix_name ON accounts (name)",
    "CREATE INDEX ix_owner ON accounts (owner_id)",
    "PRAGMA foreign_key_check",
)
NATIVE = ("ALTER TABLE accounts DROP COLUMN note",)

ROUNDS = 3

Say = Callable[[Any], None]


def copied(op: Any) -> None:
    with op.batch_alter_table("accounts", recreate="always") as batch:
        batch.alter_column("note", type_=sa.String(300), existing_type=sa.String(200))


def widened(op: Any) -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("note", type_=sa.String(300), existing_type=sa.String(200))


def defaulted(op: Any) -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("note", server_default="none")


def checked(op: Any) -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.create_check_constraint("ck", sa.text("balance >= 0"))


def referring(op: Any) -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.create_foreign_key("fk", "owners", ["owner_id"], ["id"])


def dropped(op: Any) -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.drop_column("note")


def filled(path: Path, count: int) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(CREATE)
        connection.executemany("INSERT INTO owners VALUES (?)", [(n,) for n in range(1000)])
        rows = ((n, f"name {n}", "x" * 60, n % 1000, n / 4) for n in range(count))
        connection.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()


@dataclass(frozen=True)
class Seconds:
    """By the clock, and of the processor, which other work on the machine hardly stretches."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:6.3f} s ({self.processor:6.3f} s here)"

    def beside(self, other: Seconds) -> str:
        """How many times the other's these are."""
        clock, processor = self.clock / other.clock, self.processor / other.processor
        return f"{clock:5.2f}x ({processor:5.2f}x)"


@contextlib.contextmanager
def stopwatch() -> Iterator[list[Seconds]]:
    """A block whose seconds are in the list at its end."""
    taken: list[Seconds] = []
    start = time.perf_counter(), time.process_time()
    yield taken
    taken.append(Seconds(time.perf_counter() - start[0], time.process_time() - start[1]))


def in_turns(original: Path, *acts: Callable[[Path], object]) -> list[Seconds]:
    """Seconds for acts, each on fresh copies of the file: the best of some rounds."""
    best = [Seconds(float("inf"), float("inf")) for _ in acts]
    for _ in range(ROUNDS):
        for place, act in enumerate(acts):
            copy = original.with_name("copy.db")
            shutil.copy(original, copy)
            # Have the file in the page cache, as it would be in use.
            copy.read_bytes()
            with stopwatch() as taken:
                act(copy)
            (now,), so_far = taken, best[place]
            best[place] = Seconds(
                min(now.clock, so_far.clock), min(now.processor, so_far.processor)
            )
            copy.unlink()
    return best


def ours(say: Say) -> Callable[[Path], object]:
    return lambda path: revised(sa.create_engine(f"sqlite:///{path}"), say)


def peer(say: Say) -> Callable[[Path], object]:
    def act(path: Path) -> None:
        with sa.create_engine(f"sqlite:///{path}").begin() as connection:
            say(Operations(MigrationContext.configure(connection)))

    return act


def raw(*statements: str) -> Callable[[Path], object]:
    def act(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements:
                connection.execute(statement).fetchall()
            connection.execute("COMMIT")

    return act


def changes(folder: Path, count: int) -> None:
    original = folder / "original.db"
    filled(original, count)
    print(f"{count} rows, {original.stat().st_size / 1e6:.0f} MB")
    beside: dict[str, tuple[Say, str, tuple[str, ...]]] = {
        "widen a String": (widened, "quick_check", ("PRAGMA quick_check(accounts)",)),
        "set a default": (defaulted, "quick_check", ("PRAGMA quick_check(accounts)",)),
        "add a CHECK": (
            checked,
            "rows and quick_check",
            (
                "SELECT 1 FROM accounts WHERE NOT (balance >= 0)",
                "PRAGMA quick_check(accounts)",
            ),
        ),
        "add a foreign key": (
            referring,
            "rows and quick_check",
            (
                "SELECT 1 FROM accounts AS a WHERE owner_id IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM owners WHERE id = a.owner_id)",
                "PRAGMA quick_check(accounts)",
            ),
        ),
        "copy": (copied, "recipe", RECIPE),
        "drop a column": (dropped, "native", NATIVE),
    }
    for name, (say, label, statements) in beside.items():
        acts = [ours(say), raw(*statements)] + ([peer(say)] if Operations is not None else [])
        own, other, *peers = in_turns(original, *acts)
        line = f"{name:18} {own}   {label} {other}   {own.beside(other)}"
        print(line, *(f"  Alembic {seconds}" for seconds in peers), flush=True)


def given(count: int) -> Iterator[dict[str, Any]]:
    at = datetime.datetime(2024, 1, 1, 10, 0)
    for number in range(count):
        yield {"id": number, "name": f"name {number}", "price": number * 1.5, "at": at}


def fill(who: str, path: str, count: int) -> None:
    """Insert rows and say how long it took and how much memory; in a process of its own."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE filled (id INTEGER PRIMARY KEY, name VARCHAR, price FLOAT, at DATETIME)"
        )
    dialect = for_engine(engine)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with stopwatch() as taken, engine.begin() as connection:
        if who == "ours":
            dialect.carry_out_data(BulkInsert(LIGHT, given(count)), connection)
        elif who == "alembic":
            operations = Operations(MigrationContext.configure(connection))
            operations.bulk_insert(LIGHT, list(given(count)))
        else:
            rows = ((r["id"], r["name"], r["price"], str(r["at"])) for r in given(count))
            driver: Any = connection.connection.driver_connection
            driver.executemany("INSERT INTO filled VALUES (?, ?, ?, ?)", rows)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"bulk_insert {who:8} {taken[0]}   {memory:5.0f} MB over start")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as name:
        if len(sys.argv) > 2:
            fill(sys.argv[2], f"{name}/filled.db", count)
            return
        for who in (["raw", "ours"] + ["alembic"] * (Operations is not None)) * ROUNDS:
            subprocess.run([sys.executable, __file__, str(count), who], check=True)
        changes(Path(name), count)


if __name__ == "__main__":
    main()
