"""What the fixture ``migrations`` gives: a database that moves from revision to revision."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask

from ..commands import looking, migrating, running
from ..commands.carrying import Carried
from ..commands.databases import Database
from ..dialects.base import Dialect
from ..environment import Environment
from ..errors.testing import NoSuchTable
from ..revisions import Graph
from ..schema import Schema, Table, key_of
from . import tables
from .copies import Stage
from .reading import read
from .rows import Filled, fill

R = TypeVar("R")
Given = Mapping[str, Mapping[str, Any]]


class Migrations:
    """The app's databases, empty at first; every bind moves along.

    ::

        def test_names_are_kept(migrations):
            migrations.upgrade("ab12")
            migrations.table("user").insert(name="Ann")
            migrations.upgrade("cd34")
            assert migrations.table("user").rows() == [{"id": 1, "full_name": "Ann"}]
    """

    def __init__(self, stage: Stage, given: Given) -> None:
        self._stage = stage
        self._given = given

    @property
    def app(self) -> Flask:
        """The app, whose own sessions lead to the same databases."""
        return self._stage.app

    @property
    def environment(self) -> Environment:
        """What the functions of `flask_schemamigrate.commands` take; within the app's context."""
        return self._stage.environment

    @property
    def graph(self) -> Graph:
        """The revisions of the files."""
        return self.environment.graph()

    @property
    def current(self) -> tuple[str, ...]:
        """The revisions that the default database, or the only one, is at."""
        with self.app.app_context():
            return next(iter(looking.current(self.environment))).revisions

    def upgrade(self, *revisions: str) -> list[str]:
        """Carry out what is pending up to a revision (default: head); the ids of what was."""
        with self.app.app_context():
            done = list(running.upgrade(self.environment, *revisions))
        return _ids(done)

    def downgrade(self, revision: str = "-1") -> list[str]:
        """Take revisions back down to this one; the ids of those that were."""
        with self.app.app_context():
            done = list(running.downgrade(self.environment, revision))
        return _ids(done)

    def differences(self) -> list[str]:
        """How the models differ from the databases, a line for each change; heads are needed."""
        with self.app.app_context():
            changes = migrating.check(self.environment)
        several = len(self.databases) > 1
        return [
            f"[{change.label}] {line}" if several else line
            for change in changes
            for line in change.lines
        ]

    @property
    def databases(self) -> list[str | None]:
        """The binds, one for each database; ``None`` is the default one."""
        with self.app.app_context():
            return [each.bind.name for each in self._stage.databases]

    def dialect(self, bind: str | None = None) -> Dialect:
        """What speaks the database's SQL."""
        return self._on(bind, lambda database, connection: database.dialect)

    def table(self, name: str, *, bind: str | None = None, schema: str | None = None) -> Rows:
        """A table as it is now. Raises `NoSuchTable`."""

        def find(database: Database, connection: sa.Connection) -> Rows:
            found = read(database, connection)
            table = found.table(name, schema)
            if table is None:
                raise NoSuchTable(key_of(name, schema), list(found.tables), self.current)
            clause = tables.clause(database.dialect, found, table)
            return Rows(table, clause, database.bind.name, self)

        return self._on(bind, find)

    def execute(
        self, sql: Any, parameters: Any = None, *, bind: str | None = None
    ) -> list[dict[str, Any]]:
        """Carry out SQL, text or an expression, and commit it; the rows, if it gives any."""
        statement = sa.text(sql) if isinstance(sql, str) else sql

        def act(database: Database, connection: sa.Connection) -> list[dict[str, Any]]:
            with warnings.catch_warnings():
                # SQLite has no decimal numbers, which is not the test's affair.
                warnings.simplefilter("ignore", sa.exc.SAWarning)
                result = connection.execute(statement, parameters)
                found = [dict(row) for row in result.mappings()] if result.returns_rows else []
            connection.commit()
            return found

        return self._on(bind, act)

    def schema(self, bind: str | None = None) -> Schema:
        """What the database holds, without the tables that remember what was applied."""
        return self._on(bind, read)

    def fill(self, bind: str | None = None) -> Filled:
        """Put a made-up row into each table that has none."""
        given = self._given
        return self._on(bind, lambda database, connection: fill(database, connection, given))

    def _on(self, bind: str | None, act: Callable[[Database, sa.Connection], R]) -> R:
        """What a function returns that is given a database and a connection to it."""

        def connected() -> R:
            database = self._stage.database(bind)
            with database.connect() as connection:
                return act(database, connection)

        with self.app.app_context():
            return self.environment.run(connected)


@dataclass(frozen=True)
class Rows:
    """The rows of a table, with the columns it has at this revision."""

    table: Table
    clause: sa.TableClause
    bind: str | None
    _migrations: Migrations

    def insert(self, *rows: Mapping[str, Any], **values: Any) -> None:
        """Insert rows, or the one that is given by keywords; what is left out is the database's."""
        for row in (*rows, *([values] if values or not rows else [])):
            self._migrations.execute(sa.insert(self.clause).values(**row), bind=self.bind)

    def rows(self, **where: Any) -> list[dict[str, Any]]:
        """The rows with these values, all if none are given, in the order of the primary key."""
        columns = self.clause.c
        key = self.table.primary_key.columns if self.table.primary_key else ()
        query = sa.select(self.clause).order_by(*(columns[name] for name in key))
        for name, value in where.items():
            query = query.where(columns[name] == value)
        return self._migrations.execute(query, bind=self.bind)

    def row(self, **where: Any) -> dict[str, Any]:
        """The one row with these values; an `AssertionError` if there are more or none."""
        found = self.rows(**where)
        assert len(found) == 1, f"{self.table.key} has {len(found)} rows with {where}, not one"
        return found[0]


def _ids(done: list[running.Result]) -> list[str]:
    return [each.revision for each in done if isinstance(each, Carried)]
