"""A database as a test sees it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from tests.databases import clients

ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


@dataclass(frozen=True)
class Database:
    """One test's own empty database: which kind it is, and where.

    ``name`` is the kind ("sqlite", "postgresql", "mariadb" or "mysql"); ``url`` opens it with the
    standard library's driver, psycopg 3 or PyMySQL.
    """

    name: str
    url: str
    _closing: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)

    @property
    def async_url(self) -> str:
        """The same database through aiosqlite or asyncpg; MariaDB has no such driver here."""
        url = make_url(self.url).set(drivername=ASYNC_DRIVERS[self.name])
        return url.render_as_string(hide_password=False)

    def engine(self, **options: Any) -> Engine:
        """A new engine, disposed of by itself when the test ends."""
        engine = create_engine(self.url, **options)
        self._closing.callback(engine.dispose)
        return engine

    def execute(self, *statements: str) -> None:
        """Carry out SQL statements and commit them together."""
        with self.engine().begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query answers, as plain tuples."""
        with self.engine().connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def feed(self, script: str) -> str:
        """Run a script through the database's own client program, stopping at its first error.

        Returns what the client printed; raises ``clients.ScriptFailed`` with the client's message
        and ``clients.NoClient`` where the program is not installed.
        """
        return clients.feed(self.name, self.url, script)

    def when_done(self, act: Callable[[], object]) -> None:
        """Have something done when the test ends, before the database goes."""
        self._closing.callback(act)

    def close(self) -> None:
        """Dispose of every engine, in the reverse order of their making."""
        self._closing.close()
