"""What was ever done to the databases."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from ..environment import Environment
from ..runner.log import Logged
from .databases import databases


@dataclass(frozen=True)
class Line(Logged):
    """A line of one database's log."""

    bind: str | None = None


def log(
    environment: Environment,
    *,
    revision: str | None = None,
    limit: int | None = None,
    binds: Sequence[str] = (),
) -> Generator[Line, None, None]:
    """What was done to each database, the latest first; of one revision if it is named."""

    def read() -> list[Line]:
        found = []
        for database in databases(environment, binds):
            with database.connect() as connection:
                rows = database.history.rows(connection).values()
                entries = [row.logged for row in rows if row.is_finished]
                entries += database.history.log.read(connection)
            found += [_line(entry, database.bind.name) for entry in entries]
        if revision is not None:
            found = [line for line in found if line.revision == revision]
        return sorted(found, key=lambda line: line.at or datetime.min, reverse=True)[:limit]

    yield from environment.run(read)


def _line(entry: Logged, bind: str | None) -> Line:
    return Line(**{item.name: getattr(entry, item.name) for item in fields(Logged)}, bind=bind)
