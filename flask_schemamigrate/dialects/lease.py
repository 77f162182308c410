"""A lock for databases where a session's lock does not hold: a row that its owner keeps alive.

Behind a pooler that gives each transaction another session, and in a cluster where each node has
locks of its own, a row in a table is what all can see. Whoever waits watches the row's heartbeat by
their own clock, so that clocks need not agree, and takes over a row that does not beat any more.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..errors.stopping import LeaseLost
from .apart import connected_apart
from .locks import Holder, MigrationLock
from .texts import ALPHABET, storable

BEAT = 5.0
LASTS = 20.0
LASTS_WITHOUT_BEAT = 3600.0
"""Seconds. With an asynchronous driver nothing can beat beside the run."""

HEART = "schemamigrate lease"
TRIES = 3
"""How often the row is taken away before it is left to those who wait."""


class LeaseLock(MigrationLock):
    """A row in a table, which its owner renews and others may take once it is not renewed."""

    shares_sessions = True

    def __init__(
        self,
        engine: sa.Engine,
        name: str,
        schema: str | None = None,
        *,
        lasts: float = LASTS,
        is_conflict: Callable[[BaseException], bool] = lambda error: False,
    ) -> None:
        self._engine = engine
        self._is_conflict = is_conflict
        self._token = secrets.token_hex(16)
        self._lasts = LASTS_WITHOUT_BEAT if engine.dialect.is_async else lasts
        self._beat_every = min(BEAT, lasts / 4)
        self._seen: tuple[Any, float] | None = None
        self._ending = threading.Event()
        self._heart: threading.Thread | None = None
        self._is_lost = False
        self._beaten = 0.0
        self._doing = ""
        self.table = sa.Table(
            f"{name}_lease",
            sa.MetaData(),
            sa.Column("name", sa.String(50), primary_key=True),
            sa.Column("token", sa.String(32), nullable=False),
            sa.Column("beat", sa.Integer, nullable=False),
            sa.Column("lasts", sa.Float, nullable=False),
            sa.Column("pid", sa.String(20), nullable=False),
            sa.Column("host", sa.String(255), nullable=False),
            sa.Column("since", sa.String(20), nullable=False),
            sa.Column("doing", sa.String(200), nullable=False),
            schema=schema,
            **ALPHABET,
        )

    def acquire(self) -> bool:
        """Try once, without waiting."""
        with connected_apart(self._engine) as connection:
            row = self._row(connection)
            # Before it is written, so that it is believed for no longer than by those who wait.
            self._beaten = time.monotonic()
            if row is None:
                taken = self._inserted(connection)
            else:
                taken = self._is_dead(row) and self._taken_over(connection, row)
        if taken and not self._engine.dialect.is_async:
            self._heart = threading.Thread(target=self._live, name=HEART, daemon=True)
            self._heart.start()
        return taken

    def holder(self) -> Holder | None:
        """Who wrote the row."""
        with connected_apart(self._engine) as connection:
            row = self._row(connection)
        if row is None:
            return None
        return Holder(pid=row.pid, host=row.host, since=row.since, doing=row.doing)

    def tell(self, doing: str) -> None:
        """Have the next beat write what the holder does."""
        self._doing = storable(" ".join(doing.split()))[:200]

    def check(self) -> None:
        """Raise `LeaseLost` if somebody else has taken the row over, or may have."""
        if self._is_lost or time.monotonic() - self._beaten >= self._lasts:
            raise LeaseLost

    def release(self) -> None:
        """Take the row away."""
        self._ending.set()
        if self._heart is not None:
            self._heart.join()
        mine = self.table.delete().where(self.table.c.token == self._token)
        for _ in range(TRIES):
            with suppress(DBAPIError), connected_apart(self._engine) as connection:
                connection.execute(mine)
                connection.commit()
                return

    def _row(self, connection: sa.Connection) -> Any:
        """The row, in a table that is made if it is not there."""
        try:
            row = connection.execute(sa.select(self.table)).first()
        except DBAPIError:
            connection.rollback()
            # Somebody else may make it at the same moment.
            with suppress(DBAPIError):
                self.table.create(connection, checkfirst=True)
                connection.commit()
            connection.rollback()
            row = connection.execute(sa.select(self.table)).first()
        connection.rollback()
        return row

    def _inserted(self, connection: sa.Connection) -> bool:
        row = {"name": "lock", **self._mine()}
        return self._written(connection, self.table.insert().inline().values(row))

    def _written(self, connection: sa.Connection, change: Any) -> bool:
        """Whether a change of the row went through, which of several at once one does."""
        try:
            changed = connection.execute(change)
            connection.commit()
        except DBAPIError as error:
            # A cluster tells only at the end that another node was first, and not by a key.
            connection.rollback()
            if self._is_conflict(error):
                return False
            row = self._row(connection)
            if row is None:
                raise
            return bool(row.token == self._token)
        # Of an INSERT no number is known.
        return bool(changed.rowcount)

    def _is_dead(self, row: Any) -> bool:
        """Whether the row has not beaten for as long as it said it would."""
        mark = (row.token, row.beat)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, time.monotonic())
        return time.monotonic() - self._seen[1] >= float(row.lasts)

    def _taken_over(self, connection: sa.Connection, row: Any) -> bool:
        columns = self.table.c
        dead = (columns.token == row.token) & (columns.beat == row.beat)
        return self._written(connection, self.table.update().where(dead).values(self._mine()))

    def _mine(self) -> dict[str, Any]:
        return {
            "token": self._token,
            "beat": 0,
            "lasts": self._lasts,
            "pid": str(os.getpid()),
            "host": socket.gethostname(),
            "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
            "doing": "",
        }

    def _live(self) -> None:
        """Renew the row until the lock is given back, or somebody else has it."""
        beat = self.table.update().where(self.table.c.token == self._token)
        while not self._ending.wait(self._beat_every):
            beaten = time.monotonic()
            # Whatever goes wrong now may be over by the next beat, or the run ends for want of one.
            with suppress(Exception), connected_apart(self._engine) as connection:
                more = {"beat": self.table.c.beat + 1, "doing": self._doing}
                changed = connection.execute(beat.values(more))
                connection.commit()
                if changed.rowcount == 0:
                    self._is_lost = True
                    return
                self._beaten = beaten
