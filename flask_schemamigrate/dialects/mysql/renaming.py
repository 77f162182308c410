"""Renaming a column that expressions speak of, which MySQL refuses while they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...operations import AlterColumn
from ...schema import Column, Index, IndexKey, Known, Table, edits
from .constraints import ConstraintChanges


class ColumnRenames(ConstraintChanges):
    """The ALTER TABLE clauses that take expressions out of a new name's way, and back in."""

    def renaming(self, operation: AlterColumn, new: str, clause: str, before: Known) -> str:
        """The clause that renames, between those that drop and add what speaks of the column.

        MySQL alters no expression by itself, and takes all of it in one statement:
        https://dev.mysql.com/doc/refman/8.4/en/alter-table.html
        """
        table, old = before.table(operation.table, operation.schema), operation.column
        if table is None or old not in table.columns:
            return clause
        after = edits.changed_column(table, old, replace(table.columns[old], name=new))
        anew = list(self.said_anew(table, after))
        return ", ".join([*(drop for drop, _ in anew), clause, *(add for _, add in anew)])

    def said_anew(self, table: Table, after: Table) -> Iterator[tuple[str, str]]:
        """What has another expression afterwards: how it is dropped, and how it comes back."""
        for check, other in zip(table.checks.values(), after.checks.values(), strict=True):
            if check.condition != other.condition and check.name is not None:
                yield self.drop_check(check.name), f"ADD {self.constraint(other)}"
        generated = [
            name
            for name, column in after.columns.items()
            if column.computed is not None and column != table.columns.get(name, column)
        ]
        for column in map(after.columns.__getitem__, generated):
            drop = f"DROP COLUMN {self.quoted(column.name)}"
            yield drop, f"ADD COLUMN {self.column(column)}{self.behind(column, after)}"
        for was, index in zip(standing(table), standing(after), strict=True):
            if expressions(was) != expressions(index) or set(generated) & set(was.columns):
                drop = f"DROP INDEX {self.quoted(was.name or '')}"
                yield drop, f"ADD {self.index(index, table.key)}"

    def behind(self, column: Column, table: Table) -> str:
        """The place of a column."""
        names = list(table.columns)
        place = names.index(column.name)
        return f" AFTER {self.quoted(names[place - 1])}" if place else " FIRST"


def expressions(index: Index) -> list[str | None]:
    """The expressions among an index's keys."""
    return [key.expression for key in index.keys]


def standing(table: Table) -> list[Index]:
    """The indexes of a table, its uniques among them."""
    uniques = [
        Index(unique.name, tuple(IndexKey(column=name) for name in unique.columns), unique=True)
        for unique in table.uniques.values()
    ]
    return [*uniques, *table.indexes.values()]
