"""How long it takes to compare models with a database, beside Alembic where it is installed.

Run it as ``python -m tests.benchmarks.comparing [sqlite|postgresql|mariadb] [tables ...]``. Servers
are found as the tests find them.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import Options, compare, resolve
from tests.databases import session, temporary
from tests.databases.servers import KINDS

SIZES = (10, 100, 1000, 3000)
COLUMNS = (sa.String(50), sa.Integer(), sa.Numeric(10, 2), sa.DateTime(), sa.Text(), sa.Boolean())

Rival = Callable[[sa.Engine, sa.MetaData], int]
"""Compares, and returns how many differences it found."""


@dataclass(frozen=True)
class Figures:
    """One comparison: seconds at best of several, statements, peak of memory in MB.

    ``processor`` are this process's own seconds, which other work on the machine does not stretch;
    a server's are not in them.
    """

    seconds: float
    processor: float
    statements: int
    peak: float
    found: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:8.3f} s  {self.processor:8.3f} s here  {self.statements:6d} statements"
            f"  {self.peak:7.1f} MB  {self.found:3d} found"
        )

    def beside(self, rival: Figures) -> str:
        """How many times a rival's each figure is."""
        return (
            f"{rival.seconds / self.seconds:8.1f} x  {rival.processor / self.processor:8.1f} x"
            f" here  {rival.statements / max(self.statements, 1):6.0f} x           "
            f"  {rival.peak / self.peak:7.1f} x"
        )


class CountedCursor(sqlite3.Cursor):
    """A cursor that counts what it is asked, also by those who do not go through SQLAlchemy."""

    statements = 0

    def execute(self, sql: str, *parameters: Any) -> CountedCursor:
        CountedCursor.statements += 1
        return super().execute(sql, *parameters)


class CountedConnection(sqlite3.Connection):
    """A connection whose cursors count."""

    def cursor(self, factory: Any = CountedCursor) -> Any:
        return super().cursor(factory)


def models(tables: int, *, changes: int = 0) -> sa.MetaData:
    """Tables of ten columns, two indexes and a foreign key each; the first ones changed."""
    metadata = sa.MetaData()
    for number in range(tables):
        name = f"table_{number:04d}"
        types = [COLUMNS[place % len(COLUMNS)] for place in range(8)]
        columns = [sa.Column(f"column_{place}", type_) for place, type_ in enumerate(types)]
        if number < changes:
            columns.append(sa.Column("added", sa.Integer()))
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.ForeignKey(f"table_{max(number - 1, 0):04d}.id")),
            *columns,
            sa.Index(f"ix_{name}_0", "column_0"),
            sa.Index(f"ix_{name}_1", "column_1", "column_3"),
        )
    return metadata


def ours(engine: sa.Engine, metadata: sa.MetaData) -> int:
    """The number of operations that this project finds."""
    dialect = dialects.for_engine(engine)
    options = Options(owned=lambda key: True)
    with engine.connect() as connection:
        difference = compare(dialect, connection, [metadata], options=options)
        return len(resolve(difference, dialect=dialect, options=options).operations)


def alembic(engine: sa.Engine, metadata: sa.MetaData) -> int:
    """The number of changes that Alembic finds."""
    from alembic.autogenerate import compare_metadata  # type: ignore[import-not-found, unused-ignore]
    from alembic.migration import MigrationContext  # type: ignore[import-not-found, unused-ignore]

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return len(compare_metadata(context, metadata))


def measured(compare_: Rival, engine: sa.Engine, metadata: sa.MetaData) -> Figures:
    """Compare three times for the time, once more for the memory."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    found, times = 0, []
    for _ in range(3):
        start = time.perf_counter(), time.process_time()
        found = compare_(engine, metadata)
        times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    sa.event.listen(engine, "before_cursor_execute", count)
    CountedCursor.statements = 0
    tracemalloc.start()
    compare_(engine, metadata)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    sa.event.remove(engine, "before_cursor_execute", count)
    seconds, processor = map(min, zip(*times, strict=True))
    return Figures(seconds, processor, CountedCursor.statements or len(statements), peak, found)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[sa.Engine]:
    """An empty database of a kind."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'benchmark.db'}"
        yield sa.create_engine(url, connect_args={"factory": CountedConnection})
        return
    server = session.server(kind, folder)
    if server.url is None:
        raise SystemExit(server.reason)
    with temporary.database(server.url) as url:
        engine = sa.create_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


def main(kinds: list[str], sizes: list[int]) -> None:
    """Print the figures."""
    rivals: dict[str, Rival] = {"ours": ours}
    try:
        import alembic as _  # noqa: F401
    except ImportError:
        print("Alembic is not installed: pip install alembic to see it beside.")
    else:
        rivals["alembic"] = alembic
    folder = session.open_folder()
    try:
        for kind in kinds:
            for size in sizes:
                with (
                    tempfile.TemporaryDirectory() as files,
                    database(kind, _place(kind, folder, files)) as engine,
                ):
                    create(kind, engine, size)
                    for changes in (0, 10):
                        beside = f"{kind:10} {size:5d} tables {changes:3d} changes"
                        for line in lines(rivals, engine, models(size, changes=changes)):
                            print(beside, line, flush=True)
    finally:
        session.close_folder(folder)


def create(kind: str, engine: sa.Engine, size: int) -> None:
    """Create the tables; on a server one by one, as a transaction holds only so many locks."""
    if kind != "sqlite":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    models(size).create_all(engine)


def lines(rivals: Mapping[str, Rival], engine: sa.Engine, metadata: sa.MetaData) -> Iterator[str]:
    """The figures of each rival, and how many times as much all others take as the first."""
    first = None
    for name, rival in rivals.items():
        figures = measured(rival, engine, metadata)
        yield f"{name:8}{figures}"
        if first is None:
            first = figures
        else:
            yield f"{'':8}{first.beside(figures)}"


def _place(kind: str, folder: Path, files: str) -> Path:
    return Path(files) if kind == "sqlite" else folder


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        [name for name in arguments if name in KINDS] or list(KINDS),
        [int(name) for name in arguments if name.isdigit()] or list(SIZES),
    )
