"""The clauses of MySQL's CREATE TABLE and ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ...schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Table,
    Unique,
)
from ..clauses import Clauses
from . import defaults, options
from .indexes import COLUMN_TEXT
from .types import LONG, base


class MySQLClauses(Clauses):
    """Spells what MySQL says otherwise than the standard."""

    unused_index = "INVISIBLE"
    """What says that no query is to use an index."""

    def literal(self, text: str) -> str:
        """A string literal; a backslash begins an escape, unless the server's mode says no."""
        if getattr(self.sqlalchemy, "_backslash_escapes", True):
            text = text.replace("\\", "\\\\")
        return super().literal(text)

    # -- columns

    def touched(self, table: Table) -> list[str]:
        """The columns with ON UPDATE, which stay if they are set to themselves.

        https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html
        """
        found = table.columns.items()
        return [name for name, column in found if defaults.split(column)[1] is not None]

    def column_words(self, column: Column, table: Table | None) -> Iterator[str]:
        """A column's type, how it is filled, and its comment."""
        default, on_update = defaults.split(column)
        yield column.type.text
        if column.computed is not None:
            yield from self.computed_words(column)
        else:
            # The first TIMESTAMP of a table would otherwise be NOT NULL on some servers.
            yield "NULL" if column.nullable and _is_timestamp(column) else ""
            yield "" if column.nullable else "NOT NULL"
            if column.autoincrement:
                yield "AUTO_INCREMENT"
            elif default is not None:
                yield f"DEFAULT {self.default_value(default, column.type.text)}"
            if on_update is not None:
                yield f"ON UPDATE {on_update}"
        yield from column.kept
        if column.comment is not None:
            yield f"COMMENT {self.literal(column.comment)}"
        for check in self.own_checks(column, table):
            yield self.rule(check)

    def default_value(self, default: str, type_text: str) -> str:
        """What stands after DEFAULT; a type without a fixed size takes no literal as it is.

        https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
        """
        text = defaults.clause(default)
        bare = base(type_text) not in LONG or text.upper() == "NULL" or defaults.is_enclosed(text)
        return text if bare else f"({text})"

    def computed_words(self, column: Column) -> Iterator[str]:
        """A generated column's expression and whether it may be null."""
        yield self.computed(column)
        if not column.nullable:
            yield "NOT NULL"

    def own_checks(self, column: Column, table: Table | None) -> Iterator[Check]:
        """The checks that stand in the column's own clause."""
        if table is not None:
            yield from (item for item in table.checks.values() if item.column == column.name)

    # -- constraints

    def rule(self, constraint: Constraint) -> str:
        """A constraint's clause; MySQL can leave a check unenforced."""
        text = super().rule(constraint)
        return text + self.unenforced(constraint)

    def unenforced(self, constraint: Constraint) -> str:
        """What says that nothing is held to a check."""
        is_lax = isinstance(constraint, Check) and constraint.options.get("enforced") is False
        return " NOT ENFORCED" if is_lax else ""

    def constraint(self, constraint: Constraint) -> str:
        """A constraint's clause; a primary key's name means nothing here."""
        if isinstance(constraint, PrimaryKey):
            return self.rule(constraint)
        return super().constraint(constraint)

    def references(self, key: ForeignKey) -> str:
        """A foreign key's clause from REFERENCES on.

        MATCH would make the server ignore ON DELETE and ON UPDATE:
        https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
        """
        return super().references(replace(key, match=None))

    def deferring(self, deferrable: bool, initially: str | None) -> str:
        """Constraints are always checked at once."""
        return ""

    # -- tables and indexes

    def table(self, table: Table) -> str:
        """Everything of CREATE TABLE after the table's name, its indexes and comments included."""
        parts = [self.column(column, table) for column in table.columns.values()]
        parts += [self.constraint(item) for item in self.written_constraints(table)]
        parts += [self.index(index, table.key) for index in table.indexes.values()]
        lines = ",\n    ".join(parts)
        return f"(\n    {lines}\n){self.table_options(table)}"

    def written_constraints(self, table: Table) -> Iterable[Constraint]:
        """The constraints that do not stand in a column's clause."""
        return [item for item in table.constraints if getattr(item, "column", None) is None]

    def table_options(self, table: Table) -> str:
        """Engine, character set and so on, and the comment."""
        given = options.lowered({**table.uncompared, **table.options})
        if table.comment is not None:
            given["comment"] = table.comment
        words = [*options.words(given, self.literal), options.partitioning(given)]
        return "".join(f" {word}" for word in words if word)

    def index(self, index: Index, table: str) -> str:
        """An index inside CREATE TABLE, or after ADD."""
        kind = self.index_kind(index)
        words = [f"{kind}INDEX {self.index_name(index, table)} ({self.index_keys(index)})"]
        return " ".join([*words, *self.index_options(index)])

    def index_kind(self, index: Index) -> str:
        """UNIQUE, FULLTEXT or SPATIAL."""
        prefix = self.option(index.options, "prefix")
        if prefix:
            return f"{str(prefix).upper()} "
        return "UNIQUE " if index.unique else ""

    def index_keys(self, index: Index) -> str:
        """The keys between an index's parentheses."""
        return ", ".join(self.index_key(key) for key in index.keys)

    def index_key(self, key: IndexKey) -> str:
        """One key of an index, with its prefix length."""
        text = self.quoted(key.column) if key.column is not None else self.indexed(key)
        if key.length is not None:
            text += f"({key.length})"
        order = key.order.replace("NULLS FIRST", "").replace("NULLS LAST", "").strip()
        return f"{text} {order}".strip()

    def indexed(self, key: IndexKey) -> str:
        """An expression as a key, which MySQL wants in parentheses."""
        text = (key.expression or "").strip()
        if COLUMN_TEXT.match(text):
            return text
        return text if defaults.is_enclosed(text) else f"({text})"

    def index_options(self, index: Index) -> Iterator[str]:
        """What stands behind an index's keys."""
        given = {**index.uncompared, **index.options}
        if index.using:
            yield f"USING {index.using.upper()}"
        if parser := self.option(given, "with_parser"):
            yield f"WITH PARSER {parser}"
        if comment := self.option(given, "comment"):
            yield f"COMMENT {self.literal(str(comment))}"
        if self.option(given, "unused"):
            yield self.unused_index

    def unique(self, unique: Unique) -> str:
        """A unique constraint's clause."""
        return f"UNIQUE ({self.names(unique.columns)})"

    def drop_check(self, name: str) -> str:
        """How a check is dropped, whose name is quoted already.

        It is what MariaDB says too, as a script knows only the URL; MySQL since 8.0.19:
        https://dev.mysql.com/doc/refman/8.0/en/alter-table.html
        """
        return f"DROP CONSTRAINT {name}"

    def guard(self, wanted: bool, words: str) -> str:
        """IF EXISTS and the like, which MySQL has for whole tables only."""
        return ""


def _is_timestamp(column: Column) -> Any:
    return column.type.text.lower().startswith("timestamp")
