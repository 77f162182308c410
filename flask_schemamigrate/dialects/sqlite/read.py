"""SQLite's tables as values, from its bulk pragmas and, where they are silent, the stored text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from ...schema import (
    Column,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    key_of,
)
from .asking import Ask
from .index_text import Term, parse_index
from .spelled import actual, default_text, keyed, numbered, type_text
from .tokens import literal, quoted
from .told import told

PLAIN_INDEX = re.compile(
    r'CREATE (UNIQUE )?INDEX ("[^"]+"|\w+) ON ("[^"]+"|\w+) \((\w+(?:, \w+)*)\)$'
)
SHADOWS = {
    "fts3": ("content", "segments", "segdir", "docsize", "stat"),
    "fts4": ("content", "segments", "segdir", "docsize", "stat"),
    "fts5": ("data", "idx", "content", "docsize", "config"),
    "rtree": ("node", "rowid", "parent"),
    "rtree_i32": ("node", "rowid", "parent"),
    "geopoly": ("node", "rowid", "parent"),
}


class Found(NamedTuple):
    """A row of ``sqlite_master``."""

    type: str
    name: str
    table: str
    sql: str


def read(ask: Ask, schemas: Iterable[str | None], tables: Collection[str] | None = None) -> Schema:
    """The schemas as values, with three queries each; only these table keys if any are named."""
    found = [_read_one(ask, schema, tables) for schema in schemas]
    if len(found) == 1:
        return found[0]
    return Schema(
        tables={key: table for item in found for key, table in item.tables.items()},
        views=frozenset().union(*(item.views for item in found)),
        namespaces=frozenset().union(*(item.namespaces for item in found)),
        unmanaged={key: why for item in found for key, why in item.unmanaged.items()},
    )


def _read_one(ask: Ask, schema: str | None, tables: Collection[str] | None) -> Schema:
    master = f"{quoted(schema or 'main')}.sqlite_master"
    names = None if tables is None else _names(schema, tables)
    if names == []:
        return Schema()
    only = "" if names is None else f" WHERE tbl_name COLLATE NOCASE IN ({_listed(names)})"
    rows = ask(f"SELECT type, name, tbl_name, sql, rootpage FROM {master}{only}")
    objects = [Found(row[0], row[1], row[2], row[3] or "") for row in rows]
    unmanaged = dict(_unmanaged(objects, schema))
    texts = {
        item.name: item.sql
        for item in objects
        if item.type == "table"
        and not item.name.startswith("sqlite_")
        and key_of(item.name, schema) not in unmanaged
    }
    those = _those(master, rows, is_all=names is None)
    columns = _columns(ask, those, schema)
    linked = any("references" in text.lower() for text in texts.values())
    keys = _foreign_keys(ask, those, schema) if linked else {}
    indexes = _indexes(objects)
    read_tables = [
        _table(name, schema, text, columns[name], keys.get(name, {}), indexes.get(name, ()))
        for name, text in texts.items()
        if name in columns
    ]
    resolved = _resolved({table.key: table for table in read_tables}, schema)
    return Schema(
        tables=resolved,
        views=frozenset(key_of(item.name, schema) for item in objects if item.type == "view"),
        namespaces=frozenset() if schema is None else frozenset({schema}),
        unmanaged=unmanaged,
    )


def _those(master: str, rows: Iterable[Any], *, is_all: bool) -> str:
    """What gives a query the names of the tables that were found.

    Only a table that stores rows has a root page; a virtual one may need a module we have not.
    """
    if is_all:
        return f"(SELECT name FROM {master} WHERE type = 'table' AND rootpage > 0)"
    # Going through the catalogue again takes longer than naming them.
    stored = [f"({literal(row[1])})" for row in rows if row[0] == "table" and row[4]]
    return f"(SELECT column1 AS name FROM (VALUES {', '.join(stored) or '(NULL)'}))"


def _names(schema: str | None, keys: Collection[str]) -> list[str]:
    """The names of those keys that belong to this schema."""
    prefix = "" if schema is None else f"{schema}."
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(literal, names))


def _unmanaged(objects: Sequence[Found], schema: str | None) -> Iterator[tuple[str, str]]:
    """Virtual tables and the tables they keep their data in, with the reason."""
    for item in objects:
        match = re.match(r"CREATE\s+VIRTUAL\s+TABLE\b.*?\bUSING\s+(\w+)", item.sql, re.I | re.S)
        if item.type == "table" and match:
            yield key_of(item.name, schema), f"a virtual table of {match[1]}"
            for suffix in SHADOWS.get(match[1].lower(), ()):
                yield key_of(f"{item.name}_{suffix}", schema), f"belongs to {item.name}"


def _columns(ask: Ask, those: str, schema: str | None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in ask(
        'SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden '
        f"FROM {those} AS m JOIN pragma_table_xinfo(m.name, {literal(schema or 'main')}) AS x"
    ):
        found[row[0]].append(row)
    return found


def _foreign_keys(ask: Ask, those: str, schema: str | None) -> dict[str, dict[int, list[Any]]]:
    found: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in ask(
        'SELECT m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete '
        f"FROM {those} AS m JOIN pragma_foreign_key_list(m.name, {literal(schema or 'main')}) AS f "
        "ORDER BY m.name, f.id DESC, f.seq"
    ):
        found[row[0]][row[1]].append(row)
    return found


def _indexes(objects: Sequence[Found]) -> dict[str, list[Index]]:
    found: dict[str, list[Index]] = defaultdict(list)
    for item in objects:
        if item.type == "index" and item.sql:
            found[item.table].append(read_index(item.name, item.sql))
    return found


def read_index(name: str, sql: str) -> Index:
    """An index as its text says it is."""
    plain = PLAIN_INDEX.match(sql)
    if plain is not None:
        keys = tuple(IndexKey(column) for column in plain[4].split(", "))
        return Index(name, keys, bool(plain[1]))
    parsed = parse_index(sql)
    return Index(name, tuple(map(_index_key, parsed.terms)), parsed.unique, parsed.where)


def _index_key(term: Term) -> IndexKey:
    return IndexKey(term.column, term.expression, term.order, collation=term.collation)


def _table(
    name: str,
    schema: str | None,
    text: str,
    rows: Sequence[Any],
    keys: dict[int, list[Any]],
    indexes: Iterable[Index],
) -> Table:
    table = Table(
        name=name,
        schema=schema,
        columns={row[1]: _plain_column(*row[1:5]) for row in rows if row[6] != 1},
        primary_key=_plain_key(rows),
        foreign_keys=keyed(_plain_foreign_key(parts, schema) for parts in keys.values()),
        indexes={index.key: index for index in indexes},
    )
    return _indexed(numbered(told(table, text)))


def _indexed(table: Table) -> Table:
    """The table with the columns of its indexes as they are really called."""
    named = [column for index in table.indexes.values() for column in index.columns]
    known = dict(zip(named, actual(named, table), strict=True))
    if all(name == column for name, column in known.items()):
        return table
    indexes = [
        replace(
            index,
            keys=tuple(replace(key, column=key.column and known[key.column]) for key in index.keys),
        )
        for index in table.indexes.values()
    ]
    return replace(table, indexes=keyed(indexes))


@lru_cache(maxsize=4096)
def _type(declared: str) -> Type:
    # Older SQLite takes these words for a part of the type.
    return Type(type_text(re.sub(r"\s*\bgenerated always$", "", declared, flags=re.IGNORECASE)))


@lru_cache(maxsize=4096)
def _plain_column(name: str, declared: str, not_null: int, default: str | None) -> Column:
    """A column as the pragma tells it; the same one in many tables is one value."""
    text = None if default is None else default_text(default)
    return Column(name, _type(declared), not not_null, text)


def _plain_key(rows: Sequence[Any]) -> PrimaryKey | None:
    columns = sorted((row[5], row[1]) for row in rows if row[5])
    return PrimaryKey(tuple(name for _, name in columns)) if columns else None


def _plain_foreign_key(parts: Sequence[Any], schema: str | None) -> ForeignKey:
    _, _, table, _, _, onupdate, ondelete = parts[0]
    return ForeignKey(
        columns=tuple(part[3] for part in parts),
        referent=key_of(table, schema),
        referent_columns=tuple(part[4] for part in parts if part[4] is not None),
        onupdate=None if onupdate == "NO ACTION" else onupdate,
        ondelete=None if ondelete == "NO ACTION" else ondelete,
    )


def _resolved(tables: dict[str, Table], schema: str | None) -> dict[str, Table]:
    """The tables with foreign keys put right that have names in other letters, or no columns."""
    known = {key.lower(): key for key in tables}

    def resolved(key: ForeignKey) -> ForeignKey:
        referent = known.get(key.referent.lower(), key.referent)
        if referent not in tables:
            return key
        primary = tables[referent].primary_key
        columns = key.referent_columns or (primary.columns if primary else ())
        columns = actual(columns, tables[referent])
        if referent == key.referent and columns == key.referent_columns:
            return key
        return replace(key, referent=referent, referent_columns=columns)

    for name, table in tables.items():
        keys = [resolved(key) for key in table.foreign_keys.values()]
        if any(new is not old for new, old in zip(keys, table.foreign_keys.values(), strict=True)):
            tables[name] = replace(table, foreign_keys=keyed(keys))
    return tables
