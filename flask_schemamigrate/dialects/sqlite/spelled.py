"""One spelling for what SQLite would let be said in several ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...schema import (
    Column,
    Computed,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
    edits,
)
from .index_text import parse_term
from .tokens import NotUnderstood, tokens, unquoted

COLLATED = re.compile(r"(.*?)\s*\bCOLLATE\s+(\"(?:[^\"]|\"\")+\"|[\w$]+)\s*$", re.I | re.S)
TABLE_OPTIONS = ("autoincrement", "strict", "with_rowid")


@lru_cache(maxsize=4096)
def type_text(declared: str, collation: str = "") -> str:
    """A declared type in capitals and with SQLAlchemy's spaces, then its collation."""
    match = COLLATED.match(declared)
    if match is not None:
        declared, collation = match[1], unquoted(match[2])
    text = " ".join(declared.split()).upper()
    text = re.sub(r"\s*([(,)])\s*", r"\1", text).replace(",", ", ")
    text = re.sub(r"\)(?=\w)", ") ", text)
    if collation and collation.upper() != "BINARY":
        text = f'{text} COLLATE "{collation.upper()}"'.lstrip()
    return text


@lru_cache(maxsize=4096)
def bare_type(text: str) -> tuple[str, str]:
    """A column's type text as the declared type and the collation, which may be empty."""
    match = COLLATED.match(text)
    return (text, "") if match is None else (match[1], unquoted(match[2]))


@lru_cache(maxsize=4096)
def default_text(default: str) -> str | None:
    """A default without the parentheses around it; DEFAULT NULL is no default at all."""
    text = default.strip()
    while encloses(text):
        text = text[1:-1].strip()
    return None if text.upper() == "NULL" else text


def encloses(text: str) -> bool:
    """Whether the text's first parenthesis is closed by its last character."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for token in tokens(text):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return token.end == len(text)
    return False


def is_constant(default: str) -> bool:
    """Whether a default is one literal, with which ADD COLUMN can fill rows that exist."""
    found = tokens(default)
    if found and found[0].text in ("+", "-"):
        found = found[1:]
    if len(found) != 1 or found[0].word.startswith("CURRENT_"):
        return False
    return found[0].kind != "sign"


def is_rowid(table: Table, name: str) -> bool:
    """Whether a column is another name for the rowid, which SQLite numbers by itself.

    https://www.sqlite.org/lang_createtable.html#rowid
    """
    key = table.primary_key
    return (
        key is not None
        and key.columns == (name,)
        and table.columns[name].type.text == "INTEGER"
        and table.options.get("with_rowid", True) is not False
        and not key.options.get("descending")
    )


def spelled_schema(wanted: Schema) -> Schema:
    """The schema with every table spelled as reading it would spell it; without named types."""
    return replace(
        wanted,
        tables={key: spelled_table(table) for key, table in wanted.tables.items()},
        enums={},
        domains={},
        sequences={},
    )


def spelled_table(table: Table) -> Table:
    """The table as reading it would spell it."""
    table = _without_idle_numbers(table)
    columns = {name: _column(column) for name, column in table.columns.items()}
    options = {
        name: value
        for name in TABLE_OPTIONS
        if (value := table.options.get(name)) is not None
        and bool(value) is not (name == "with_rowid")
    }
    key = _primary_key(table)
    spelled = replace(
        table,
        columns=columns,
        primary_key=key,
        uniques=keyed(_unique(item, table) for item in table.uniques.values()),
        foreign_keys=keyed(
            _foreign_key(item, table)
            for item in table.foreign_keys.values()
            if _schema_of(item.referent) == table.schema
        ),
        checks=keyed(
            replace(item, condition=item.condition.strip(), validated=True)
            for item in table.checks.values()
        ),
        indexes=keyed(_index(item, columns) for item in table.indexes.values()),
        comment=None,
        options=options,
    )
    return numbered(spelled)


def _without_idle_numbers(table: Table) -> Table:
    """The table without AUTOINCREMENT where its key is no rowid; SQLAlchemy writes none then."""
    key = table.primary_key
    if not table.options.get("autoincrement") or (key and is_rowid(table, key.columns[0])):
        return table
    return replace(table, options=edits.without(table.options, "autoincrement"))


def numbered(table: Table) -> Table:
    """The table with ``autoincrement`` on the column that is the rowid, and on no other."""
    key = table.primary_key
    rowid = key.columns[0] if key and is_rowid(table, key.columns[0]) else None
    changes = {
        name: replace(
            column,
            autoincrement=name == rowid,
            nullable=column.nullable and name != rowid,
            identity=None,
        )
        for name, column in table.columns.items()
        if name == rowid or column.autoincrement or column.identity
    }
    if key is not None and table.options.get("with_rowid") is False:
        # https://www.sqlite.org/withoutrowid.html: NOT NULL is enforced on every key column.
        for name in key.columns:
            changes[name] = replace(changes.get(name, table.columns[name]), nullable=False)
    return replace(table, columns={**table.columns, **changes}) if changes else table


def _column(column: Column) -> Column:
    text = type_text(column.type.text)
    special = column.default or column.computed or column.comment or column.options
    if not special and text == column.type.text and column.type.enum is None:
        return column
    computed = column.computed
    conflict = column.options.get("on_conflict_not_null")
    return replace(
        column,
        type=Type(text, column.type.python),
        default=None if computed or column.default is None else default_text(column.default),
        computed=computed and Computed(computed.expression.strip(), bool(computed.stored)),
        comment=None,
        options={"on_conflict_not_null": conflict.upper()}
        if conflict and not column.nullable
        else {},
    )


def _primary_key(table: Table) -> PrimaryKey | None:
    key = table.primary_key
    if key is None:
        return None
    # SQLAlchemy writes the key inside the column when it asks for AUTOINCREMENT; no name then.
    name = None if table.options.get("autoincrement") else key.name
    options = _conflict(key, table, "on_conflict_primary_key")
    if key.options.get("descending"):
        options = {**options, "descending": True}
    return PrimaryKey(key.columns, name, options)


def _unique(unique: Unique, table: Table) -> Unique:
    # SQLite has no UNIQUE that could be deferred.
    options = _conflict(unique, table, "on_conflict_unique")
    return Unique(unique.columns, unique.name, options=options)


def _conflict(constraint: Any, table: Table, of_column: str) -> Mapping[str, Any]:
    """The ON CONFLICT of a key, which a column may say for it, and its terms."""
    words = constraint.options.get("on_conflict")
    if words is None and len(constraint.columns) == 1 and constraint.columns[0] in table.columns:
        words = table.columns[constraint.columns[0]].options.get(of_column)
    options = {"on_conflict": words.upper()} if words else {}
    terms = constraint.options.get("terms")
    return {**options, "terms": terms} if terms else options


def actual(names: Iterable[str], table: Table) -> tuple[str, ...]:
    """Column names as the columns have them; a key or an index may write them in other letters."""
    known = {name.lower(): name for name in table.columns}
    return tuple(known.get(name.lower(), name) for name in names)


def _foreign_key(key: ForeignKey, table: Table) -> ForeignKey:
    if key.referent.lower() == table.key.lower():
        columns = actual(key.referent_columns, table)
        key = replace(key, referent=table.key, referent_columns=columns)
    said = key.ondelete or key.onupdate or key.initially or key.options
    if key.validated and not said:
        return key
    return replace(
        key,
        ondelete=_action(key.ondelete),
        onupdate=_action(key.onupdate),
        initially=key.initially if key.deferrable else None,
        validated=True,
        options={},
    )


def _action(action: str | None) -> str | None:
    return None if action is None or action.upper() == "NO ACTION" else action.upper()


def _index(index: Index, columns: Mapping[str, Column]) -> Index:
    keys = tuple(spelled_key(key, columns) for key in index.keys)
    where = None if index.where is None else index.where.strip()
    return Index(index.name, keys, index.unique, where)


def spelled_key(key: IndexKey, columns: Mapping[str, Column]) -> IndexKey:
    """A key of an index, taken apart where it is written as an expression."""
    if key.column is not None:
        plain = not key.operator_class and key.length is None
        return key if plain else replace(key, operator_class="", length=None)
    try:
        term = parse_term(key.expression or "")
    except NotUnderstood:
        return key
    column = next(
        (name for name in columns if term.column and name.lower() == term.column.lower()), None
    )
    return IndexKey(
        column=column,
        expression=None if column else term.expression or key.expression,
        order=key.order.replace("ASC", "").strip() or term.order,
        collation=key.collation or term.collation,
    )


def _schema_of(key: str) -> str | None:
    return key.rpartition(".")[0] or None


def keyed(items: Iterable[Any]) -> dict[str, Any]:
    """Constraints or indexes by their keys."""
    return {item.key: item for item in items}
