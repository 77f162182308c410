"""Reading a MySQL database into values with a handful of queries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from ...schema import (
    Check,
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
    key_of,
)
from ...schema import Sequence as SequenceValue
from .catalogue import Catalogue, Row, unpacked, within
from .defaults import Defaults
from .expressions import ticked, unescaped, with_names
from .indexes import is_implicit, is_plain
from .options import USUAL

Place = tuple[str, str]

SERVER_KEY = "my_row_id"
"""The primary key that MySQL itself gives a table without one, where it is told to.

https://dev.mysql.com/doc/refman/8.4/en/create-table-gipks.html
"""


@dataclass(frozen=True)
class Asked:
    """What a reading is about: databases, how each is called in the values, and which tables."""

    labels: Mapping[str, str | None]
    tables: frozenset[str] | None

    @property
    def here(self) -> str:
        """The condition on ``table_schema`` and ``table_name``."""
        schemas = within("table_schema", self.labels)
        if self.tables is None:
            return schemas
        # A name may have dots of its own.
        names = {
            key if label is None else key.removeprefix(f"{label}.")
            for key in self.tables
            for label in self.labels.values()
        }
        return f"{schemas} AND {within('table_name', names)}"

    def key(self, database: str, table: str) -> str:
        """The key of a table; one of a database that was not asked for carries its name."""
        return key_of(table, self.labels.get(database, database))


@dataclass
class Parts:
    """What was found of one table until it is put together; ``row`` is its row of TABLES."""

    row: Row
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: PrimaryKey | None = None
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    definition: str = ""


class Reader:
    """Reads a schema from MySQL's catalogue."""

    defaults = Defaults()
    unused = "NO"
    """What the catalogue says of an index that no query is to use."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.collations: dict[str | None, str] = {}
        self._types: dict[tuple[str, str | None], Type] = {}
        self._columns: dict[tuple[str | None, str], Column | None] = {}
        self._indexes: dict[tuple[str, ...], Mapping[str, Any]] = {}

    def read(self, schemas: Sequence[str | None], tables: Collection[str] | None) -> Schema:
        """All tables of these schemas, or those of these keys."""
        labels: dict[str, str | None] = {name: name for name in schemas if name is not None}
        rows = self.catalogue.databases(labels)
        own = rows[0][2] if rows else None
        if own is not None and None in schemas:
            labels[own] = None
        found = {name: collation for name, collation, _ in rows if name in labels}
        self.collations = {labels[name]: collation for name, collation in found.items()}
        self.catalogue.asks_for_all = tables is None
        asked = Asked(
            {name: label for name, label in labels.items() if name in found},
            None if tables is None else frozenset(tables),
        )
        return self._schema(asked, own)

    def _schema(self, asked: Asked, own: str | None) -> Schema:
        rows = by_table(self.catalogue.tables(asked.here))
        parts = {(row[0], row[1]): Parts(row) for row in rows if self.is_table(row)}
        if parts:
            self._fill(asked, parts, own)
        made = [self.table(part, asked) for part in parts.values()]
        return Schema(
            tables={table.key: table for table in made if _asked_for(table.key, asked)},
            sequences={item.key: item for item in self.sequences(rows, asked)},
            views=frozenset(asked.key(row[0], row[1]) for row in rows if "VIEW" in row[2]),
            namespaces=frozenset(label for label in asked.labels.values() if label is not None),
        )

    def _fill(self, asked: Asked, parts: Mapping[Place, Parts], own: str | None) -> None:
        """Hang everything on its table."""
        here = asked.here
        for database, table, text in self.catalogue.columns(here):
            if (part := parts.get((database, table))) is not None:
                # The same column in many tables is one value.
                said = part.row[4], text
                if said not in self._columns:
                    self._columns[said] = self.column(unpacked(text), part.row[4])
                if (column := self._columns[said]) is not None:
                    part.columns[column.name] = column
        for (database, table, name), texts in indexes(self.catalogue.statistics(here)).items():
            if (part := parts.get((database, table))) is not None:
                self.hang_index(part, name, tuple(texts))
        for (database, name), part in parts.items():
            is_partitioned = "partitioned" in (part.row[5] or "")
            if is_partitioned or any(index.options for index in part.indexes):
                part.definition = self.catalogue.definition(database, name)
        for place, key in self.foreign_keys(asked, own):
            if place in parts:
                parts[place].foreign_keys.append(key)
        for row in self.catalogue.check_rows(here):
            if (part := parts.get((row[0], row[1]))) is not None:
                self.hang_check(part, row)

    # -- pieces

    def is_table(self, row: Row) -> bool:
        """Whether a row of TABLES is a table that holds rows."""
        return "VIEW" not in row[2] and row[2] != "SEQUENCE"

    def column(self, row: Row, table_collation: str | None) -> Column | None:
        """A column of COLUMNS, unless it is the primary key that nobody asked for."""
        name, type_text, nullable, default, extra, collation, comment, expression = row[:8]
        extra = extra or ""
        shown = extra.upper()
        if name == SERVER_KEY and shown == "AUTO_INCREMENT INVISIBLE":
            return None
        options: dict[str, Any] = {}
        if "ON UPDATE" in shown:
            options["on_update"] = self.defaults.moment(extra[shown.index("ON UPDATE") + 10 :])
        generated = "GENERATED" in shown.replace("DEFAULT_GENERATED", "")
        computed = None
        if generated:
            computed = Computed(self.expression(expression), "STORED" in shown)
        return Column(
            name=name,
            type=self.type(type_text, None if collation == table_collation else collation),
            nullable=nullable == "YES",
            default=None if generated else self.defaults.from_catalogue(default, type_text, extra),
            computed=computed,
            autoincrement="AUTO_INCREMENT" in shown,
            comment=comment or None,
            options=options,
            kept=self.kept(row),
        )

    def kept(self, row: Row) -> tuple[str, ...]:
        """The words of a column that models cannot say."""
        shown = (row[4] or "").upper()
        words = tuple(word for word in ("INVISIBLE", "WITHOUT SYSTEM VERSIONING") if word in shown)
        return words if row[8] is None else (f"SRID {row[8]}", *words)

    def type(self, text: str, collation: str | None) -> Type:
        """A type; equal ones are one object."""
        known = self._types.get((text, collation))
        if known is None:
            known = Type(text if collation is None else f"{text} COLLATE {collation}")
            self._types[text, collation] = known
        return known

    def expression(self, text: str) -> str:
        """The expression of a generated column, a check or an index key."""
        return self.defaults.expression(unescaped(text))

    def hang_index(self, part: Parts, name: str, texts: tuple[str, ...]) -> None:
        """An index of STATISTICS: the primary key, or an index for now."""
        if texts not in self._indexes:
            self._indexes[texts] = self.index([*map(unpacked, texts)])
        said = self._indexes[texts]
        if name != "PRIMARY":
            part.indexes.append(Index(name, **said))
            return
        columns = tuple(key.column for key in said["keys"])
        if columns[0] != SERVER_KEY or SERVER_KEY in part.columns:
            part.primary_key = PrimaryKey(columns)

    def index(self, rows: list[Row]) -> dict[str, Any]:
        """What an index is besides its name, by the rows of its columns."""
        non_unique, _, _, _, kind, _, comment, visible = rows[0]
        special = kind in ("FULLTEXT", "SPATIAL")
        said = {"comment": comment or None, "unused": visible == self.unused or None}
        return {
            "keys": tuple(self.index_key(row, special=special) for row in rows),
            "unique": not int(non_unique),
            "using": "HASH" if kind == "HASH" else None,
            "options": {"prefix": kind} if special else {},
            "uncompared": {key: value for key, value in said.items() if value is not None},
        }

    def index_key(self, row: Row, *, special: bool) -> IndexKey:
        """One row of STATISTICS; a special index has lengths that nobody gave."""
        _, column, direction, length, _, expression, _, _ = row
        order = "DESC" if direction == "D" else ""
        if column is None:
            return IndexKey(expression=f"({self.expression(expression)})", order=order)
        return IndexKey(
            column, order=order, length=None if special or length is None else int(length)
        )

    def hang_check(self, part: Parts, row: Row) -> None:
        """A check of CHECK_CONSTRAINTS."""
        _, _, name, condition, _, enforced = row
        options = {} if enforced == "YES" else {"enforced": False}
        part.checks.append(Check(self.expression(condition), name, options=options))

    def foreign_keys(self, asked: Asked, own: str | None) -> Iterator[tuple[Place, ForeignKey]]:
        """The foreign keys, each with its table's place."""
        rows = by_table(self.catalogue.key_columns(asked.here))
        if not rows:
            return
        actions = self.catalogue.actions(asked.here)
        for key, found in groupby(rows, itemgetter(0, 1, 2)):
            columns = list(found)
            database, table = columns[0][4], columns[0][5]
            updated, deleted = actions.get(key, ("RESTRICT", "RESTRICT"))
            here = asked.labels if database in asked.labels or database != own else {own: None}
            yield (
                (key[0], key[1]),
                ForeignKey(
                    columns=tuple(row[3] for row in columns),
                    referent=key_of(table, here.get(database, database)),
                    referent_columns=tuple(row[6] for row in columns),
                    name=key[2],
                    onupdate=action(updated),
                    ondelete=action(deleted),
                ),
            )

    def sequences(self, rows: Iterable[Row], asked: Asked) -> Iterator[SequenceValue]:
        """The sequences among the rows of TABLES."""
        yield from ()

    # -- putting together

    def named(self, columns: dict[str, Column]) -> dict[str, Column]:
        """The columns; in an expression they are called as whoever wrote it did."""
        return {
            name: column
            if column.computed is None
            else replace(column, computed=self.computed(column.computed, columns))
            for name, column in columns.items()
        }

    def computed(self, computed: Computed, columns: Collection[str]) -> Computed:
        """A generated column's expression as SHOW CREATE TABLE prints it."""
        return replace(computed, expression=with_names(computed.expression, columns))

    def table(self, parts: Parts, asked: Asked) -> Table:
        """A table of what was found of it."""
        database, name, _, engine, collation, options, comment = parts.row
        label = asked.labels[database]
        keys = [implied(key, parts.indexes) for key in parts.foreign_keys]
        implicit = {key.index for key in keys}
        is_innodb = (engine or "").lower() == "innodb"
        indexes = [
            # InnoDB has no hash index; MariaDB since 11 tells what was asked for instead.
            replace(index, using=None) if is_innodb and index.using else index
            for index in with_parsers(parts.indexes, parts.definition)
            if index.name not in implicit
        ]
        uniques = [as_unique(index) for index in indexes if is_plain_unique(index)]
        return Table(
            name=name,
            schema=label,
            columns=self.named(parts.columns),
            primary_key=parts.primary_key,
            uniques={unique.key: unique for unique in uniques},
            foreign_keys={key.key: key for key in keys},
            checks={check.key: check for check in parts.checks},
            indexes={index.key: index for index in indexes if not is_plain_unique(index)},
            comment=comment or None,
            options=table_options(
                engine, None if collation == self.collations[label] else collation, options
            ),
            uncompared=partitions(parts.definition),
        )


def by_table(rows: list[Row]) -> list[Row]:
    """The rows by database and table, otherwise in their order.

    The catalogue's own order has two tables at once whose names differ in case alone.
    """
    return sorted(rows, key=itemgetter(0, 1))


def indexes(rows: Iterable[Sequence[str]]) -> dict[tuple[str, str, str], list[str]]:
    """The packed rows of STATISTICS by schema, table and index."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for database, table, name, text in rows:
        found.setdefault((database, table, name), []).append(text)
    return found


def action(rule: str) -> str | None:
    """A foreign key's action; RESTRICT and NO ACTION are the same thing to InnoDB."""
    return None if rule in ("RESTRICT", "NO ACTION") else rule


def implied(key: ForeignKey, indexes: Iterable[Index]) -> ForeignKey:
    """The foreign key, knowing the index that the server made for it."""
    name = next((index.name for index in indexes if is_implicit(index, key)), None)
    return key if name is None else replace(key, index=name)


def is_plain_unique(index: Index) -> bool:
    """Whether a unique index says no more than a unique constraint, which is the same here."""
    return (
        index.unique
        and index.using is None
        and not index.options
        and all(map(is_plain, index.keys))
    )


def as_unique(index: Index) -> Unique:
    """A plain unique index as the constraint that it is."""
    return Unique(index.columns, index.name)


def table_options(engine: str | None, collation: str | None, options: str | None) -> dict[str, Any]:
    """A table's options that are not what a new table of its database would have."""
    found: dict[str, Any] = {}
    if engine is not None and engine.lower() != "innodb":
        found["engine"] = engine
    if collation is not None:
        found["collate"] = collation
    for pair in (options or "").split():
        name, equals, value = pair.partition("=")
        name, value = name.lower().strip("`"), value.strip("`'\"")
        if equals and USUAL.get(name) != value:
            found[name] = value
    return found


def with_parsers(indexes: Iterable[Index], definition: str) -> Iterator[Index]:
    """The indexes, a FULLTEXT one with its parser, which only the table's text tells."""
    for index in indexes:
        found = None
        if index.options.get("prefix") == "FULLTEXT":
            name = re.escape(ticked(index.name or ""))
            found = re.search(rf"KEY {name} .*WITH PARSER `?(\w+)", definition)
        parser = {"with_parser": found[1]} if found else {}
        yield replace(index, uncompared={**index.uncompared, **parser}) if parser else index


def partitions(definition: str) -> dict[str, str]:
    """How a table is partitioned, which only its text tells."""
    found = re.search(r"PARTITION BY (.*?)(?: \*/)?\s*\Z", definition, re.DOTALL)
    return {} if found is None else {"partition_by": found[1]}


def _asked_for(key: str, asked: Asked) -> bool:
    return asked.tables is None or key in asked.tables
