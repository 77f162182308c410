"""The models' schema in MySQL's own words, as far as that takes no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

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
)
from ...schema.sharing import once_each
from . import defaults, options
from .defaults import Defaults
from .indexes import COLUMN_TEXT, is_implicit, is_plain
from .read import action, as_unique, is_plain_unique
from .types import TEXTS, Types, bare, base, character_set, collation

FOUR_BYTES = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Collations:
    """The default collations of databases and of character sets, as far as a reading told."""

    databases: Mapping[str | None, str] = field(default_factory=dict)
    character_sets: Mapping[str, str] = field(default_factory=dict)

    def of_table(self, table: Table) -> str | None:
        """The collation that a table's options end up with; None if the database's own."""
        given = options.lowered(table.options)
        found = given.get("collate") or self.character_sets.get(str(given.get("charset")).lower())
        return None if found is None else str(found)


class Canonical:
    """Spells models as the reader would read them back."""

    types: Types = Types()
    defaults: Defaults = Defaults()

    def __init__(self, collations: Collations) -> None:
        self.collations = collations
        self._texts: dict[str, str] = {}
        self._shared: dict[str | None, Callable[[Column], Column]] = {}

    def schema(self, wanted: Schema) -> Schema:
        """Every table spelled; what this database has not is left out."""
        return replace(
            wanted,
            tables={table.key: table for table in map(self.table, wanted.tables.values())},
            enums={},
            domains={},
            sequences={},
        )

    def table(self, table: Table) -> Table:
        """A table as it is read back."""
        own = self.collations.databases.get(table.schema)
        named = self.collations.of_table(table)
        # "utf8" is a name for one of several character sets, and only the server knows which.
        is_open = named is None and "charset" in options.lowered(table.options)
        collates = named or (None if is_open else own)
        if (column := self._shared.get(collates)) is None:
            column = once_each(lambda item: self.column(item, collates))
            self._shared[collates] = column
        columns = {name: column(item) for name, item in table.columns.items()}
        key = table.primary_key
        for name in () if key is None else key.columns:
            if name in columns and columns[name].nullable:
                columns[name] = replace(columns[name], nullable=False)
        keys = [self.foreign_key(item) for item in table.foreign_keys.values()]
        indexes = self.indexes(table, keys)
        checks = [self.check(item) for item in table.checks.values()]
        return replace(
            table,
            columns=columns,
            primary_key=None if key is None else PrimaryKey(key.columns),
            uniques={item.key: item for item in indexes if isinstance(item, Unique)},
            foreign_keys={item.key: item for item in keys},
            checks={item.key: item for item in checks},
            excludes={},
            indexes={item.key: item for item in indexes if isinstance(item, Index)},
            comment=kept(table.comment or options.lowered(table.options).get("comment")),
            options=self.options(table, named, own),
        )

    # -- columns

    def column(self, column: Column, table_collation: str | None) -> Column:
        """A column as it is read back."""
        type_ = self.type(column.type, table_collation)
        default, on_update = defaults.split(column)
        given = {name: value for name, value in column.options.items() if name != "on_update"}
        if on_update is not None:
            given["on_update"] = self.defaults.moment(on_update)
        return Column(
            name=column.name,
            type=type_,
            nullable=self.nullable(column),
            default=self.defaults.spelled(default, type_.text),
            computed=None if column.computed is None else self.computed(column.computed),
            autoincrement=column.autoincrement,
            comment=kept(column.comment),
            options=given,
            kept=column.kept,
        )

    def nullable(self, column: Column) -> bool:
        """Whether a column may be null; one that is numbered may not."""
        return column.nullable and not column.autoincrement

    def computed(self, computed: Computed) -> Computed:
        """A generated column, which is virtual unless it says otherwise."""
        return replace(computed, stored=bool(computed.stored))

    def type(self, type_: Type, table_collation: str | None) -> Type:
        """A type in the server's spelling, with its collation where the table's is another."""
        text = self._texts.get(type_.text)
        if text is None:
            text = self._texts[type_.text] = self.types.spelled(type_.text)
        if base(text) in TEXTS:
            charset = character_set(text)
            named = collation(text) or (charset and self.collations.character_sets.get(charset))
            if named is not None:
                same = table_collation is not None and named.lower() == table_collation.lower()
                text = bare(text) + ("" if same else f" COLLATE {named}")
        return Type(text, type_.python)

    # -- keys and indexes

    def foreign_key(self, key: ForeignKey) -> ForeignKey:
        """A foreign key with what InnoDB knows of one."""
        plain = ForeignKey(key.columns, key.referent, key.referent_columns, key.name)
        if key == plain:
            return key
        return replace(
            plain,
            onupdate=action(key.onupdate or "NO ACTION"),
            ondelete=action(key.ondelete or "NO ACTION"),
        )

    def check(self, check: Check) -> Check:
        """A check; it is always validated."""
        return replace(check, validated=True)

    def indexes(self, table: Table, keys: Iterable[ForeignKey]) -> list[Unique | Index]:
        """Uniques and indexes: a plain unique index is a unique constraint here.

        An index that is the very one the server makes for a foreign key is left out, as it is when
        it is read.
        """
        spelled = [self.index(index, table) for index in table.indexes.values()]
        kept = [index for index in spelled if not any(is_implicit(index, key) for key in keys)]
        uniques = [Unique(unique.columns, unique.name) for unique in table.uniques.values()]
        return [
            *uniques,
            *(as_unique(index) if is_plain_unique(index) else index for index in kept),
        ]

    def index(self, index: Index, table: Table) -> Index:
        """An index with what the catalogue tells of one."""
        if index == Index(index.name, index.keys) and all(map(is_plain, index.keys)):
            return index
        prefix = options.lowered(index.options).get("prefix")
        kind = None if prefix is None else str(prefix).upper()
        engine = str(options.lowered(table.options).get("engine", "")).lower()
        using = (index.using or "").upper() if engine in ("memory", "heap", "ndb") else ""
        return Index(
            name=index.name,
            keys=tuple(self.index_key(key, table, kind) for key in index.keys),
            unique=index.unique or kind == "UNIQUE",
            using=using if using == "HASH" else None,
            options={"prefix": kind} if kind in ("FULLTEXT", "SPATIAL") else {},
        )

    def index_key(self, key: IndexKey, table: Table, kind: str | None) -> IndexKey:
        """A key of an index; a text like ``a DESC`` is a column."""
        order = "DESC" if "DESC" in key.order else ""
        length = None if kind in ("FULLTEXT", "SPATIAL") else key.length
        if key.column is not None:
            return IndexKey(column=key.column, order=order, length=length)
        found = COLUMN_TEXT.match(key.expression or "")
        if found is not None and found[1] in table.columns:
            direction = "DESC" if (found[3] or "").upper() == "DESC" else order
            return IndexKey(
                column=found[1], order=direction, length=int(found[2]) if found[2] else length
            )
        return IndexKey(expression=key.expression, order=order)

    # -- options

    def options(self, table: Table, named: str | None, own: str | None) -> dict[str, object]:
        """A table's options without those that are what they would be anyway."""
        found: dict[str, object] = {}
        given = options.lowered(table.options)
        if "engine" in given and str(given["engine"]).lower() != "innodb":
            found["engine"] = given["engine"]
        if named is not None:
            if own is None or named.lower() != own.lower():
                found["collate"] = named
        elif "charset" in given:
            found["charset"] = given["charset"]
        for name, value in given.items():
            is_said = name in ("engine", "charset", "collate", "comment", *options.NOT_COMPARED)
            if not is_said and options.USUAL.get(name) != str(value):
                found[name] = str(value)
        return found


def kept(comment: str | None) -> str | None:
    """What the server keeps of a comment, whose characters have three bytes at most.

    https://dev.mysql.com/doc/refman/8.4/en/charset-metadata.html
    """
    return FOUR_BYTES.sub("?", comment) if comment else None
