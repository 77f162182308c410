"""The statements of operations on tables, constraints and indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors.operations import NotSupportedHere
from ...operations import (
    AddColumn,
    AddConstraint,
    AlterTable,
    CommentTable,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropNamespace,
    DropTable,
    Operation,
    RenameConstraint,
    SetTableOptions,
    ValidateConstraint,
)
from ...schema import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Known,
    PrimaryKey,
    Unique,
)
from ..statement import Statement, Step
from .alteration import Afterwards, Turn, alteration, merged, words_of
from .clauses import added_apart, is_validated
from .columns import ColumnStatements
from .domains import DomainStatements
from .following import Following
from .indexes import IndexStatements
from .spelled import storage


class PostgreSQLStatements(IndexStatements, ColumnStatements, DomainStatements):
    """The statements in which PostgreSQL differs from the standard."""

    def statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        if isinstance(operation, DropNamespace):
            yield from self.enums_left_in(operation.name, before)
        for step in super().statements(operation, before):
            yield self.outside_if_fresh(step)

    def alter_table(self, operation: AlterTable, before: Known) -> Iterator[Step]:
        """The group's changes, in one ALTER TABLE as far as that means the same."""
        yield from merged(self._each(operation, before))

    def _each(self, group: AlterTable, before: Known) -> Iterator[Step]:
        for number, change in enumerate(group.operations):
            known = Following(before, group.operations[:number]) if number else before
            yield from super().statements(change, known)

    # -- tables

    def create_table(self, operation: CreateTable, before: Known) -> Iterator[Step]:
        """CREATE TYPE for the enums that are not there yet, then the table."""
        yield from self.enums_of_table(operation.enums, before)
        yield from super().create_table(operation, before)
        table = operation.table
        for constraint in added_apart(table):
            yield from self.add_constraint(
                AddConstraint(table.name, table.schema, constraint, operation.if_not_exists),
                before,
            )

    def drop_table(self, operation: DropTable, before: Known) -> Iterator[Step]:
        self.abandon(operation.table, operation.schema, before)
        yield from super().drop_table(operation, before)

    def comment_table(self, operation: CommentTable, before: Known) -> Iterator[Step]:
        for step in super().comment_table(operation, before):
            assert isinstance(step, Statement)
            yield Afterwards(step.sql)

    def comment_column(self, table: str, schema: str | None, column: Column) -> Iterator[Step]:
        for step in super().comment_column(table, schema, column):
            assert isinstance(step, Statement)
            yield Afterwards(step.sql)

    def set_table_options(self, operation: SetTableOptions, before: Known) -> Iterator[Step]:
        """An action of ALTER TABLE for each option that PostgreSQL can change."""
        place = self.place(operation.table, operation.schema)
        old: dict[str, Any] = {}
        if {"with", "inherits", "prefixes"} & operation.options.keys():
            table = before.table(operation.table, operation.schema)
            old = {} if table is None else dict(table.options)
        for name, value in operation.options.items():
            for action in self.option_actions(name, value, old.get(name)):
                yield alteration(place, action, Turn.LAST, [name])

    def option_actions(self, name: str, value: Any, old: Any) -> Iterator[str]:
        """What follows ALTER TABLE place to give an option another value."""
        match name:
            case "with":
                kept, there = (storage({"with": said or {}})["with"] for said in (value, old))
                gone = [parameter for parameter in there if parameter not in kept]
                if gone:
                    yield f"RESET ({', '.join(gone)})"
                if kept:
                    yield f"SET ({self.parameters(kept)})"
            case "tablespace":
                yield f"SET TABLESPACE {self.quoted(value or 'pg_default')}"
            case "using":
                if self.version < (15,):
                    raise NotSupportedHere("changing a table's access method", self.title)
                yield f"SET ACCESS METHOD {self.quoted(value or 'heap')}"
            case "prefixes":
                unlogged = "UNLOGGED" in (value or ())
                yield "SET UNLOGGED" if unlogged else "SET LOGGED"
            case "inherits":
                wanted = (value,) if isinstance(value, str) else tuple(value or ())
                parents = (old,) if isinstance(old, str) else tuple(old or ())
                for parent in parents:
                    if parent not in wanted:
                        yield f"NO INHERIT {self.referent(parent)}"
                for parent in wanted:
                    if parent not in parents:
                        yield f"INHERIT {self.referent(parent)}"
            case _:
                raise NotSupportedHere(f"changing the table option '{name}'", self.title)

    # -- columns

    def add_column(self, operation: AddColumn, before: Known) -> Iterator[Step]:
        """ADD COLUMN, with a foreign key in its clause where that spares a scan of the table.

        A foreign key added on its own makes PostgreSQL look at every row; one that comes with a
        column full of nulls does not.
        """
        yield from self.missing_enums(operation.enums, before)
        column = operation.column
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        key = self.inline_key(operation)
        words = self.column(column) + (f" {self.inline_references(key)}" if key else "")
        place = self.place(operation.table, operation.schema)
        yield alteration(
            place,
            f"ADD COLUMN {guard}{words}",
            Turn.ADD_COLUMN,
            {column.name} | words_of(column.computed.expression if column.computed else ""),
        )
        rest = tuple(item for item in operation.constraints if item is not key)
        yield from self.on_new_column(
            AddColumn(
                operation.table,
                operation.schema,
                column=column,
                constraints=rest,
                indexes=operation.indexes,
                if_not_exists=operation.if_not_exists,
            ),
            before,
        )

    def inline_key(self, operation: AddColumn) -> ForeignKey | None:
        """The foreign key that is written in the column's clause, or ``None``."""
        column = operation.column
        empty = column.nullable and column.default is None and column.computed is None
        for item in operation.constraints:
            alone = isinstance(item, ForeignKey) and item.columns == (column.name,)
            if alone and is_validated(item) and (operation.inline or empty):
                assert isinstance(item, ForeignKey)
                return item
        return None

    def inline_references(self, key: ForeignKey) -> str:
        """A foreign key in a column's own clause."""
        name = "" if key.name is None else f"CONSTRAINT {self.quoted(key.name)} "
        return name + self.references(key)

    def drop_column(self, operation: DropColumn, before: Known) -> Iterator[Step]:
        self.abandon(operation.table, operation.schema, before, operation.column)
        guard = "IF EXISTS " if operation.if_exists else ""
        place = self.place(operation.table, operation.schema)
        action = f"DROP COLUMN {guard}{self.quoted(operation.column)}"
        yield alteration(place, action, Turn.DROP, [operation.column])

    # -- constraints

    def add_constraint(self, operation: AddConstraint, before: Known) -> Iterator[Step]:
        """ADD CONSTRAINT, with NOT VALID where only new rows are to keep to it.

        It has no IF NOT EXISTS.
        """
        constraint = operation.constraint
        if operation.is_done(before):
            return
        words = self.constraint(constraint) + ("" if is_validated(constraint) else " NOT VALID")
        yield alteration(
            self.place(operation.table, operation.schema),
            f"ADD {words}",
            turn_of(constraint),
            names_in(constraint),
        )

    def drop_constraint(self, operation: DropConstraint, before: Known) -> Iterator[Step]:
        for step in super().drop_constraint(operation, before):
            assert isinstance(step, Statement)
            place = self.place(operation.table, operation.schema)
            action = step.sql.removeprefix(f"ALTER TABLE {place} ")
            yield alteration(place, action, Turn.DROP, words_of(action))

    def rename_constraint(self, operation: RenameConstraint, before: Known) -> Iterator[Step]:
        """ALTER TABLE ... RENAME CONSTRAINT."""
        place = self.place(operation.table, operation.schema)
        old, new = self.quoted(operation.name), self.quoted(operation.new_name)
        yield Statement(f"ALTER TABLE {place} RENAME CONSTRAINT {old} TO {new}")

    def validate_constraint(self, operation: ValidateConstraint, before: Known) -> Iterator[Step]:
        """VALIDATE CONSTRAINT, which lets others write while it looks at the rows."""
        place = self.place(operation.table, operation.schema)
        yield Statement(f"ALTER TABLE {place} VALIDATE CONSTRAINT {self.quoted(operation.name)}")


def turn_of(constraint: Constraint) -> Turn:
    """When an ALTER TABLE adds a constraint of this kind."""
    return Turn.CONSTRAINT if isinstance(constraint, Check) else Turn.LAST


def names_in(constraint: Constraint) -> frozenset[str]:
    """The names a constraint has to do with: its own, and those of its columns."""
    names = frozenset() if constraint.name is None else frozenset({constraint.name})
    match constraint:
        case PrimaryKey() | Unique() | ForeignKey():
            return names | frozenset(constraint.columns)
        case Check():
            return names | words_of(constraint.condition)
        case Exclude():
            return names | words_of(constraint.key) | words_of(constraint.where or "")
    return names
