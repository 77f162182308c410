"""What SQLite does for each operation: its own statements, an edit of a stored text, or a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from ...errors.altering import CannotKeep, ChangeRefused, UnknownSchema
from ...errors.operations import NotSupportedHere, UnknownIndex, UnknownTable
from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CommentTable,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetTableOptions,
    TableOperation,
    ValidateConstraint,
)
from ...operations.columns import column_of
from ...operations.group import written_anew
from ...schema import Known, Schema, Table, key_of
from ...schema.edits import ordered
from ..statement import Statement, Step
from . import checks, editing, schema_edit
from .asking import Ask, looking
from .columns import is_plain, takes_plainly
from .constraints import ConstraintChanges
from .conventions import conventional
from .copied import as_told
from .plan import COPY, NOTHING, TEXT, Plan, begun, differences
from .read import read
from .runs import is_renaming, runs_of
from .schema_edit import SchemaEdit
from .scratch import Catalogue, Scratch, Stored, attach, is_attached, placed, scratch
from .spelled import spelled_table
from .tokens import NotUnderstood, mentions


class Changing(ConstraintChanges):
    """Carries out changes to tables that exist."""

    # -- what there is

    def catalogue(self, before: Known, schema: str | None, made: Scratch) -> Catalogue:
        """The database's own catalogue, or one made of what was replayed."""
        connection = getattr(before, "connection", None)
        if connection is not None:
            ask = looking(connection)
            if getattr(before, "is_offline", False):
                attach(ask, schema)
            elif not is_attached(ask, schema):
                raise UnknownSchema(schema or "")
            return Catalogue(ask, schema)
        if isinstance(before, Schema):
            self.fill(made.ask, before.tables.values())
        return Catalogue(made.ask, schema)

    def fill(self, ask: Ask, tables: Iterable[Table]) -> None:
        """Create tables and their indexes in a database in memory."""
        for table in tables:
            spelled = spelled_table(table)
            attach(ask, table.schema)
            ask(self.table_text(spelled))
            for index in spelled.indexes.values():
                ask(self.index_text(index, table.name, table.schema))

    def stored(self, catalogue: Catalogue, name: str) -> Stored:
        """The table's texts. Raises `UnknownTable`."""
        stored = catalogue.stored(name)
        if stored is None:
            raise UnknownTable(key_of(name, catalogue.schema))
        return stored

    def table_of(self, catalogue: Catalogue, stored: Stored) -> Table:
        """The table as values. Raises `CannotKeep` for a virtual one."""
        key = key_of(stored.name, catalogue.schema)
        table = read(catalogue.ask, (catalogue.schema,), (key,)).tables.get(key)
        if table is None:
            raise CannotKeep(key, "it is not a table that stores rows of its own")
        return table

    # -- tables and indexes

    def drop_table(self, operation: DropTable, before: Known) -> Iterator[Step]:
        """DROP TABLE; with foreign keys off where it would take rows of other tables along."""
        with scratch(self.sqlalchemy) as made:
            catalogue = self.catalogue(before, operation.schema, made)
            if not catalogue.exists(operation.table) and not operation.if_exists:
                raise UnknownTable(operation.key)
            asked = getattr(before, "connection", None) is not None
            heeded = not asked or catalogue.heeds_foreign_keys()
            linked = heeded and bool(catalogue.referenced(operation.table))
        guard = "IF EXISTS " if operation.if_exists else ""
        place = self.place(operation.table, operation.schema)
        # https://www.sqlite.org/foreignkeys.html#fk_schemacommands: DROP TABLE deletes the rows
        # first, which ON DELETE CASCADE would pass on.
        yield Statement(f"DROP TABLE {guard}{place}", unguarded=linked)

    def rename_table(self, operation: RenameTable, before: Known) -> Iterator[Step]:
        """ALTER TABLE ... RENAME TO; foreign keys, triggers and views follow."""
        with scratch(self.sqlalchemy) as made:
            catalogue = self.catalogue(before, operation.schema, made)
            if not catalogue.exists(operation.table):
                raise UnknownTable(operation.key)
            if operation.new_name.lower() == operation.table.lower():
                # Where only the case of letters changes, the old name is in the new one's way.
                aside = f"_{operation.table}_renamed"
                while aside.lower() in catalogue.names():
                    aside += "_"
                yield from super().rename_table(replace(operation, new_name=aside), before)
                operation = replace(operation, table=aside)
        yield from super().rename_table(operation, before)

    def create_index(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        """CREATE INDEX."""
        with scratch(self.sqlalchemy) as made:
            catalogue = self.catalogue(before, operation.schema, made)
            stored = self.stored(catalogue, operation.table)
            if not all(map(partial(mentions, stored.sql), operation.index.columns)):
                table = self.table_of(catalogue, stored)
                for column in operation.index.columns:
                    column_of(table, column)
        yield from super().create_index(operation, before)

    def drop_index(self, operation: DropIndex, before: Known) -> Iterator[Step]:
        """DROP INDEX; or a copy of the table, where a UNIQUE constraint has that name."""
        try:
            if not self.is_index_of_table(operation, before):
                self.index_sql(operation, before)
        except UnknownIndex:
            table = before.table(operation.table, operation.schema) if operation.table else None
            if table is not None and operation.name in table.uniques:
                yield from self.alone(operation, before)
                return
            if not operation.if_exists:
                raise
        yield from super().drop_index(operation, before)

    def rename_index(self, operation: RenameIndex, before: Known) -> Iterator[Step]:
        """The index dropped and created anew from its own text, under the other name."""
        sql = self.index_sql(operation, before)
        yield Statement(f"DROP INDEX {self.place(operation.name, operation.schema)}")
        renamed = editing.with_index_name(sql, self.quoted(operation.new_name))
        yield Statement(placed(renamed, operation.schema))

    def is_index_of_table(self, operation: DropIndex, before: Known) -> bool:
        """Whether the index is of the table that is named, which can be told without a search."""
        with scratch(self.sqlalchemy) as made:
            catalogue = self.catalogue(before, operation.schema, made)
            return bool(operation.table) and catalogue.has_index(operation.table, operation.name)

    def index_sql(self, operation: DropIndex | RenameIndex, before: Known) -> str:
        """An index's text. Raises `UnknownIndex`."""
        with scratch(self.sqlalchemy) as made:
            catalogue = self.catalogue(before, operation.schema, made)
            name = self.literal(operation.name)
            found = catalogue.entries(f"type = 'index' AND name = {name} COLLATE NOCASE")
            if not found:
                table = operation.key if operation.table else None
                of_table = catalogue.stored(operation.table) if operation.table else None
                known = list(of_table.indexes) if of_table else ()
                raise UnknownIndex(table, operation.name, known)
            return found[0].sql

    # -- changes to one table

    def add_column(self, operation: AddColumn, before: Known) -> Iterator[Step]:
        connection = getattr(before, "connection", None)
        if connection is not None and is_plain(operation):
            ask = looking(connection)
            there = is_attached(ask, operation.schema)
            stored = Catalogue(ask, operation.schema).stored(operation.table) if there else None
            if stored is not None and takes_plainly(stored.sql, operation.column.name):
                yield self.native_addition(stored, operation.column)
                return
        yield from self.alone(operation, before)

    def alone(self, operation: TableOperation, before: Known) -> Iterator[Step]:
        """One change as a group of one."""
        yield from self.alter_table(
            AlterTable(operation.table, operation.schema, (operation,)), before
        )

    drop_column = alter_column = alone
    add_constraint = drop_constraint = rename_constraint = alone
    set_table_options = alone

    def alter_table(self, operation: AlterTable, before: Known) -> Iterator[Step]:
        """The group's changes, with one copy of the table at most between two renamed columns."""
        with scratch(self.sqlalchemy) as made, scratch(self.sqlalchemy) as rehearsed:
            catalogue = self.catalogue(before, operation.schema, made)
            edits = not getattr(before, "is_offline", isinstance(before, Schema))
            told = operation.copied_from
            if told is not None and not edits and not catalogue.exists(operation.table):
                self.fill(catalogue.ask, [told])
            if told is not None and self.writes_anew(operation):
                table = self.table_of(catalogue, self.stored(catalogue, operation.table))
                operation = as_told(operation, table, told)
            runs = list(runs_of(operation, edits=edits))
            for number, run in enumerate(runs):
                steps = list(self.run(run, catalogue, operation, edits=edits))
                yield from steps
                if number + 1 == len(runs):
                    return
                if number == 0:
                    name = self.stored(catalogue, operation.table).name
                    catalogue.copied_to(rehearsed, catalogue.around(name))
                self.rehearse(steps, rehearsed, operation.key)
                catalogue = Catalogue(rehearsed.ask, operation.schema)

    def writes_anew(self, group: AlterTable) -> bool:
        """Whether Alembic would copy the table, and do with it what only a copy does."""
        return written_anew(group.operations, group.recreate, self.sqlalchemy)

    def rehearse(self, steps: Iterable[Step], made: Scratch, table: str) -> None:
        """Carry steps out on a scratch database, where there are no rows to ask about."""
        for step in steps:
            try:
                match step:
                    case SchemaEdit():
                        schema_edit.carry_out(step, made.ask, lambda other: None)
                    case Statement():
                        made.ask(step.sql)
            except Exception as error:
                raise ChangeRefused(table, str(error)) from error

    def run(
        self,
        changes: list[TableOperation],
        catalogue: Catalogue,
        group: AlterTable,
        *,
        edits: bool,
    ) -> Iterator[Step]:
        """Changes without a renamed column among them, or one renamed column."""
        stored = self.stored(catalogue, group.table)
        key = key_of(stored.name, catalogue.schema)
        if len(changes) == 1 and is_renaming(changes[0]):
            yield from self.renamed_column(changes[0], stored, catalogue)
            return
        table = self.table_of(catalogue, stored)
        plan = begun(catalogue, stored, table)
        start = plan.parsed
        for change in changes:
            try:
                self.plan(plan, self.resolved(change, plan, group))
            except NotUnderstood as error:
                raise CannotKeep(key, str(error)) from error
        if group.naming_convention and self.writes_anew(group):
            self.name_keys(plan, group.naming_convention)
        if group.order:
            names = ordered(list(plan.table.columns), group.order)
            plan.add(COPY, editing.reordered(plan.text, names))
        if plan.table.options.get("strict") or any(
            piece.how in (TEXT, COPY) for piece in plan.pieces
        ):
            self.verify(plan)
        yield from plan.steps(group.recreate, edits=edits, start=start)

    def renamed_column(
        self, change: AlterColumn, stored: Stored, catalogue: Catalogue
    ) -> Iterator[Step]:
        """RENAME COLUMN; keys, CHECKs, indexes, triggers and views follow."""
        key = key_of(stored.name, catalogue.schema)
        table = self.table_of(catalogue, stored)
        if change.name in table.columns:
            raise ChangeRefused(key, f"it already has a column '{change.name}'")
        replace(change, table=stored.name).apply(Schema(tables={key: table}))
        old, new = self.quoted(change.column), self.quoted(str(change.name))
        place = checks.place(stored)
        yield Statement(f"ALTER TABLE {place} RENAME COLUMN {old} TO {new}")

    def resolved(self, change: TableOperation, plan: Plan, group: AlterTable) -> TableOperation:
        """The change with the table's own name, and a constraint that only a convention names."""
        change = replace(change, table=plan.stored.name)
        if not isinstance(change, DropConstraint) or not change.name or change.found(plan.table):
            return change
        found = conventional(plan.table, change.name, group.naming_convention)
        return change if found is None else replace(change, name=None, definition=found)

    def plan(self, plan: Plan, change: TableOperation) -> None:
        """Take one change into the plan."""
        match change:
            case AddColumn():
                self.plan_add_column(plan, change)
            case DropColumn():
                self.plan_drop_column(plan, change)
            case AlterColumn():
                self.plan_alter_column(plan, change)
            case AddConstraint():
                self.plan_add_constraint(plan, change)
            case DropConstraint():
                self.plan_drop_constraint(plan, change)
            case RenameConstraint():
                self.plan_rename_constraint(plan, change)
            case CreateIndex():
                self.plan_create_index(plan, change)
            case DropIndex() | RenameIndex():
                self.plan_index(plan, change)
            case SetTableOptions():
                self.plan_options(plan, change)
            case CommentTable() | ValidateConstraint():
                plan.add(NOTHING)
            case _:
                what = f"the operation {type(change).__name__} in a group"
                raise NotSupportedHere(what, self.title)

    # -- making sure

    def verify(self, plan: Plan) -> None:
        """See that the new text says exactly what was intended, or write it anew.

        Raises `ChangeRefused` where SQLite would not take it, and `CannotKeep`.
        """
        if not plan.table.columns:
            raise ChangeRefused(plan.table.key, "it would have no column left; drop the table")
        wrong = self.tried(plan)
        if wrong:
            plan.add(COPY, self.table_text(replace(plan.table, schema=None)))
            wrong = self.tried(plan)
        if wrong:
            raise CannotKeep(plan.table.key, f"its {' and '.join(wrong)} would not come out right")

    def tried(self, plan: Plan) -> list[str]:
        """In which respects SQLite understands the new text otherwise than it was intended."""
        with scratch(self.sqlalchemy) as made:
            attach(made.ask, plan.schema)
            try:
                for sql in (plan.text.text, *plan.indexes.values()):
                    made.ask(placed(sql, plan.schema))
            except Exception as error:
                raise ChangeRefused(plan.table.key, str(error)) from error
            found = read(made.ask, (plan.schema,), (plan.table.key,)).tables
            return differences(plan.table, found[plan.table.key])
