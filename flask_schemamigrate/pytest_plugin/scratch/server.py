"""What databases on a server have in common: somebody has to be connected to make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ...environment import asynchronous
from ...errors.testing import NoScratchDatabase

R = TypeVar("R")


class Server:
    """A server on which a role makes and drops databases, each statement at once."""

    maintenance: str | None = None
    """The database to be connected to meanwhile."""

    def __init__(self, url: sa.URL, label: str) -> None:
        self.url = url
        self.label = label
        self._is_swept = False

    def at(self, name: str | None) -> sa.URL:
        """The URL of a database of the server; ``None`` is the server itself."""
        return self.url._replace(database=name)

    def run(self, act: Callable[[sa.Connection], R], url: sa.URL | None = None) -> R:
        """What a function returns that is given a connection, to the server if not to ``url``.

        Raises `NoScratchDatabase` with the database's own words.
        """
        where = url or self.at(self.maintenance)
        engine = sa.create_engine(where, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")

        def connected() -> R:
            with engine.connect() as connection:
                return act(connection)

        try:
            return asynchronous.run(connected, needed=engine.dialect.is_async)
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            shown = self.url.render_as_string(hide_password=True)
            raise NoScratchDatabase(self.label, shown, said) from error

    def sweep_once(self, sweep: Callable[[], Any]) -> None:
        """Clear away what killed test runs left, the first time a database is made."""
        if not self._is_swept:
            self._is_swept = True
            sweep()
