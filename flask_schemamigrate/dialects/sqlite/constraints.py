"""How constraints and indexes come and go: in the stored text, natively, or by a copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...errors.altering import CannotKeep, ChangeRefused
from ...errors.operations import NotSupportedHere, UnknownColumn, UnknownIndex
from ...operations import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameConstraint,
    RenameIndex,
)
from ...operations.columns import column_of
from ...schema import Check, Constraint, Exclude, ForeignKey, PrimaryKey, Unique, edits
from ..statement import Question, Statement, Step
from . import checks, conventions, editing
from .columns import ColumnChanges
from .plan import COPY, NATIVE, NOTHING, TEXT, Plan
from .scratch import placed
from .stored_text import parse_table
from .tokens import names


class ConstraintChanges(ColumnChanges):
    """Adds, drops and renames constraints and indexes of a planned table."""

    # -- constraints

    def plan_add_constraint(self, plan: Plan, operation: AddConstraint) -> None:
        """Take in a new constraint; rows that are against it are looked for."""
        constraint = operation.constraint
        keys = {item.key for item in plan.table.constraints}
        if operation.if_not_exists and constraint.key in keys:
            return plan.add(NOTHING)
        named = (item for item in plan.table.constraints if item.name == constraint.name)
        if constraint.name and (same := next(named, None)) is not None:
            # Alembic's batches take one for the other, and old revisions count on it.
            said = [self.constraint(item).lower() for item in (same, constraint)]
            if said[0] == said[1]:
                return plan.add(NOTHING)
            self._make_way(plan, same, constraint)
        key = plan.table.primary_key
        if isinstance(constraint, PrimaryKey) and key:
            # As in Alembic's batches: one that nobody named cannot be dropped by its name before.
            self.plan_drop_constraint(
                plan, DropConstraint(operation.table, operation.schema, key.name, "primary")
            )
        if isinstance(constraint, Exclude):
            raise NotSupportedHere("exclusion constraints", self.title)
        for column in getattr(constraint, "columns", ()):
            column_of(plan.table, column)
        table = plan.apply(operation)
        text = editing.with_constraint(plan.text, self.constraint(constraint))
        if isinstance(constraint, PrimaryKey):
            for column in constraint.columns:
                parsed = parse_table(text)
                if not parsed.column(column).clause("NOT NULL"):
                    text = editing.with_clause(parsed, column, "NOT NULL", "NOT NULL")
        how = TEXT if isinstance(constraint, Check | ForeignKey) else COPY
        plan.add(how, text, questions=tuple(self.questions(plan, constraint)))
        plan.table = table
        return None

    def _make_way(self, plan: Plan, same: Constraint, constraint: Constraint) -> None:
        """Drop a foreign key for one of its name on its columns, and refuse any other doublet."""
        match same, constraint:
            case ForeignKey(), ForeignKey() if same.columns == constraint.columns:
                place = plan.table.name, plan.table.schema
                self.plan_drop_constraint(plan, DropConstraint(*place, same.name, "foreignkey"))
            case _:
                why = f"it already has a constraint '{constraint.name}'"
                raise ChangeRefused(plan.table.key, why)

    def questions(self, plan: Plan, constraint: Any) -> Iterator[Question]:
        """What the rows must be asked before they get a constraint."""
        match constraint:
            case Check():
                # One that rows are against would make every later copy of the table fail.
                mentioned = names(constraint.condition)
                columns = [name for name in plan.table.columns if name.lower() in mentioned]
                if plan.has_values(*columns):
                    yield checks.all_satisfy(plan.stored, constraint)
            case ForeignKey(validated=True):
                referent = constraint.referent.rpartition(".")[2]
                known = plan.catalogue.exists(referent) and constraint.referent_columns
                if known and plan.has_values(*constraint.columns):
                    _need_columns(plan, constraint)
                    yield checks.all_refer(plan.stored, constraint)
            case Unique() | PrimaryKey():
                if plan.has_values(*constraint.columns):
                    yield checks.none_twice(plan.stored, constraint)

    def plan_drop_constraint(self, plan: Plan, operation: DropConstraint) -> None:
        """Take out a constraint."""
        found = operation.found(plan.table)
        index = operation.unique_index(plan.table) if found is None else None
        if index is not None:
            dropped = DropIndex(operation.table, operation.schema, name=index.name or "")
            return self.plan_index(plan, dropped)
        table = plan.apply(operation)
        if found is None:
            return plan.add(NOTHING)
        clause = editing.clause_of(plan.text, found)
        if clause is None:
            raise CannotKeep(plan.table.key, f"its constraint {found.key} was not found in it")
        how = TEXT if isinstance(found, Check | ForeignKey) else COPY
        plan.add(how, editing.without_clause(plan.text, clause))
        plan.table = table
        return None

    def plan_rename_constraint(self, plan: Plan, operation: RenameConstraint) -> None:
        """Take in another name for a constraint, which is only in the text."""
        table = plan.apply(operation)
        named = DropConstraint(operation.table, operation.schema, name=operation.name)
        found = named.found(plan.table)
        clause = None if found is None else editing.clause_of(plan.text, found)
        if clause is None:
            raise CannotKeep(plan.table.key, f"its constraint {operation.name} was not found in it")
        new = self.quoted(operation.new_name)
        plan.add(TEXT, editing.with_name(plan.text, clause, new))
        plan.table = table

    def name_keys(self, plan: Plan, convention: Mapping[str, str]) -> None:
        """Give the names of a convention to what has none, as Alembic's copies do for good."""
        for constraint, name in conventions.names(plan.table, convention):
            clause = editing.clause_of(plan.text, constraint)
            if clause is not None:
                text = editing.with_name(plan.text, clause, self.quoted(name))
                plan.add(TEXT, text)
                without = edits.without_constraint(plan.table, constraint)
                plan.table = edits.with_constraint(without, replace(constraint, name=name))

    # -- indexes in a group

    def plan_create_index(self, plan: Plan, operation: CreateIndex) -> None:
        """Take in a new index."""
        name = operation.index.name or ""
        if name in plan.indexes:
            if operation.if_not_exists:
                return plan.add(NOTHING)
            raise ChangeRefused(plan.table.key, f"it already has an index '{name}'")
        for column in operation.index.columns:
            column_of(plan.table, column)
        sql = self.index_text(operation.index, plan.stored.name, plan.schema)
        plan.table = plan.apply(operation)
        plan.indexes[name] = sql
        plan.add(NATIVE, native=(Statement(sql),))
        return None

    def plan_index(self, plan: Plan, operation: DropIndex | RenameIndex) -> None:
        """Take in the end of an index, or another name of it."""
        if isinstance(operation, DropIndex) and operation.name in plan.table.uniques:
            dropped = DropConstraint(
                operation.table, operation.schema, name=operation.name, kind="unique"
            )
            return self.plan_drop_constraint(plan, dropped)
        if operation.name not in plan.indexes:
            # One that the same batch took away with a column is as good as dropped.
            is_gone = operation.name in plan.stored.indexes
            if isinstance(operation, DropIndex) and (operation.if_exists or is_gone):
                return plan.add(NOTHING)
            raise UnknownIndex(plan.table.key, operation.name, list(plan.indexes))
        plan.table = plan.apply(operation)
        sql = plan.indexes.pop(operation.name)
        native: tuple[Step, ...] = (self._index_dropped(operation.name, plan),)
        if isinstance(operation, RenameIndex):
            renamed = editing.with_index_name(sql, self.quoted(operation.new_name))
            plan.indexes[operation.new_name] = renamed
            native += (Statement(placed(renamed, plan.schema)),)
        plan.add(NATIVE, native=native)
        return None


def _need_columns(plan: Plan, key: ForeignKey) -> None:
    """See that the other table has what a foreign key leads to. Raises `UnknownColumn`."""
    columns = list(plan.table.columns)
    if key.referent.lower() != plan.table.key.lower():
        columns = plan.catalogue.columns(key.referent.rpartition(".")[2])
    known = {column.lower() for column in columns}
    for column in key.referent_columns:
        if column.lower() not in known:
            raise UnknownColumn(key.referent, column, columns)
