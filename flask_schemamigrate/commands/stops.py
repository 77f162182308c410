"""Where and why an unfinished revision stopped, read from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ..runner.history import Applied, History
from ..runner.journal import RUNNING, Entry


@dataclass(frozen=True)
class Stop:
    """An unfinished revision, and the statement it stopped at if that is known.

    ``operation`` and ``statement`` count from 1. ``is_unknown`` says that the run was cut off in
    the statement, so that nobody was told how it ended.
    """

    revision: str
    direction: str
    started_at: datetime | None
    error: str | None
    operation: int | None = None
    statement: int | None = None
    described: str | None = None
    sql: str | None = None
    is_unknown: bool = False

    @property
    def text(self) -> str:
        """What is known of it, for people."""
        # Without a reason nobody came to tell one; that may be because there is none yet.
        words = [self.direction] if self.error is None else [self.direction, "stopped"]
        if self.operation is not None:
            words.append(f"at operation {self.operation}, statement {self.statement}")
        reason = self.error
        if reason is None:
            reason = "still running, or cut off" + (" while it ran" if self.is_unknown else "")
        sql = "" if self.sql is None else f"\n    {' '.join(self.sql.split())[:200]}"
        return f"{' '.join(words)}: {reason}{sql}"


def stops(history: History, connection: sa.Connection, rows: Iterable[Applied]) -> tuple[Stop, ...]:
    """Where these revisions stopped."""
    found = tuple(_stop(row, history.journal.entries(connection, row.revision)) for row in rows)
    connection.rollback()
    return found


def _stop(row: Applied, entries: list[Entry]) -> Stop:
    stop = Stop(row.revision, row.direction, row.started_at, row.error)
    # What is only planned comes after what ran or failed.
    left = sorted((each for each in entries if not each.is_done), key=lambda each: each.key)
    if not left:
        return stop
    at = left[0]
    return Stop(
        row.revision,
        row.direction,
        row.started_at,
        # Why an earlier try failed, or a later run would not go on, is not about this one.
        None if at.state == RUNNING else at.error or row.error,
        at.operation,
        at.statement,
        at.described,
        at.sql,
        at.state == RUNNING,
    )
