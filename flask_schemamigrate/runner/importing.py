"""What ``op`` answers while the file of a revision is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ..operations import NoSink
from .context import MigrationContext


class Importing(NoSink):
    """Lets a file's own level ask for the connection and the context; it cannot do anything yet.

    ``was_asked`` says that the file has the connection, and may use it past ``op`` later.
    """

    def __init__(
        self,
        dialect: sa.Dialect,
        connection: sa.Connection | None,
        opts: Mapping[str, Any],
    ) -> None:
        self._connection = connection
        self.was_asked = False
        self._context = MigrationContext(
            self, dialect=dialect, as_sql=connection is None, opts=opts
        )

    @property
    def context(self) -> MigrationContext:
        return self._context

    def bind(self) -> sa.Connection:
        if self._connection is None:
            return super().bind()
        self.was_asked = True
        return self._connection

    def outside_transaction(self) -> Any:
        """Not while a file is imported. Raises `NotMigrating`."""
        return super().bind()
