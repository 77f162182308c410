"""A database of each kind in which the same tables stand in two schemas, with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.base import Dialect
from flask_schemamigrate.schema import Known, Schema
from tests.databases import temporary
from tests.dialects.sink import TestSink, revised_by

TABLES = """
CREATE TABLE {s}owner (id INTEGER NOT NULL PRIMARY KEY, code VARCHAR(20) NOT NULL);
CREATE TABLE {s}bare (a INTEGER NOT NULL, b INTEGER NOT NULL);
CREATE TABLE {s}pet (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(20) DEFAULT 'x' NOT NULL,
    age INTEGER,
    note TEXT,
    owner_id INTEGER,
    CONSTRAINT uq_name UNIQUE (name),
    CONSTRAINT ck_age CHECK (age < 100),
    CONSTRAINT fk_owner FOREIGN KEY (owner_id) REFERENCES {r}owner (id)
);
CREATE INDEX {i}ix_age ON {p}pet (age);
INSERT INTO {s}owner (id, code) VALUES (1, 'ann'), (2, 'bob');
INSERT INTO {s}bare (a, b) VALUES (1, 5), (2, 6);
INSERT INTO {s}pet (id, name, age, note, owner_id)
    VALUES (1, 'tom', 3, 'it''s \\ 100% :x', 1), (7, 'kim', NULL, NULL, 2)
"""
TYPES = """
CREATE TYPE {s}mood AS ENUM ('happy', 'sad');
CREATE SEQUENCE {s}numbers START WITH 5;
CREATE DOMAIN {s}positive AS INTEGER CONSTRAINT is_positive CHECK (VALUE > 0)
"""
Rows = dict[str, list[dict[str, Any]]]


class KnowingAll(TestSink):
    """A sink that knows what stands beside the tables when it makes reverses."""

    def __init__(self, dialect: Dialect, connection: sa.Connection, other: str) -> None:
        super().__init__(dialect, connection)
        self._live = connection
        self._schemas = (None, other)

    def before(self) -> Known:
        return self.dialect.read(self._live, schemas=self._schemas)


class Stage:
    """A database with its two schemas; made anew whenever a case did not clear up."""

    def __init__(self, kind: str, engine: sa.Engine, other: str) -> None:
        self.kind = kind
        self.engine = engine
        self.other = other
        self.is_clean = False

    def ready(self) -> None:
        """Make the tables, unless they are as they were made."""
        if not self.is_clean:
            self._cleared()
            with self.engine.begin() as connection:
                for statement in self._statements():
                    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        self.is_clean = False

    def _cleared(self) -> None:
        with self.engine.begin() as connection:
            if self.kind == "postgresql":
                for name in ("public", "other", "other_third"):
                    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
                connection.exec_driver_sql("CREATE SCHEMA other")
                return
            dialect = for_engine(self.engine)
            found = dialect.read(connection, schemas=(None, self.other))
            setting = "SET foreign_key_checks" if self.kind == "mariadb" else "PRAGMA foreign_keys"
            connection.exec_driver_sql(f"{setting} = 0")
            if self.kind == "mariadb":
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {self.other}_third")
            for kind, items in (("TABLE", found.tables), ("SEQUENCE", found.sequences)):
                for item in items.values():
                    place = dialect.place(item.name, item.schema)
                    connection.exec_driver_sql(f"DROP {kind} {place}")
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"{setting} = 1")

    def _statements(self) -> Iterator[str]:
        for schema in ("", f"{self.other}."):
            inside = "" if self.kind == "sqlite" else schema
            names = {"s": schema, "r": inside, "p": inside}
            names["i"] = schema if self.kind == "sqlite" else ""
            script = TABLES.format(**names)
            if self.kind == "postgresql":
                script += ";" + TYPES.format(**names)
            if self.kind == "mariadb":
                script = script.replace("\\", "\\\\")
            yield from script.split(";\n")

    # -- what is there

    def read(self) -> Schema:
        """Both schemas."""
        with self.engine.connect() as connection:
            return for_engine(self.engine).read(connection, schemas=(None, self.other))

    def rows(self, schema: Schema) -> Rows:
        """The rows of its tables."""
        quoted = for_engine(self.engine).place
        with self.engine.connect() as connection:
            return {
                key.replace(self.other, "other"): [
                    dict(row)
                    for row in connection.exec_driver_sql(
                        f"SELECT * FROM {quoted(table.name, table.schema)} ORDER BY 1"
                    ).mappings()
                ]
                for key, table in schema.tables.items()
            }

    # -- what is done

    def revision(self, say: Callable[[Any], object]) -> TestSink:
        """Let a revision say its operations to ``op``, and commit."""
        dialect = for_engine(self.engine)
        return revised_by(
            self.engine, say, lambda connection: KnowingAll(dialect, connection, self.other)
        )


def brief(statements: list[str], other: str) -> list[str]:
    """The statements, with SQLite's copy of a table, or edit of its text, as one line."""
    found: list[str] = []
    copying = ""
    for statement in statements:
        text = statement.replace(other, "other") if other else statement
        if text.startswith("CREATE TABLE") and '_copy" (' in text.split("\n")[0]:
            copying = text.split('"_')[1].split("_copy")[0]
            found.append(f"COPY {'other.' if 'other' in text[:22] else ''}{copying}")
        elif copying:
            copying = "" if text == "PRAGMA legacy_alter_table=OFF" else copying
        elif text.startswith("UPDATE") and "sqlite_master SET sql" in text:
            schema = "other." if '"other"' in text[:20] else ""
            found.append(f"EDIT {schema}{text.rpartition('name = ')[2].strip(chr(39))}")
        else:
            found.append(text)
    return found


@contextmanager
def stage(kind: str, url: str, folder: Path) -> Iterator[Stage]:
    """A stage on the server at ``url``, or in a folder."""
    if kind == "sqlite":
        engine = sa.create_engine(f"sqlite:///{folder}/stage.db")

        @sa.event.listens_for(engine, "connect")
        def attach(connection: Any, record: object) -> None:
            connection.execute(f"ATTACH '{folder}/other.db' AS other")
            connection.execute("PRAGMA foreign_keys=ON")

        yield Stage(kind, engine, "other")
        engine.dispose()
        return
    made = [temporary.create(url) for _ in range(1 if kind == "postgresql" else 2)]
    engine = sa.create_engine(made[0])
    names = [sa.make_url(item).database or "" for item in made]
    yield Stage(kind, engine, "other" if kind == "postgresql" else names[1])
    engine.dispose()
    for name in [*names, f"{names[-1]}_third"]:
        temporary.drop(url, name)
