"""Scratch databases of MariaDB and MySQL, copied table by table."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ...dialects.asking import asked
from .names import sweep
from .server import Server


class MySQL(Server):
    """Makes databases; a copy is made of the statements that the server itself gives."""

    def create(self, name: str) -> sa.URL:
        """An empty database, with the characters and the collation of the app's own."""
        options = self.run(self._options)

        def act(connection: sa.Connection) -> None:
            self.sweep_once(lambda: sweep(_names(connection), lambda old: _drop(connection, old)))
            connection.exec_driver_sql(f"CREATE DATABASE `{name}` {options}")

        self.run(act)
        return self.at(name)

    def copy(self, of: sa.URL, name: str) -> sa.URL:
        """A database with the other's tables, rows, views and triggers."""
        url = self.create(name)
        self.run(lambda connection: copy(connection, str(of.database), name), url)
        return url

    def drop(self, url: sa.URL) -> None:
        """Drop it, after ending the sessions that a test has left open."""
        self.run(lambda connection: _drop(connection, str(url.database)))

    def _options(self, connection: sa.Connection) -> str:
        """How the app's own database sorts and spells, if it is there."""
        query = sa.text(
            "SELECT default_character_set_name, default_collation_name "
            "FROM information_schema.schemata WHERE schema_name = :name"
        )
        found = connection.execute(query, {"name": self.url.database or ""}).first()
        return "" if found is None else f"CHARACTER SET {found[0]} COLLATE {found[1]}"


def copy(connection: sa.Connection, of: str, to: str) -> None:
    """Copy what is in one database to another, to which the connection is."""
    for setting in ("foreign_key_checks = 0", "unique_checks = 0"):
        connection.exec_driver_sql(f"SET SESSION {setting}")
    kinds = _rows(
        connection,
        "SELECT table_name, table_type FROM information_schema.tables "
        f"WHERE table_schema = '{of}' ORDER BY table_name",
    )
    for name, kind in kinds:
        if kind == "SEQUENCE":
            _sequence(connection, of, name)
        elif kind != "VIEW":
            _remade(connection, "TABLE", of, name)
    connection.exec_driver_sql(f"SET SESSION sql_mode = '{_MODE}'")
    stored = _stored_columns(connection, of)
    for name, kind in kinds:
        columns = stored.get(name)
        if kind not in ("VIEW", "SEQUENCE") and columns:
            connection.exec_driver_sql(
                f"INSERT INTO `{to}`.`{name}` ({columns}) SELECT {columns} FROM `{of}`.`{name}`"
            )
    _views(connection, of, to, [name for name, kind in kinds if kind == "VIEW"])
    triggers = f"WHERE trigger_schema = '{of}' ORDER BY event_object_table, action_order"
    for (name,) in _rows(
        connection, f"SELECT trigger_name FROM information_schema.triggers {triggers}"
    ):
        _remade(connection, "TRIGGER", of, name)
    _routines(connection, of)


# A zero in a numbered column is a zero there too.
_MODE = "NO_AUTO_VALUE_ON_ZERO"


def _routines(connection: sa.Connection, of: str) -> None:
    routines = "FROM information_schema.routines"
    for kind, name in _rows(
        connection, f"SELECT routine_type, routine_name {routines} WHERE routine_schema = '{of}'"
    ):
        _remade(connection, kind, of, name)


def _views(connection: sa.Connection, of: str, to: str, names: list[str]) -> None:
    """The views, those first that the others are made of."""
    waiting = names
    while waiting:
        later = []
        for name in waiting:
            try:
                _remade(connection, "VIEW", of, name, to)
            except DBAPIError as error:
                later.append(name)
                failed = error
        if later == waiting:
            raise failed
        waiting = later


def _sequence(connection: sa.Connection, of: str, name: str) -> None:
    """A sequence of MariaDB, at the number where the other one is."""
    _remade(connection, "SEQUENCE", of, name)
    ((number,),) = _rows(connection, f"SELECT next_not_cached_value FROM `{of}`.`{name}`")
    connection.exec_driver_sql(f"ALTER SEQUENCE `{name}` RESTART WITH {number}")


def _stored_columns(connection: sa.Connection, of: str) -> dict[str, str]:
    """The columns of each table that take values, separated by commas."""
    found: dict[str, list[str]] = {}
    for table, column, extra in _rows(
        connection,
        "SELECT table_name, column_name, extra FROM information_schema.columns "
        f"WHERE table_schema = '{of}' ORDER BY table_name, ordinal_position",
    ):
        if not re.search(
            r"\b(VIRTUAL|STORED|PERSISTENT) GENERATED|\b(VIRTUAL|PERSISTENT)\b", extra
        ):
            found.setdefault(table, []).append(f"`{column}`")
    return {table: ", ".join(columns) for table, columns in found.items()}


def _remade(
    connection: sa.Connection, kind: str, of: str, name: str, to: str | None = None
) -> None:
    """Carry out the statement that made something; it belongs to whoever does so.

    What has code in it keeps the mode in which that was written. In a view the database is said
    with each table, hence ``to``.
    """
    query = f"SHOW CREATE {kind} `{of}`.`{name}`"
    row = connection.exec_driver_sql(query).mappings().one()
    text = next(
        str(value)
        for key, value in row.items()
        if key.startswith("Create ") or key == "SQL Original Statement"
    )
    text = re.sub(r"DEFINER=`[^`]*`@`[^`]*` ", "", text, count=1)
    if to is not None:
        text = text.replace(f"`{of}`.", f"`{to}`.")
    mode = sa.text("SET SESSION sql_mode = :mode")
    connection.execute(mode, {"mode": row.get("sql_mode", _MODE)})
    asked(connection, text)


def _rows(connection: sa.Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def _names(connection: sa.Connection) -> list[str]:
    return list(connection.exec_driver_sql("SHOW DATABASES").scalars())


def _drop(connection: sa.Connection, name: str) -> None:
    # DROP DATABASE would wait for the metadata locks of a transaction that is still open.
    sessions = sa.text("SELECT id FROM information_schema.processlist WHERE db = :name")
    for (session,) in connection.execute(sessions, {"name": name}).all():
        with suppress(DBAPIError):
            connection.exec_driver_sql(f"KILL {session:d}")
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS `{name}`")
