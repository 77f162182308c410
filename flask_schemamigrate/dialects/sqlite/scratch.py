"""An SQLite database in memory, to try on it what is not yet to be done to the real one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from .asking import Ask
from .tokens import literal, quoted, tokens, words

STATISTICS = frozenset({"sqlite_stat1", "sqlite_stat3", "sqlite_stat4"})
"""The tables that hold what ANALYZE found."""
MISSING = re.compile(r"(?:no such|unknown) (function|collation sequence): (\w+)")


class Scratch:
    """A database in memory. Functions and collations that only the app has are made up."""

    def __init__(self, module: Any) -> None:
        self._module = module

    @cached_property
    def _connection(self) -> Any:
        return self._module.connect(":memory:", isolation_level=None)

    def ask(self, sql: str) -> list[Any]:
        """The rows a query gives."""
        while True:
            try:
                return list(self._connection.execute(sql))
            except Exception as error:
                if not self._made_up(str(error)):
                    raise

    def _made_up(self, complaint: str) -> bool:
        match = MISSING.search(complaint)
        if match is None:
            return False
        if match[1] == "function":
            self._connection.create_function(match[2], -1, _nothing, deterministic=True)
        else:
            self._connection.create_collation(match[2], _compare)
        return True

    def close(self) -> None:
        """Let it go."""
        if "_connection" in vars(self):
            self._connection.close()


def _nothing(*arguments: Any) -> None:
    return None


def _compare(one: str, other: str) -> int:
    return (one > other) - (one < other)


def attach(ask: Ask, schema: str | None) -> None:
    """Make sure there is a schema of that name; a new one is in memory."""
    if not is_attached(ask, schema):
        ask(f"ATTACH ':memory:' AS {quoted(schema or 'main')}")


def is_attached(ask: Ask, schema: str | None) -> bool:
    """Whether the connection knows a schema of that name."""
    if schema is None or schema == "main":
        return True
    return schema.lower() in [row[1].lower() for row in ask("PRAGMA database_list")]


@contextmanager
def scratch(dialect: sa.Dialect) -> Iterator[Scratch]:
    """A database in memory made by the same SQLite library that the app's driver uses."""
    adapted: Any = dialect.dbapi
    module = getattr(adapted, "sqlite", adapted)
    if module is None or not hasattr(module, "connect"):
        import sqlite3 as module
    made = Scratch(module)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Stored:
    """A table's own texts, as ``sqlite_master`` has them."""

    name: str
    schema: str | None
    sql: str
    indexes: Mapping[str, str]
    triggers: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """An entry of ``sqlite_master`` with a text."""

    type: str
    name: str
    table: str
    sql: str


@dataclass(frozen=True)
class Catalogue:
    """One schema of a database, as its ``sqlite_master`` tells."""

    ask: Ask
    schema: str | None

    @property
    def master(self) -> str:
        """The table that holds all the others' texts."""
        return f"{quoted(self.schema or 'main')}.sqlite_master"

    def entries(self, condition: str) -> list[Entry]:
        """The entries with a text for which a condition holds."""
        rows = self.ask(
            f"SELECT type, name, tbl_name, sql FROM {self.master} WHERE sql IS NOT NULL "
            f"AND {condition}"
        )
        return [Entry(*row) for row in rows]

    def exists(self, name: str) -> bool:
        """Whether there is a table of that name."""
        condition = f"type = 'table' AND name = {literal(name)} COLLATE NOCASE"
        return bool(self.ask(f"SELECT 1 FROM {self.master} WHERE {condition}"))

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, generated ones too."""
        place = f"{literal(table)}, {literal(self.schema or 'main')}"
        return [row[0] for row in self.ask(f"SELECT name FROM pragma_table_xinfo({place})")]

    def has_index(self, table: str, name: str) -> bool:
        """Whether a table has an index of that name from CREATE INDEX.

        SQLite has its tables at hand by their names, while ``sqlite_master`` is always read whole.
        """
        place = f"{literal(table)}, {literal(self.schema or 'main')}"
        condition = f"origin = 'c' AND name = {literal(name)} COLLATE NOCASE"
        return bool(self.ask(f"SELECT 1 FROM pragma_index_list({place}) WHERE {condition}"))

    def heeds_foreign_keys(self) -> bool:
        """Whether the connection has foreign keys switched on."""
        return bool(self.ask("PRAGMA foreign_keys")[0][0])

    def stored(self, name: str) -> Stored | None:
        """A table's texts, or ``None`` if there is no such table."""
        found = self.entries(f"tbl_name = {literal(name)} COLLATE NOCASE")
        table = next((item for item in found if item.type == "table"), None)
        if table is None:
            return None
        return Stored(
            table.name,
            self.schema,
            table.sql,
            {item.name: item.sql for item in found if item.type == "index"},
            {item.name: item.sql for item in found if item.type == "trigger"},
        )

    def mentioning(self, name: str) -> list[Entry]:
        """The entries whose text has that name as a word, other than the table's own."""
        likely = self.entries(
            f"instr(lower(sql), lower({literal(name)})) AND "
            f"tbl_name <> {literal(name)} COLLATE NOCASE OR "
            f"sql IS NOT NULL AND type = 'trigger' AND tbl_name = {literal(name)} COLLATE NOCASE"
        )
        return [item for item in likely if name.lower() in words(item.sql) or item.table == name]

    def referenced(self, name: str) -> list[Entry]:
        """The other tables that seem to have foreign keys to this one."""
        return [
            item
            for item in self.mentioning(name)
            if item.type == "table" and "references" in item.sql.lower()
        ]

    def names(self) -> frozenset[str]:
        """All names that are taken, in small letters."""
        return frozenset(row[0].lower() for row in self.ask(f"SELECT name FROM {self.master}"))

    def copied_to(self, scratch: Scratch, entries: Iterable[Entry]) -> None:
        """Create these entries in a scratch database, tables first, and where ANALYZE wrote."""
        attach(scratch.ask, self.schema)
        # Only then may a table have such a name.
        scratch.ask("PRAGMA writable_schema=ON")
        for entry in self.entries(f"name IN ({', '.join(map(literal, sorted(STATISTICS)))})"):
            scratch.ask(placed(entry.sql, self.schema))
        scratch.ask("PRAGMA writable_schema=OFF")
        order = {"table": 0, "index": 1, "view": 2, "trigger": 3}
        for entry in sorted(entries, key=lambda item: order[item.type]):
            scratch.ask(placed(entry.sql, self.schema))

    def around(self, name: str) -> list[Entry]:
        """The table, and what mentions it, with all that this needs in turn."""
        everything = self.entries("name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        by_name = {item.name.lower(): item for item in everything if item.type in ("table", "view")}
        found: dict[tuple[str, str], Entry] = {}
        waiting = [
            item
            for item in everything
            if item.table.lower() == name.lower() or _mentions(item.sql, name)
        ]
        while waiting:
            item = waiting.pop()
            if (item.type, item.name) in found:
                continue
            found[item.type, item.name] = item
            if item.type in ("view", "trigger"):
                needed = words(item.sql) | {item.table.lower()}
                waiting += [by_name[word] for word in needed if word in by_name]
        return [item for item in everything if (item.type, item.name) in found]


def placed(sql: str, schema: str | None) -> str:
    """A stored CREATE text for an object of this schema; stored texts do not name it."""
    if schema is None:
        return sql
    found = tokens(sql)
    at = (
        next(
            place
            for place, item in enumerate(found)
            if item.word in ("TABLE", "INDEX", "TRIGGER", "VIEW")
        )
        + 1
    )
    if found[at].word == "IF":
        at += 3
    if found[at + 1].text == ".":
        return sql
    return f"{sql[: found[at].start]}{quoted(schema)}.{sql[found[at].start :]}"


def _mentions(sql: str, name: str) -> bool:
    return name.lower() in sql.lower() and name.lower() in words(sql)


def events(trigger: str) -> tuple[str, frozenset[str]]:
    """What fires a trigger, INSERT, UPDATE or DELETE, and the columns after UPDATE OF."""
    found = tokens(trigger)
    for place, token in enumerate(found):
        if token.word in ("INSERT", "DELETE"):
            return token.word, frozenset()
        if token.word == "UPDATE":
            end = next(at for at, item in enumerate(found) if item.word == "ON" and at > place)
            columns = " ".join(item.text for item in found[place + 2 : end])
            return "UPDATE", words(columns) if found[place + 1].word == "OF" else frozenset()
    return "INSERT", frozenset()
