"""How long it takes to compare models with a database, beside Alembic where it is installed.

Run it as ``python -m tests.benchmarks.comparing [sqlite|postgresql|mariadb] [tables ...]``. Servers
are found as the tests find them.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import Options, compare, resolve
from tests.databases import session, temporary
from tests.databases.servers import KINDS

SIZES = (10, 100, 1000)
COLUMNS = (sa.String(50), sa.Integer(), sa.Numeric(10, 2), sa.DateTime(), sa.Text(), sa.Boolean())


@dataclass(frozen=True)
class Figures:
    """One comparison: seconds at best of several, statements, peak of memory in MB."""

    seconds: float
    statements: int
    peak: float
    found: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:8.3f} s  {self.statements:6d} statements  {self.peak:7.1f} MB  "
            f"{self.found:3d} found"
        )


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


def measured(
    compare_: Callable[[sa.Engine, sa.MetaData], int], engine: sa.Engine, metadata: sa.MetaData
) -> Figures:
    """Compare three times for the time, once more for the memory."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    found, times = 0, []
    for _ in range(3):
        start = time.perf_counter()
        found = compare_(engine, metadata)
        times.append(time.perf_counter() - start)
    sa.event.listen(engine, "before_cursor_execute", count)
    tracemalloc.start()
    compare_(engine, metadata)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    sa.event.remove(engine, "before_cursor_execute", count)
    return Figures(min(times), len(statements), peak, found)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[sa.Engine]:
    """An empty database of a kind."""
    if kind == "sqlite":
        yield sa.create_engine(f"sqlite:///{folder / 'benchmark.db'}")
        return
    server = session.server(kind, folder)
    if server.url is None:
        raise SystemExit(server.reason)
    url = temporary.create(server.url)
    engine = sa.create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
        temporary.drop(server.url, make_url(url).database or "")


def main(kinds: list[str], sizes: list[int]) -> None:
    """Print the figures."""
    rivals: dict[str, Callable[[sa.Engine, sa.MetaData], int]] = {"ours": ours}
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
                    models(size).create_all(engine)
                    for changes in (0, 10):
                        metadata = models(size, changes=changes)
                        for name, rival in rivals.items():
                            figures = measured(rival, engine, metadata)
                            print(
                                f"{kind:10} {size:5d} tables {changes:3d} changes {name:8}{figures}"
                            )
    finally:
        session.close_folder(folder)


def _place(kind: str, folder: Path, files: str) -> Path:
    return Path(files) if kind == "sqlite" else folder


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        [name for name in arguments if name in KINDS] or list(KINDS),
        [int(name) for name in arguments if name.isdigit()] or list(SIZES),
    )
