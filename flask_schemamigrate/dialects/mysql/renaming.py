"""Renaming a column that expressions speak of, which MySQL refuses while they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...operations import AlterColumn
from ...schema import Index, IndexKey, Known, Schema, Table, edits
from .constraints import ConstraintChanges
from .joining import Change


class ColumnRenames(ConstraintChanges):
    """The ALTER TABLE clauses that take expressions out of a new name's way, and back in."""

    def renaming(self, operation: AlterColumn, change: Change, before: Known) -> Iterator[Change]:
        """The change that renames, between those that drop and add what speaks of the column.

        MySQL alters no expression by itself, and takes all of it in one statement; but it copies
        no table to add a check while a foreign key's column is renamed:
        https://dev.mysql.com/doc/refman/8.4/en/alter-table.html
        """
        table, old = before.table(operation.table, operation.schema), operation.column
        if table is None or old not in table.columns:
            yield change
            return
        new = replace(table.columns[old], name=operation.changes.get("name", old))
        found = list(self.said_anew(table, edits.changed_column(table, old, new)))
        if not found:
            yield change
            return
        names, drops, adds = zip(*found, strict=True)
        change = replace(change, anew=frozenset(names))
        parts = [", ".join(drops), change.text, ", ".join(adds)]
        if not is_in_a_key(old, table):
            parts = [", ".join(parts)]
        for text in parts:
            yield replace(change, text=text)

    def said_anew(self, table: Table, after: Table) -> Iterator[tuple[str, str, str]]:
        """What has another expression afterwards: its name, and how it goes and comes back."""
        for check, other in zip(table.checks.values(), after.checks.values(), strict=True):
            if check.condition != other.condition and check.name is not None:
                drop = self.drop_check(self.quoted(check.name))
                yield check.name, drop, f"ADD {self.constraint(other)}"
        generated = [
            name
            for name, column in after.columns.items()
            if column.computed is not None and column != table.columns.get(name, column)
        ]
        for column in map(after.columns.__getitem__, generated):
            drop = f"DROP COLUMN {self.quoted(column.name)}"
            place = self.behind(column.name, list(after.columns))
            add = f"ADD COLUMN {self.column(column)}{place}"
            yield column.name, drop, add
        for was, index in zip(standing(table), standing(after), strict=True):
            if expressions(was) != expressions(index) or set(generated) & set(was.columns):
                name = was.name or ""
                drop = f"DROP INDEX {self.quoted(name)}"
                yield name, drop, f"ADD {self.index(index, table.key)}"

    def behind(self, name: str, names: Sequence[str]) -> str:
        """The place of a column, or of what is to stand in front of it, among these columns."""
        place = names.index(name)
        return f" AFTER {self.quoted(names[place - 1])}" if place else " FIRST"


def expressions(index: Index) -> list[str | None]:
    """The expressions among an index's keys."""
    return [key.expression for key in index.keys]


def is_in_a_key(column: str, table: Table) -> bool:
    """Whether a foreign key of the table has the column, or refers to it."""
    return any(
        column in key.columns or (key.referent == table.key and column in key.referent_columns)
        for key in table.foreign_keys.values()
    )


def may_be_meant(column: str, table: Table, before: Known) -> bool:
    """Whether another table's foreign key refers to the column, which then is unique as a rule."""
    if not isinstance(before, Schema):
        keys = (table.primary_key, *table.uniques.values())
        return any(key is not None and column in key.columns for key in keys)
    return any(
        key.referent == table.key and column in key.referent_columns
        for other in before.tables.values()
        for key in other.foreign_keys.values()
    )


def standing(table: Table) -> list[Index]:
    """The indexes of a table, its uniques among them."""
    uniques = [
        Index(unique.name, tuple(IndexKey(column=name) for name in unique.columns), unique=True)
        for unique in table.uniques.values()
    ]
    return [*uniques, *table.indexes.values()]
