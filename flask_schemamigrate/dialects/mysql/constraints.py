"""Constraints and indexes: dropped by kind, and never leaving a foreign key without its index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ...errors.operations import (
    NotSupportedHere,
    UnknownConstraint,
    UnknownIndex,
    UnknownTable,
    WrongArgument,
)
from ...operations import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameConstraint,
)
from ...schema import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    Known,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    edits,
)
from ..statement import Step
from . import definition
from .clauses import MySQLClauses
from .expressions import ticked
from .indexes import heir, left_over, unserved
from .joining import Change, used


class ConstraintChanges(MySQLClauses):
    """The ALTER TABLE clauses about constraints and indexes."""

    tidies: bool

    # -- constraints

    def add_constraint_changes(
        self, operation: AddConstraint, before: Known
    ) -> Iterator[Change | Step]:
        """ADD CONSTRAINT."""
        constraint = operation.constraint
        if isinstance(constraint, Exclude):
            raise NotSupportedHere("exclusion constraints", self.title)
        if operation.if_not_exists and constraint.name is not None:
            table = before.table(operation.table, operation.schema)
            names = () if table is None else _names(table)
            if constraint.name in names:
                return
        uses = getattr(constraint, "columns", None)
        if isinstance(constraint, Check) and constraint.column is not None:
            table = before.table(operation.table, operation.schema)
            if table is not None and constraint.column in table.columns:
                # It goes back to where it stood: into the column's own clause.
                column = table.columns[constraint.column]
                words = self.column(column, edits.with_constraint(table, constraint))
                yield Change(f"MODIFY {words}", touches=frozenset({column.name}))
                return
        yield Change(
            f"ADD {self.constraint(constraint)}",
            touches=referred_in(operation.key, constraint),
            uses=frozenset(uses) if uses else used(getattr(constraint, "condition", "")),
            adds="PRIMARY" if isinstance(constraint, PrimaryKey) else constraint.name,
            adds_key=isinstance(constraint, ForeignKey),
        )

    def drop_constraint_changes(
        self, operation: DropConstraint, before: Known
    ) -> Iterator[Change | Step]:
        """DROP FOREIGN KEY, INDEX, PRIMARY KEY, or the check."""
        table = before.table(operation.table, operation.schema)
        if table is None:
            if not isinstance(before, Schema) and not operation.if_exists:
                raise UnknownTable(operation.key)
            yield from self.drop_unknown(operation)
            return
        found = meant(operation, table)
        if found is None:
            if operation.if_exists:
                return
            raise UnknownConstraint(operation.key, operation.name, _names(table))
        if isinstance(found, Index):
            yield from self.drop_index_of(found.name or "", table)
            return
        after = edits.without_constraint(table, found)
        match found:
            case ForeignKey():
                yield from self.drop_foreign_key(found, table, after)
            case PrimaryKey():
                yield from self.replacements(table, after)
                yield Change("DROP PRIMARY KEY", drops="PRIMARY")
            case Unique():
                yield from self.replacements(table, after)
                name = self.named(found.name, "A unique constraint", operation.key)
                yield Change(f"DROP INDEX {name}", drops=found.name)
            case Check():
                yield from self.drop_check_of(found, table)

    def drop_unknown(self, operation: DropConstraint) -> Iterator[Change]:
        """Drop a constraint of a table that is not known, by the kind that the revision names."""
        if operation.kind == "primary":
            yield Change("DROP PRIMARY KEY", drops="PRIMARY")
            return
        name = operation.name or getattr(operation.definition, "name", None)
        quoted = self.constraint_name(name, operation.key)
        guard = self.guard(operation.if_exists, "IF EXISTS ")
        match operation.kind:
            case "foreignkey":
                yield Change(f"DROP FOREIGN KEY {guard}{quoted}", drops=name, drops_key=name)
            case "unique":
                yield Change(f"DROP INDEX {guard}{quoted}", drops=name)
            case "check":
                yield Change(self.drop_check(quoted), drops=name)
            case _:
                raise WrongArgument(
                    f"{self.title} drops a constraint by its kind, and table '{operation.key}' is "
                    "not known here.",
                    hint="Give type_='foreignkey', 'unique', 'primary' or 'check'.",
                )

    def drop_foreign_key(
        self, key: ForeignKey, before: Table, after: Table, *, besides: str | None = None
    ) -> Iterator[Change]:
        """DROP FOREIGN KEY, and the index that the server made for it.

        ``besides`` is a column that is dropped as well, with which its own index goes by itself.
        """
        name = self.named(key.name, "A foreign key", before.key)
        yield Change(f"DROP FOREIGN KEY {name}", drops=key.name, drops_key=key.name)
        index = left_over(key, before)
        if index is None or key.columns == (besides,) or not self.tidies:
            return
        other = heir(key, index, after)
        drop = f"DROP INDEX {self.guard(key.index is None, 'IF EXISTS ')}{self.quoted(index)}"
        if other is None:
            yield Change(drop, touches=frozenset({f"index {index}"}))
        elif other.index != index:
            yield from self.bequeathed(key, other, drop)

    def bequeathed(self, key: ForeignKey, other: ForeignKey, drop: str) -> Iterator[Change]:
        """The index of a foreign key that goes as that of one which stays, under its name.

        The server would leave it under the old one, which then is nobody's.
        """
        name = other.name or other.columns[0]
        if key.index is not None and key.columns == other.columns:
            yield self.renamed_index(key.index, name)
        elif key.index is not None or self.guard(True, "IF EXISTS"):
            there = self.guard(key.index is None, "IF NOT EXISTS ")
            yield Change(
                f"ADD INDEX {there}{self.quoted(name)} ({self.names(other.columns)})",
                touches=frozenset({f"index {name}"}),
            )
            yield Change(drop, touches=frozenset({f"index {key.index or key.name}"}))

    def drop_check_of(self, check: Check, table: Table) -> Iterator[Change]:
        """Drop a check; one inside a column's clause goes when the column is said again."""
        if check.column is not None:
            without = replace(table, checks=edits.without(table.checks, check.key))
            column = table.columns[check.column]
            yield Change(f"MODIFY {self.column(column, without)}", touches=frozenset({column.name}))
        else:
            name = self.named(check.name, "A check", table.key)
            yield Change(self.drop_check(name), drops=check.name)

    def rename_constraint_changes(
        self, operation: RenameConstraint, before: Known
    ) -> Iterator[Change | Step]:
        """RENAME INDEX for a unique; the others are dropped and added."""
        table = operation.before(before)
        drop = DropConstraint(operation.table, operation.schema, operation.name)
        found = meant(drop, table)
        match found:
            case None:
                raise UnknownConstraint(operation.key, operation.name, _names(table))
            case Unique() | Index():
                yield self.renamed_index(operation.name, operation.new_name)
            case ForeignKey():
                yield Change(f"DROP FOREIGN KEY {self.quoted(operation.name)}")
                yield Change(
                    f"ADD {self.constraint(replace(found, name=operation.new_name))}",
                    uses=frozenset(found.columns),
                )
                if found.index == operation.name:
                    yield self.renamed_index(operation.name, operation.new_name)
            case Check():
                yield from self.drop_check_of(found, table)
                renamed = replace(found, name=operation.new_name, column=None)
                yield Change(f"ADD {self.constraint(renamed)}", uses=used(found.condition))

    # -- indexes

    def create_index_changes(
        self, operation: CreateIndex, before: Known
    ) -> Iterator[Change | Step]:
        """ADD INDEX, which by itself is said as CREATE INDEX."""
        index = operation.index
        guard = self.guard(operation.if_not_exists, "IF NOT EXISTS ")
        if operation.if_not_exists and not guard:
            table = before.table(operation.table, operation.schema)
            if table is not None and index.name in _names(table):
                return
        name = self.index_name(index, operation.key)
        place = self.place(operation.table, operation.schema)
        keys = self.index_keys(index)
        kind = self.index_kind(index)
        options = "".join(f" {word}" for word in self.index_options(index))
        uses = set(index.columns)
        for key in index.keys:
            uses |= used(key.expression or "")
        yield Change(
            f"ADD {kind}INDEX {guard}{name} ({keys}){options}",
            # Whether it is there is asked before the statement drops one of its name.
            touches=frozenset({f"index {index.name}"}) if guard else frozenset(),
            uses=frozenset(uses),
            alone=f"CREATE {kind}INDEX {guard}{name} ON {place} ({keys}){options}",
        )

    def drop_index_changes(self, operation: DropIndex, before: Known) -> Iterator[Change | Step]:
        """DROP INDEX, after giving a foreign key that needs it another one."""
        place = self.place(operation.table, operation.schema)
        if self.is_unneeded(operation.name, definition.stored(before, place)):
            yield self.dropped_index(operation.name, place)
            return
        table = before.table(operation.table, operation.schema)
        if table is not None and operation.name in _names(table):
            yield from self.drop_index_of(operation.name, table)
            return
        if table is not None and operation.if_exists:
            return
        if table is not None:
            raise UnknownIndex(operation.key, operation.name, list(table.indexes))
        if not isinstance(before, Schema) and not operation.if_exists:
            raise UnknownTable(operation.key)
        guard = self.guard(operation.if_exists, "IF EXISTS ")
        name = self.quoted(operation.name)
        yield Change(
            f"DROP INDEX {guard}{name}",
            touches=frozenset({f"index {operation.name}"}),
            alone=f"DROP INDEX {guard}{name} ON {place}",
        )

    def drop_index_of(self, name: str, table: Table) -> Iterator[Change]:
        """Drop an index or a unique of a table that is known."""
        after = edits.without_index(table, name)
        after = replace(after, uniques=edits.without(after.uniques, name))
        yield from self.replacements(table, after)
        yield self.dropped_index(name, self.place(table.name, table.schema))

    def dropped_index(self, name: str, place: str) -> Change:
        """DROP INDEX and no more."""
        quoted = self.quoted(name)
        return Change(
            f"DROP INDEX {quoted}",
            touches=frozenset({f"index {name}"}),
            alone=f"DROP INDEX {quoted} ON {place}",
        )

    def is_unneeded(self, name: str, text: str) -> bool:
        """Whether the table's text has the index, and no foreign key of a column in it."""
        index = re.search(rf" KEY {re.escape(ticked(name))} \((.*)\)", text)
        keys = re.findall(r" FOREIGN KEY \((.*?)\) REFERENCES ", text)
        return index is not None and used(index[1]).isdisjoint(used(", ".join(keys)))

    def replacements(self, before: Table, after: Table) -> Iterator[Change]:
        """The indexes that foreign keys need in place of those that go."""
        for index in unserved(before, after):
            yield Change(
                f"ADD {self.index(index, before.key)}",
                touches=frozenset({f"index {index.name}"}),
                uses=frozenset(index.columns),
            )

    def renamed_index(self, old: str, new: str) -> Change:
        """RENAME INDEX, which no other change of either name may join."""
        return Change(
            f"RENAME INDEX {self.quoted(old)} TO {self.quoted(new)}",
            touches=frozenset({f"index {old}", f"index {new}"}),
        )

    def table_of_index(self, operation: DropIndex, before: Known) -> DropIndex | None:
        """The operation with the table that it does not name; ``None`` if there is no index."""
        found: list[tuple[str, str | None]]
        if isinstance(before, Schema):
            found = [
                (table.name, table.schema)
                for table in before.tables.values()
                if operation.name in _names(table)
            ]
        else:
            found = tables_with_index(before, operation)
        if len(found) == 1:
            table, schema = found[0]
            return replace(operation, table=table, schema=schema)
        if not found and operation.if_exists:
            return None
        if found:
            raise WrongArgument(
                f"Several tables have an index '{operation.name}': "
                f"{', '.join(sorted(name for name, _ in found))}.",
                hint="Name the table: drop_index(name, table_name).",
            )
        raise UnknownIndex(None, operation.name)


def tables_with_index(before: Any, operation: DropIndex) -> list[tuple[str, str | None]]:
    """The tables of a live database with an index of this name."""
    query = sa.text(
        "SELECT DISTINCT table_name FROM information_schema.statistics"
        " WHERE index_name = :name AND table_schema = COALESCE(:place, DATABASE())"
    )
    rows = before.connection.execute(query, {"name": operation.name, "place": operation.schema})
    return [(row[0], operation.schema) for row in rows]


def referred_in(table: str, constraint: Constraint) -> frozenset[str]:
    """The columns of a table that a foreign key of its own refers to.

    The server takes them for what they were before the statement.
    """
    if isinstance(constraint, ForeignKey) and constraint.referent == table:
        return frozenset(constraint.referent_columns)
    return frozenset()


def meant(operation: DropConstraint, table: Table) -> Constraint | Index | None:
    """The constraint that an operation speaks of; a unique index is a unique constraint too."""
    found = operation.found(table)
    if found is not None:
        return found
    if operation.kind in (None, "unique") and operation.name in table.indexes:
        index = table.indexes[operation.name or ""]
        return index if index.unique else None
    definition = operation.definition
    if isinstance(definition, ForeignKey | Unique):
        for item in table.constraints:
            if isinstance(item, type(definition)) and item.columns == definition.columns:
                return item
    return None


def _names(table: Table) -> list[str]:
    items = [*table.constraints, *table.indexes.values()]
    return [item.name for item in items if item.name is not None]
