"""A database to compare and to migrate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate import dialects
from flask_schemamigrate.autogenerate import (
    Answers,
    Difference,
    Options,
    Resolved,
    Source,
    compare,
    refuse_unknown,
    refuse_unused,
    render,
    resolve,
)
from flask_schemamigrate.dialects.base import Dialect
from flask_schemamigrate.dialects.statement import BeginUnguarded
from flask_schemamigrate.operations import bound, op
from flask_schemamigrate.schema import Schema
from tests.autogenerate.sink import CarryingOut
from tests.databases.servers import MARIADB_AND_MYSQL

OWNED = Options(owned=lambda key: True)


@dataclass
class Room:
    """One database, and what can be done with it in a test."""

    kind: str
    engine: sa.Engine
    options: Options = OWNED
    convention: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[tuple[Dialect, sa.Connection]]:
        """A connection, with what speaks its SQL; nothing is left open."""
        with self.engine.connect() as connection:
            yield dialects.for_engine(self.engine), connection

    def read(self, *schemas: str) -> Schema:
        """The database as it is."""
        with self.open() as (dialect, connection):
            return dialect.read(connection, schemas=(None, *schemas))

    def compared(self, *metadatas: sa.MetaData, **options: Any) -> Difference:
        """How models and database differ."""
        with self.open() as (dialect, connection):
            chosen = Options(**{**vars(self.options), **options})
            return compare(dialect, connection, metadatas, options=chosen)

    def resolved(self, metadata: sa.MetaData, answers: Answers | None = None) -> Resolved:
        """What is to be done to reach the models."""
        difference = self.compared(metadata)
        given = answers or Answers()
        refuse_unknown(given, [difference])
        with self.open() as (dialect, _):
            resolved = resolve(difference, given, dialect=dialect, options=self.options)
        refuse_unused(given, [resolved.decisions])
        return resolved

    def written(self, resolved: Resolved) -> Source:
        """The source of what was resolved."""
        with self.open() as (dialect, _):
            return render(resolved, dialect, options=self.options)

    def run(self, lines: list[str], imports: tuple[str, ...] = ()) -> None:
        """Carry out source as a revision would be."""
        code = compile("\n".join(lines), "<revision>", "exec")
        names: dict[str, Any] = {}
        exec("\n".join(imports), names)
        names["op"] = op
        try:
            self._run(code, names, unguarded=False)
        except BeginUnguarded:
            self._run(code, names, unguarded=True)

    def _run(self, code: Any, names: dict[str, Any], *, unguarded: bool) -> None:
        with (
            self.open() as (dialect, connection),
            dialect.transaction(connection, unguarded=unguarded),
        ):
            sink = CarryingOut(dialect, connection, self.convention)
            with bound(sink):
                exec(code, names)
                sink.finish()

    def reach(self, metadata: sa.MetaData, answers: Answers | None = None) -> Source:
        """Migrate the database to the models; returns what was written for it."""
        source = self.written(self.resolved(metadata, answers))
        self.run(source.upgrade, source.imports)
        return source

    def execute(self, *statements: str) -> None:
        """Carry out SQL."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query answers."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def clear(self) -> None:
        """Drop everything."""
        if self.kind == "postgresql":
            names = [name for (name,) in self.rows(SCHEMAS)]
            drops = [f'DROP SCHEMA "{name}" CASCADE' for name in names]
            self.execute(*drops, "CREATE SCHEMA public")
        elif self.kind in MARIADB_AND_MYSQL:
            found = self.rows(TABLES)
            drops = [f"DROP {kind} `{name}`" for kind, name in found]
            self.execute("SET foreign_key_checks = 0", *drops, "SET foreign_key_checks = 1")
        else:
            found = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            drops = [f'DROP TABLE "{name}"' for (name,) in found if not name.startswith("sqlite_")]
            self.execute("PRAGMA foreign_keys = OFF", *drops)


SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'"
TABLES = (
    "SELECT IF(table_type = 'VIEW', 'VIEW', IF(table_type = 'SEQUENCE', 'SEQUENCE', 'TABLE')), "
    "table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
)
