"""Scratch databases of PostgreSQL, which copies a database by itself."""

from __future__ import annotations

import sqlalchemy as sa

from .names import sweep
from .server import Server


class PostgreSQL(Server):
    """Makes databases from templates.

    https://www.postgresql.org/docs/current/manage-ag-templatedbs.html
    """

    maintenance = "postgres"

    def create(self, name: str) -> sa.URL:
        """A copy of the server's own template, with what its administrator has put there."""

        def act(connection: sa.Connection) -> None:
            self.sweep_once(lambda: sweep(_names(connection), lambda old: _drop(connection, old)))
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')

        self.run(act)
        return self.at(name)

    def copy(self, of: sa.URL, name: str) -> sa.URL:
        """A copy of another database."""
        sql = f'CREATE DATABASE "{name}" TEMPLATE "{of.database}"'
        self.run(lambda connection: connection.exec_driver_sql(sql) and None)
        return self.at(name)

    def drop(self, url: sa.URL) -> None:
        """Drop it, with sessions that a test has left open."""
        self.run(lambda connection: _drop(connection, str(url.database)))


def _names(connection: sa.Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())


def _drop(connection: sa.Connection, name: str) -> None:
    version = connection.dialect.server_version_info or (0,)
    if version >= (13,):
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    others = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    connection.execute(others, {"name": name})
    connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
