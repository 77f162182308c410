"""The SQL of each operation in the standard's form: one dispatch, in the open."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors.operations import NotSupportedHere
from ..operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterSequence,
    AlterTable,
    BulkInsert,
    CommentTable,
    CreateDomain,
    CreateEnum,
    CreateIndex,
    CreateNamespace,
    CreateSequence,
    CreateTable,
    CustomOperation,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropNamespace,
    DropSequence,
    DropTable,
    Execute,
    Nothing,
    Operation,
    RenameConstraint,
    RenameEnum,
    RenameIndex,
    RenameTable,
    SetTableOptions,
    Upsert,
    ValidateConstraint,
)
from ..operations.base import enums_of
from ..operations.domains import DomainOperation
from ..operations.types import EnumOperation
from ..schema import Column, Constraint, Known, Schema, Type, edits
from .clauses import Clauses
from .statement import Data, Statement, Step

ENUMS_THEMSELVES = CreateEnum | DropEnum | RenameEnum


class StandardStatements(Clauses):
    """The statements of each operation.

    What an operation needs to know of the database it asks of ``before``. All steps of an operation
    are made before the first is carried out, so a step must not depend on reading what an earlier
    one did.
    """

    def statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        """The steps that carry out an operation. Raises `OperationError`."""
        match operation:
            case AlterTable():
                yield from self.alter_table(operation, before)
            case CreateTable():
                yield from self.create_table(operation, before)
            case DropTable():
                yield from self.drop_table(operation, before)
            case RenameTable():
                yield from self.rename_table(operation, before)
            case CommentTable():
                yield from self.comment_table(operation, before)
            case SetTableOptions():
                yield from self.set_table_options(operation, before)
            case AddColumn():
                yield from self.add_column(operation, before)
            case DropColumn():
                yield from self.drop_column(operation, before)
            case AlterColumn():
                yield from self.alter_column(operation, before)
            case AddConstraint():
                yield from self.add_constraint(operation, before)
            case DropConstraint():
                yield from self.drop_constraint(operation, before)
            case RenameConstraint():
                yield from self.rename_constraint(operation, before)
            case ValidateConstraint():
                yield from self.validate_constraint(operation, before)
            case CreateIndex():
                yield from self.create_index(operation, before)
            case DropIndex():
                yield from self.drop_index(operation, before)
            case RenameIndex():
                yield from self.rename_index(operation, before)
            case _:
                yield from self.other_statements(operation, before)

    def other_statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        """The steps of what does not concern one table: types, namespaces, rows, plugins."""
        match operation:
            case CreateSequence():
                yield from self.create_sequence(operation)
            case DropSequence():
                yield from self.drop_sequence(operation)
            case AlterSequence():
                yield from self.alter_sequence(operation)
            case CreateDomain() | DomainOperation():
                yield from self.domain(operation)
            case CreateNamespace():
                yield from self.create_namespace(operation)
            case DropNamespace():
                yield from self.drop_namespace(operation)
            case CreateEnum() | EnumOperation():
                yield from self.enum(operation, before)
            case Execute() | BulkInsert() | Upsert():
                yield Data(operation)
            case CustomOperation():
                yield from self.custom(operation)
            case Nothing():
                return
            case _:
                raise NotSupportedHere(f"the operation {type(operation).__name__}", self.title)

    # -- tables

    def create_table(self, operation: CreateTable, before: Known) -> Iterator[Step]:
        """CREATE TABLE, its indexes and comments."""
        table = operation.table
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        place = self.place(table.name, table.schema)
        yield Statement(f"CREATE {self.prefixes(table)}TABLE {guard}{place} {self.table(table)}")
        for index in table.indexes.values():
            yield from self.create_index(
                CreateIndex(table.name, table.schema, index, if_not_exists=operation.if_not_exists),
                before,
            )
        yield from self.table_comments(operation)

    def table_comments(self, operation: CreateTable) -> Iterator[Step]:
        """The comments of a new table and its columns."""
        table = operation.table
        if table.comment is not None:
            yield from self.comment_table(
                CommentTable(table.name, table.schema, table.comment), Schema()
            )
        for column in table.columns.values():
            if column.comment is not None:
                yield from self.comment_column(table.name, table.schema, column)

    def drop_table(self, operation: DropTable, before: Known) -> Iterator[Step]:
        """DROP TABLE."""
        guard = "IF EXISTS " if operation.if_exists else ""
        yield Statement(f"DROP TABLE {guard}{self.place(operation.table, operation.schema)}")

    def rename_table(self, operation: RenameTable, before: Known) -> Iterator[Step]:
        """ALTER TABLE ... RENAME TO."""
        place = self.place(operation.table, operation.schema)
        yield Statement(f"ALTER TABLE {place} RENAME TO {self.quoted(operation.new_name)}")

    def comment_table(self, operation: CommentTable, before: Known) -> Iterator[Step]:
        """COMMENT ON TABLE."""
        comment = "NULL" if operation.comment is None else self.literal(operation.comment)
        place = self.place(operation.table, operation.schema)
        yield Statement(f"COMMENT ON TABLE {place} IS {comment}")

    def comment_column(self, table: str, schema: str | None, column: Column) -> Iterator[Step]:
        """COMMENT ON COLUMN."""
        comment = "NULL" if column.comment is None else self.literal(column.comment)
        place = f"{self.place(table, schema)}.{self.quoted(column.name)}"
        yield Statement(f"COMMENT ON COLUMN {place} IS {comment}")

    def set_table_options(self, operation: SetTableOptions, before: Known) -> Iterator[Step]:
        """Table options have no standard."""
        raise NotSupportedHere(f"the table options {', '.join(operation.options)}", self.title)

    def alter_table(self, operation: AlterTable, before: Known) -> Iterator[Step]:
        """The group's changes one after the other, each seeing what the last one left."""
        known = before
        for change in operation.operations:
            yield from self.statements(change, known)
            known = self.after(change, known, operation)

    def after(self, change: Operation, known: Known, group: AlterTable) -> Known:
        """What is known once a change of a group is done, without asking the database."""
        if not isinstance(known, Schema):
            table = known.table(group.table, group.schema)
            if table is None:
                return known
            known = edits.with_enums(Schema(tables={table.key: table}), enums_of(table, known))
        return change.apply(known)

    # -- columns

    def add_column(self, operation: AddColumn, before: Known) -> Iterator[Step]:
        """ADD COLUMN, then what stands on the column."""
        place = self.place(operation.table, operation.schema)
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        yield Statement(f"ALTER TABLE {place} ADD COLUMN {guard}{self.column(operation.column)}")
        yield from self.on_new_column(operation, before)

    def on_new_column(self, operation: AddColumn, before: Known) -> Iterator[Step]:
        """The constraints, indexes and comment of a column that was just added."""
        table, schema = operation.table, operation.schema
        for constraint in operation.constraints:
            yield from self.add_constraint(
                AddConstraint(table, schema, constraint, operation.if_not_exists), before
            )
        for index in operation.indexes:
            yield from self.create_index(
                CreateIndex(table, schema, index, if_not_exists=operation.if_not_exists), before
            )
        if operation.column.comment is not None:
            yield from self.comment_column(table, schema, operation.column)

    def drop_column(self, operation: DropColumn, before: Known) -> Iterator[Step]:
        """DROP COLUMN."""
        place = self.place(operation.table, operation.schema)
        guard = "IF EXISTS " if operation.if_exists else ""
        yield Statement(f"ALTER TABLE {place} DROP COLUMN {guard}{self.quoted(operation.column)}")

    def alter_column(self, operation: AlterColumn, before: Known) -> Iterator[Step]:
        """The standard's ALTER COLUMN, a statement for each attribute, the new name last."""
        place = self.place(operation.table, operation.schema)
        name = self.quoted(operation.column)
        changes = operation.changes
        for constraint in operation.dropped_constraints:
            yield from self.drop_constraint(dropping(operation, constraint), before)
        for words in self.column_changes(operation):
            yield Statement(f"ALTER TABLE {place} ALTER COLUMN {name} {words}")
        if "comment" in changes:
            changed = Column(operation.column, column_type(operation), comment=changes["comment"])
            yield from self.comment_column(operation.table, operation.schema, changed)
        if "name" in changes:
            new = self.quoted(changes["name"])
            yield Statement(f"ALTER TABLE {place} RENAME COLUMN {name} TO {new}")
        for constraint in operation.constraints:
            yield from self.add_constraint(
                AddConstraint(operation.table, operation.schema, constraint), before
            )

    def column_changes(self, operation: AlterColumn) -> Iterator[str]:
        """What follows ALTER COLUMN name, for each attribute that changes."""
        changes = operation.changes
        if "computed" in changes or "identity" in changes or "autoincrement" in changes:
            raise NotSupportedHere("changing how a column is generated", self.title)
        if "type" in changes:
            yield f"SET DATA TYPE {changes['type'].text}"
        if "default" in changes:
            default = changes["default"]
            yield "DROP DEFAULT" if default is None else f"SET DEFAULT {self.default(default)}"
        if "nullable" in changes:
            yield "DROP NOT NULL" if changes["nullable"] else "SET NOT NULL"

    # -- constraints

    def add_constraint(self, operation: AddConstraint, before: Known) -> Iterator[Step]:
        """ADD CONSTRAINT."""
        place = self.place(operation.table, operation.schema)
        yield Statement(f"ALTER TABLE {place} ADD {self.constraint(operation.constraint)}")

    def drop_constraint(self, operation: DropConstraint, before: Known) -> Iterator[Step]:
        """DROP CONSTRAINT, its name read from the database where the revision has none."""
        name = operation.name
        if name is None and (table := before.table(operation.table, operation.schema)):
            found = operation.found(table)
            name = None if found is None else found.name
        place = self.place(operation.table, operation.schema)
        guard = "IF EXISTS " if operation.if_exists else ""
        quoted = self.constraint_name(name, operation.key)
        yield Statement(f"ALTER TABLE {place} DROP CONSTRAINT {guard}{quoted}")

    def rename_constraint(self, operation: RenameConstraint, before: Known) -> Iterator[Step]:
        """Renaming a constraint has no standard."""
        raise NotSupportedHere("renaming constraints", self.title)

    def validate_constraint(self, operation: ValidateConstraint, before: Known) -> Iterator[Step]:
        """Constraints are always validated, unless a database says otherwise."""
        yield from ()

    # -- indexes

    def create_index(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        """CREATE INDEX."""
        index = operation.index
        unique = "UNIQUE " if index.unique else ""
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        place = self.place(operation.table, operation.schema)
        keys = ", ".join(self.index_key(key) for key in index.keys)
        name = self.index_name(index, operation.key)
        yield Statement(f"CREATE {unique}INDEX {guard}{name} ON {place} ({keys})")

    def drop_index(self, operation: DropIndex, before: Known) -> Iterator[Step]:
        """DROP INDEX."""
        guard = "IF EXISTS " if operation.if_exists else ""
        yield Statement(f"DROP INDEX {guard}{self.place(operation.name, operation.schema)}")

    def rename_index(self, operation: RenameIndex, before: Known) -> Iterator[Step]:
        """Renaming an index has no standard."""
        raise NotSupportedHere("renaming indexes", self.title)

    # -- the rest

    def create_sequence(self, operation: CreateSequence) -> Iterator[Step]:
        """CREATE SEQUENCE."""
        sequence = operation.sequence
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        words = " ".join(self.sequence_options(sequence))
        place = self.place(sequence.name, sequence.schema)
        yield Statement(f"CREATE SEQUENCE {guard}{place} {words}".rstrip())

    def drop_sequence(self, operation: DropSequence) -> Iterator[Step]:
        """DROP SEQUENCE."""
        guard = "IF EXISTS " if operation.if_exists else ""
        yield Statement(f"DROP SEQUENCE {guard}{self.place(operation.name, operation.schema)}")

    def alter_sequence(self, operation: AlterSequence) -> Iterator[Step]:
        """ALTER SEQUENCE."""
        place = self.place(operation.name, operation.schema)
        words = " ".join(self.altered_options(operation))
        yield Statement(f"ALTER SEQUENCE {place} {words}")

    def domain(self, operation: Operation) -> Iterator[Step]:
        """Hardly any database has the standard's domains."""
        raise NotSupportedHere("domains", self.title)

    def create_namespace(self, operation: CreateNamespace) -> Iterator[Step]:
        """CREATE SCHEMA."""
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        yield Statement(f"CREATE SCHEMA {guard}{self.quoted(operation.name)}")

    def drop_namespace(self, operation: DropNamespace) -> Iterator[Step]:
        """DROP SCHEMA."""
        if operation.if_empty:
            raise NotSupportedHere("dropping a schema only if it is empty", self.title)
        guard = "IF EXISTS " if operation.if_exists else ""
        cascade = " CASCADE" if operation.cascade else ""
        yield Statement(f"DROP SCHEMA {guard}{self.quoted(operation.name)}{cascade}")

    def enum(self, operation: Operation, before: Known) -> Iterator[Step]:
        """Named enum types have no standard; where columns list the values, none is to be made."""
        if not (self.enums_are_of_columns and isinstance(operation, ENUMS_THEMSELVES)):
            raise NotSupportedHere(
                "named enum types",
                self.title,
                hint="Change the columns that have such values instead, with op.alter_column().",
            )
        yield from ()

    @property
    def enums_are_of_columns(self) -> bool:
        """Whether a column's own type, or a check, says which values it can have."""
        return not self.sqlalchemy.supports_native_enum

    def custom(self, operation: CustomOperation) -> Iterator[Step]:
        """What a plugin's operation says it is made of."""
        for said in operation.statements(self):
            yield Statement(said) if isinstance(said, str) else Data(Execute(said))


def column_type(operation: AlterColumn) -> Type:
    """The type an altered column ends up with, as far as the operation says."""
    return operation.changes.get("type") or operation.existing.get("type") or Type("")


def dropping(operation: AlterColumn, constraint: Constraint) -> DropConstraint:
    """The operation that drops a constraint which came with the old type."""
    return DropConstraint(
        operation.table, operation.schema, constraint.name, "check", definition=constraint
    )
