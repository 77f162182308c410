"""The models' schema in PostgreSQL's own words, as far as that can be told without asking it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...schema import (
    Check,
    Column,
    Computed,
    Constraint,
    Domain,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    edits,
)
from ...schema.sharing import once_each
from .index_keys import parted
from .sequences import Rule
from .types import INTEGERS, STRINGS, bare_cast, spelled_type, words

QUOTED = re.compile(r"'(?:[^'\\]|'')*'$")
DIGITS = re.compile(r"\d+$")
NEGATIVE = re.compile(r"-\d+$")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?$")
DECIMAL = re.compile(r"\d+\.\d+$")
SHORT = re.compile(r"-?(0|[1-9]\d{0,5})(\.\d{0,5}[1-9])?$")
JOINED = re.compile(r"\s+AND\s+", re.IGNORECASE)
COMPARISON = re.compile(r"\s*([a-z_][a-z0-9_]*)\s*(=|<>|!=|<=|>=|<|>)\s*(0|[1-9]\d{0,8})\s*")
TRUTH = {"true": "true", "t": "true", "1": "true", "false": "false", "f": "false", "0": "false"}


class Spelled:
    """Spells each part of a schema, remembering the types it has met."""

    def __init__(self, *, virtual: bool, stores_by_default: bool) -> None:
        self.virtual = virtual
        self.stores_by_default = stores_by_default
        self._shared = once_each(self.column)
        self._types: dict[str, str] = {}

    def schema(self, wanted: Schema) -> Schema:
        """The schema with all its tables, domains and sequences spelled."""
        return replace(
            wanted,
            tables={key: self.table(table) for key, table in wanted.tables.items()},
            domains={key: self.domain(item) for key, item in wanted.domains.items()},
            sequences={key: Rule().unsaid(item) for key, item in wanted.sequences.items()},
        )

    def table(self, table: Table) -> Table:
        """A table with its columns, keys, indexes and options spelled."""
        columns = {name: self._shared(item) for name, item in table.columns.items()}
        return replace(
            table,
            columns=columns,
            primary_key=primary_key(table.primary_key),
            uniques=mapped(table.uniques, deferring),
            foreign_keys=mapped(table.foreign_keys, foreign_key),
            checks=mapped(table.checks, lambda item: check(item, columns)),
            indexes=mapped(table.indexes, index),
            excludes=mapped(table.excludes, deferring),
            options=table_options(table.options),
        )

    def column(self, column: Column) -> Column:
        """A column with its type, default and way of being generated spelled."""
        type_ = self.type(column.type)
        identity = column.identity
        automatic = column.autoincrement and identity is None and type_.text in INTEGERS
        return Column(
            name=column.name,
            type=type_,
            nullable=column.nullable and identity is None,
            default=None if column.default is None else default(column.default, type_),
            computed=None if column.computed is None else self.computed(column.computed),
            identity=None if identity is None else Rule(type_.text).unsaid(identity),
            autoincrement=automatic,
            comment=column.comment or None,
            kept=column.kept,
        )

    def type(self, type_: Type) -> Type:
        """A type by the name that PostgreSQL has for it."""
        text = self._types.get(type_.text)
        if text is None:
            text = self._types[type_.text] = spelled_type(type_.text)
        return type_ if text == type_.text else Type(text, type_.python, type_.enum)

    def computed(self, computed: Computed) -> Computed:
        """A generated column that says whether it is stored; up to 17 all are."""
        stored = self.stores_by_default if computed.stored is None else computed.stored
        return replace(computed, stored=stored or not self.virtual)

    def domain(self, domain: Domain) -> Domain:
        """A domain with its base type and default spelled."""
        type_ = self.type(domain.type)
        text = None if domain.default is None else default(domain.default, type_)
        return replace(domain, type=type_, default=text)


def default(text: str, type_: Type) -> str | None:
    """A default as pg_get_expr gives it back, where that is simple; else as it is."""
    parts = words(type_.text)
    if text.upper() == "NULL":
        return None
    if text.upper() == "CURRENT_TIMESTAMP":
        return "now()"
    if parts.array:
        return f"{text}::{bare_cast(type_.text)}" if text == "'{}'" else text
    inner = text[1:-1].replace("''", "'") if QUOTED.match(text) else None
    if parts.name == "boolean":
        return TRUTH.get((inner or text).lower(), text)
    if parts.name in INTEGERS:
        return whole_number(text, inner, parts.name)
    quoted_as_it_is = parts.name in STRINGS - {"character"} or type_.enum or parts.name == "json"
    if inner is not None and quoted_as_it_is:
        return f"{text}::{bare_cast(type_.text)}"
    if inner in ("{}", "[]") and parts.name == "jsonb":
        return f"{text}::jsonb"
    if inner is not None and parts.name == "numeric" and NUMBER.match(inner):
        return inner if DECIMAL.match(inner) else f"'{inner}'::numeric"
    if inner is not None and parts.name in ("real", "double precision") and SHORT.match(inner):
        return f"{text}::{parts.name}"
    return text


def whole_number(text: str, inner: str | None, name: str) -> str:
    """A whole number, written with or without quotes, as PostgreSQL writes it back."""
    if inner is None:
        return f"'{text}'::integer" if NEGATIVE.match(text) else text
    if DIGITS.match(inner) and name == "integer":
        return str(int(inner))
    if DIGITS.match(inner) or NEGATIVE.match(inner):
        return f"'{int(inner)}'::{name}"
    return text


def deferring(item: Any) -> Any:
    """A constraint that says INITIALLY only where it is not what goes without saying."""
    if item.initially is None:
        return item
    deferred = item.initially == "DEFERRED"
    return replace(
        item,
        deferrable=item.deferrable or deferred,
        initially="DEFERRED" if deferred else None,
    )


def primary_key(key: PrimaryKey | None) -> PrimaryKey | None:
    """A primary key without an INITIALLY that goes without saying."""
    if key is None or key.options.get("initially") != "IMMEDIATE":
        return key
    return replace(key, options=edits.without(key.options, "initially"))


def foreign_key(item: ForeignKey) -> ForeignKey:
    """A foreign key as it is read."""
    spelled: ForeignKey = deferring(item)
    return replace(spelled, match=None) if item.match == "SIMPLE" else spelled


def check(item: Check, columns: Mapping[str, Column]) -> Check:
    """A check as pg_get_constraintdef gives it back, where that is simple; else as it is."""
    if not COMPARISON.match(item.condition):
        return item
    parts = [compared(part, columns) for part in JOINED.split(item.condition)]
    if None in parts:
        return item
    text = " AND ".join(filter(None, parts))
    return replace(item, condition=text if len(parts) == 1 else f"({text})")


def compared(text: str, columns: Mapping[str, Column]) -> str | None:
    """A column's comparison with a whole number as PostgreSQL writes it, if the text is one.

    A name that has to be quoted is no matter: what PostgreSQL has then differs, and it is asked.
    """
    found = COMPARISON.fullmatch(text)
    if found is None or found[1] not in columns:
        return None
    name, operator, number = found.groups()
    type_ = words(columns[name].type.text)
    if type_.array or type_.name not in INTEGERS | {"numeric", "double precision"}:
        return None
    number = number if type_.name in INTEGERS else f"({number})::{type_.name}"
    return f"({name} {'<>' if operator == '!=' else operator} {number})"


def index(item: Index) -> Index:
    """An index with its method and options as they are read."""
    using = (item.using or "btree").lower()
    keys = tuple(map(index_key, item.keys))
    if keys == item.keys and item.using is None and not item.options:
        return item
    return replace(
        item,
        keys=keys,
        using=None if using == "btree" else using,
        options=storage(item.options),
    )


def index_key(key: IndexKey) -> IndexKey:
    """A key in its parts, whose order does not say what goes without saying."""
    if key.expression is None and not key.order:
        return key
    key = parted(key)
    order = {
        "ASC": "",
        "NULLS LAST": "",
        "ASC NULLS LAST": "",
        "DESC NULLS FIRST": "DESC",
        "ASC NULLS FIRST": "NULLS FIRST",
    }.get(key.order, key.order)
    return replace(key, order=order)


def storage(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options with the parameters of WITH (...) as texts."""
    spelled = dict(options)
    parameters = spelled.get("with")
    if isinstance(parameters, Mapping):
        spelled["with"] = {str(name): parameter(value) for name, value in parameters.items()}
    elif isinstance(parameters, str):
        pairs = (item.partition("=") for item in parameters.strip("() ").split(","))
        spelled["with"] = {name.strip(): value.strip() for name, _, value in pairs}
    return spelled


def parameter(value: Any) -> str:
    """A storage parameter's value as it stands in pg_class.reloptions."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def table_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """A table's options as they are read."""
    if not options:
        return {}
    spelled = storage(options)
    for name in ("with_oids", "on_commit", "ignore_search_path"):
        spelled.pop(name, None)
    prefixes = tuple(prefix.upper() for prefix in spelled.pop("prefixes", ()))
    if prefixes:
        spelled["prefixes"] = prefixes
    inherits = spelled.get("inherits")
    if inherits:
        spelled["inherits"] = (inherits,) if isinstance(inherits, str) else tuple(inherits)
    if str(spelled.get("using", "")).lower() == "heap":
        del spelled["using"]
    return spelled


def mapped(items: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The items changed, and filed under their keys again."""
    changed: Iterable[Constraint | Index] = [change(item) for item in items.values()]
    return {item.key: item for item in changed}
