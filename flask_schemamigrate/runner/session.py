"""What a run tells its session: how long it may wait for others, and for the disk."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.pool import SingletonThreadPool, StaticPool

from ..dialects.base import Dialect
from ..revisions.module import LoadedRevision
from .politeness import Manners, settings
from .surroundings import quietly

# The database lives in their one connection, and nobody else can be in the way.
LONELY = StaticPool | SingletonThreadPool


@dataclass
class Session:
    """What the session of a connection was told already."""

    dialect: Dialect
    connection: sa.Connection
    _said: list[str] = field(default_factory=list)

    def tell(self, manners: Manners, *, waits: bool) -> None:
        """Say how long it may wait for others, and whether its commits wait for the disk.

        The last commit of a run makes all before it last, so that none of those need wait.
        """
        words = [*settings(self.dialect, manners), *self.dialect.flush_statements(waits=waits)]
        if words == self._said or isinstance(self.connection.engine.pool, LONELY):
            return
        for sql in words:
            if sql not in self._said:
                self.connection.exec_driver_sql(sql)
        self.connection.commit()
        self._said = words

    def end(self) -> None:
        """Let the connection go, for what it was told must not stay behind in the app's pool."""
        if self._said:
            with quietly():
                self.connection.rollback()
                self.connection.invalidate()


def manners_of(loaded: LoadedRevision, manners: Manners) -> Manners:
    """The manners of a run, with what a revision's file says otherwise.

    ``lock_timeout`` and ``statement_timeout``, in seconds, and ``lock_retries`` may stand beside
    ``revision`` in the file.
    """
    module = loaded.module
    return Manners(
        float(getattr(module, "lock_timeout", manners.lock_timeout)),
        getattr(module, "statement_timeout", manners.statement_timeout),
        int(getattr(module, "lock_retries", manners.retries)),
    )
