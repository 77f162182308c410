"""The SQL of each operation for MySQL: clauses of ALTER TABLE, joined where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...errors import OperationError
from ...errors.operations import NotSupportedHere, WrongArgument
from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterSequence,
    AlterTable,
    CommentTable,
    CreateIndex,
    CreateNamespace,
    CreateSequence,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNamespace,
    DropSequence,
    Operation,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetTableOptions,
    TableOperation,
)
from ...schema import Known, Schema, Table, edits
from ..standard import StandardStatements
from ..statement import Question, Statement, Step
from . import options
from .columns import ColumnChanges
from .indexes import keys_dropped, went_along, with_heirs
from .joining import Change, joined
from .later import Later
from .types import TEXTS, base, collation

CHANGES = (
    AddColumn
    | DropColumn
    | AlterColumn
    | AddConstraint
    | DropConstraint
    | RenameConstraint
    | CreateIndex
    | DropIndex
    | RenameIndex
    | CommentTable
    | SetTableOptions
)


class MySQLStatements(ColumnChanges, StandardStatements):
    """The statements of each operation."""

    done: Sequence[Operation] = ()

    def statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        """The steps that carry out an operation. Raises `OperationError`."""
        if isinstance(operation, DropIndex) and not operation.table:
            found = self.table_of_index(operation, before)
            if found is None:
                return
            operation = found
        if self.is_gone(operation, before, self.done):
            return
        if isinstance(operation, CHANGES):
            self.refuse_unguarded(operation, before)
            place = self.place(operation.table, operation.schema)
            yield from joined(place, self.changes(operation, before))
        else:
            yield from super().statements(operation, before)

    def is_gone(self, operation: Operation, before: Known, done: Sequence[Operation]) -> bool:
        """Whether an operation drops an index that has gone with its foreign key."""
        if not isinstance(operation, DropIndex):
            return False
        # Without one, nothing need be asked of the server.
        dropped = keys_dropped(operation, done)
        return bool(dropped) and went_along(
            operation, before.table(operation.table, operation.schema), dropped
        )

    def refuse_unguarded(self, operation: TableOperation, before: Known) -> None:
        """Raise `NotSupportedHere` where only the server could say whether something is there."""
        asked = [
            word.upper().replace("_", " ")
            for word in ("if_exists", "if_not_exists")
            if getattr(operation, word, False) and not self.guard(True, word)
        ]
        if not asked or not isinstance(before, Schema):
            return
        if before.table(operation.table, operation.schema) is None:
            raise NotSupportedHere(
                f"{asked[0]} in ALTER TABLE, and table '{operation.key}' is not known here",
                self.title,
                hint="Leave it out, or begin the URL with mariadb if that is what it is.",
            )

    def changes(self, operation: Operation, before: Known) -> Iterator[Change | Step]:
        """What an operation adds to an ALTER TABLE."""
        match operation:
            case AddColumn():
                yield from self.add_column_changes(operation, before)
            case DropColumn():
                yield from self.drop_column_changes(operation, before)
            case AlterColumn():
                yield from self.alter_column_changes(operation, before)
            case AddConstraint():
                yield from self.add_constraint_changes(operation, before)
            case DropConstraint():
                yield from self.drop_constraint_changes(operation, before)
            case RenameConstraint():
                yield from self.rename_constraint_changes(operation, before)
            case CreateIndex():
                yield from self.create_index_changes(operation, before)
            case DropIndex():
                yield from self.drop_index_changes(operation, before)
            case RenameIndex():
                yield self.renamed_index(operation.name, operation.new_name)
            case CommentTable():
                yield Change(f"COMMENT = {self.literal(operation.comment or '')}")
            case SetTableOptions():
                yield from self.option_changes(operation, before)
            case _:
                yield from self.statements(operation, before)

    # -- tables

    def alter_table(self, operation: AlterTable, before: Known) -> Iterator[Step]:
        """The group's changes, as many in one ALTER TABLE as the server can take."""
        place = self.place(operation.table, operation.schema)
        yield from joined(place, self.group(operation, before))

    def group(self, operation: AlterTable, before: Known) -> Iterator[Change | Step]:
        """The clauses of a group, each seeing what the ones before it leave."""
        known = before
        for number, change in enumerate(operation.operations):
            if isinstance(change, DropIndex) and not change.table:
                change = replace(change, table=operation.table, schema=operation.schema)
            if self.is_gone(change, known, [*self.done, *operation.operations[:number]]):
                continue
            yield from self.changes(change, known)
            left = partial(self.left_by, change, known, operation)
            known = left() if isinstance(known, Schema) else Later(left)
        table = known.table(operation.table, operation.schema) if operation.order else None
        if table is not None:
            yield from self.reordering(table, operation.order)

    def left_by(self, change: Operation, known: Known, group: AlterTable) -> Known:
        """What is known after a change, or before it, if no more can be said."""
        try:
            return self.after(change, known, group)
        except OperationError:
            # What raw SQL or an index of the server's own leaves unknown, the server will tell.
            return known

    def after(self, change: Operation, known: Known, group: AlterTable) -> Known:
        """The same, with the indexes that foreign keys take over from those that go."""
        left = super().after(change, known, group)
        was = known.table(group.table, group.schema)
        now = left.table(group.table, group.schema)
        if (
            isinstance(change, DropConstraint | DropIndex)
            and isinstance(left, Schema)
            and was
            and now
        ):
            return edits.with_table(left, with_heirs(was, now))
        return left

    def reordering(self, table: Table, order: Sequence[Sequence[str]]) -> Iterator[Change]:
        """A place for each column that does not stand where a partial order wants it."""
        names = list(table.columns)
        for number, name in enumerate(edits.ordered(names, order)):
            if names[number] == name:
                continue
            names.remove(name)
            names.insert(number, name)
            yield Change(
                f"MODIFY {self.column(table.columns[name], table)}{self.behind(name, names)}",
                touches=frozenset({name}),
                uses=frozenset(names[max(number - 1, 0) : number]),
            )

    def create_table(self, operation: CreateTable, before: Known) -> Iterator[Step]:
        """CREATE TABLE with its indexes and comments inside: one statement, one commit."""
        table = operation.table
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        place = self.place(table.name, table.schema)
        yield Statement(f"CREATE {self.prefixes(table)}TABLE {guard}{place} {self.table(table)}")

    def rename_table(self, operation: RenameTable, before: Known) -> Iterator[Step]:
        """ALTER TABLE ... RENAME TO, in the same database."""
        place = self.place(operation.table, operation.schema)
        new = self.place(operation.new_name, operation.schema)
        yield Statement(f"ALTER TABLE {place} RENAME TO {new}")

    def option_changes(self, operation: SetTableOptions, before: Known) -> Iterator[Change | Step]:
        """The options; with a new character set the columns that had the old one take it over."""
        given = options.lowered(operation.options)
        if {"charset", "collate"} & given.keys():
            table = before.table(operation.table, operation.schema)
            yield from self.converted(given, table)
            given = {
                key: value for key, value in given.items() if key not in ("charset", "collate")
            }
        for word in options.words(given, self.literal):
            yield Change(word)
        if partitioning := options.partitioning(given):
            place = self.place(operation.table, operation.schema)
            yield Statement(f"ALTER TABLE {place} {partitioning}")

    def known_collation(self, schema: str | None) -> str | None:
        """The collation of a database, if a reading has told."""
        return None

    def usual_collation(self, table: Table) -> Iterator[Change | Step]:
        """The collation of the table's database, by a statement that is made where it runs.

        MySQL itself can only convert every column to it, also those that name one.
        """
        place = "DATABASE()" if table.schema is None else self.literal(table.schema)
        head = self.literal(f"ALTER TABLE {self.place(table.name, table.schema)} COLLATE=")
        yield from prepared(
            "schemamigrate_collate",
            f"(SELECT CONCAT({head}, default_collation_name) FROM information_schema.schemata"
            f" WHERE schema_name = {place})",
        )

    def converted(self, given: dict[str, Any], table: Table | None) -> Iterator[Change | Step]:
        """The table's default character set, and that of the columns that name none.

        CONVERT TO would change the columns that do name one as well.
        """
        if table is None:
            yield Change(options.conversion(given))
            return
        words = " ".join(options.character_set(given))
        known = self.known_collation(table.schema)
        if words or known is not None:
            yield Change(words or f"COLLATE={known}")
        else:
            yield from self.usual_collation(table)
        for column in table.columns.values():
            if base(column.type.text) in TEXTS and collation(column.type.text) is None:
                yield Change(
                    f"MODIFY {self.column(column, table)}", touches=frozenset({column.name})
                )

    # -- the rest

    @property
    def enums_are_of_columns(self) -> bool:
        """The type of a column lists its values."""
        return True

    has_sequences = False

    def other_statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        """Sequences are refused where there are none."""
        is_sequence = isinstance(operation, CreateSequence | DropSequence | AlterSequence)
        if is_sequence and not self.has_sequences:
            raise NotSupportedHere("sequences", self.title)
        yield from super().other_statements(operation, before)

    def create_namespace(self, operation: CreateNamespace) -> Iterator[Step]:
        """CREATE DATABASE, which is what a schema is here."""
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        yield Statement(f"CREATE DATABASE {guard}{self.quoted(operation.name)}")

    def drop_namespace(self, operation: DropNamespace) -> Iterator[Step]:
        """DROP DATABASE, which takes everything in it along; unless asked for it must be empty."""
        if operation.if_empty:
            yield from self.dropped_if_empty(operation)
            return
        if not operation.cascade:
            yield Question(
                "SELECT table_name FROM information_schema.tables"
                f" WHERE table_schema = {self.literal(operation.name)}",
                lambda rows: not_empty(operation.name, [row[0] for row in rows]),
            )
        guard = "IF EXISTS " if operation.if_exists else ""
        yield Statement(f"DROP DATABASE {guard}{self.quoted(operation.name)}")

    def dropped_if_empty(self, operation: DropNamespace) -> Iterator[Step]:
        """DROP DATABASE, prepared only if nothing is in it, because no statement says "if"."""
        name = self.literal(operation.name)
        drop = self.literal(f"DROP DATABASE IF EXISTS {self.quoted(operation.name)}")
        yield from prepared(
            "schemamigrate_drop",
            "IF(EXISTS(SELECT 1 FROM information_schema.tables"
            f" WHERE table_schema = {name} UNION SELECT 1 FROM information_schema.routines"
            f" WHERE routine_schema = {name}), 'DO 0', {drop})",
        )


def prepared(name: str, text: str) -> Iterator[Statement]:
    """A statement whose text is an expression."""
    yield Statement(f"SET @{name} = {text}")
    yield Statement(f"PREPARE {name} FROM @{name}")
    yield Statement(f"EXECUTE {name}")
    yield Statement(f"DEALLOCATE PREPARE {name}")


def not_empty(name: str, tables: list[str]) -> Exception:
    """The refusal to drop a database that still holds tables."""
    return WrongArgument(
        f"Schema '{name}' is not empty: it holds {', '.join(tables[:5])}.",
        hint="Drop its tables first, or say drop_schema(..., cascade=True).",
    )
