"""Looking at the database to see whether a statement of unknown outcome happened.

A statement is atomic on every database that this is for, so it either happened or it did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa

from ..dialects.base import Dialect, Live
from ..dialects.statement import Data, Statement, Step
from ..operations import (
    AddColumn,
    AlterTable,
    BulkInsert,
    CommentTable,
    CreateDomain,
    CreateEnum,
    CreateIndex,
    CreateNamespace,
    CreateSequence,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNamespace,
    DropTable,
    Execute,
    Operation,
    RenameTable,
    TableOperation,
    Upsert,
    text_of,
)
from ..operations.domains import DomainOperation
from ..operations.sequences import SequenceOperation
from ..operations.types import EnumOperation
from ..schema import Schema, Table, key_of
from .fingerprints import spelled
from .journal import Entry

ROWS = {"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "SELECT", "WITH", "VALUES"}
HARMLESS = {"ANALYZE", "COMMENT", "EXPLAIN", "PRAGMA", "SET", "SHOW", "VACUUM"}
CHANGES = {"INSERT", "UPDATE", "DELETE", "MERGE"}
READS = HARMLESS | {"SELECT", "DESCRIBE", "VALUES", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"}
TRANSACTIONS = {
    **dict.fromkeys(("COMMIT", "END", "COMMIT TRANSACTION", "COMMIT WORK"), "COMMIT"),
    **dict.fromkeys(("BEGIN", "BEGIN TRANSACTION", "BEGIN IMMEDIATE"), "BEGIN"),
    "START TRANSACTION": "BEGIN",
    **dict.fromkeys(("ROLLBACK", "ROLLBACK TRANSACTION", "ABORT"), "ROLLBACK"),
}
KINDS = (
    AddColumn,
    CommentTable,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    RenameTable,
)
"""Operations whose table tells afterwards whether they happened.

Not those that add a constraint: the database may have given it another name, or one at all."""


def first_word(statement: object) -> str:
    """The word a statement begins with, in capitals."""
    if isinstance(statement, sa.Insert | sa.Update | sa.Delete):
        return type(statement).__name__.upper()
    words = text_of(statement).lstrip("( \n\t").split(None, 1)
    return words[0].rstrip(";").upper() if words else ""


def of_transactions(operation: Operation) -> str | None:
    """BEGIN, COMMIT or ROLLBACK, if that is all that an operation says."""
    if not (isinstance(operation, Execute) and isinstance(operation.statement, str)):
        return None
    # A script of megabytes is not taken apart to see that it is none of these.
    words = operation.statement.strip("; \n\t").split(None, 2)
    return TRANSACTIONS.get(" ".join(words).upper()) if len(words) < 3 else None


def only_reads(sql: str) -> bool:
    """Whether a statement of a revision's own code can be repeated without harm."""
    word = first_word(sql)
    if word == "WITH":
        return not CHANGES & set(sql.upper().split())
    return word in READS


def changes_rows(step: Step) -> bool:
    """Whether a step only reads or changes rows: a transaction can hold it and its record."""
    if not isinstance(step, Data):
        return False
    operation = step.operation
    if isinstance(operation, Execute):
        return first_word(operation.statement) in ROWS
    return isinstance(operation, BulkInsert | Upsert)


def footprint(live: Live, operation: Operation, steps: Sequence[Step]) -> str | None:
    """What an operation is about looks like now, where its kind alone will not tell later."""
    count = sum(isinstance(step, Statement) for step in steps)
    if count < 2 and _tells(operation):
        return None
    return _looks(live, operation)


def happened(
    dialect: Dialect, connection: sa.Connection, operation: Operation, entry: Entry, count: int
) -> bool | None:
    """Whether a statement was carried out; ``None`` where the database does not tell.

    ``count`` is the number of statements that the operation consists of.
    """
    if entry.footprint is not None:
        return _looks(Live(dialect, connection), operation) != entry.footprint
    if entry.kind == "question":
        return False
    if isinstance(operation, Execute):
        word = first_word(operation.statement)
        # A change of rows was in one transaction with the record of it, and there is no record.
        return False if word in ROWS | HARMLESS else None
    if isinstance(operation, BulkInsert | Upsert):
        return False
    if count == 1 and _tells(operation):
        return _seen(Live(dialect, connection), operation)
    return None


def _tells(operation: Operation) -> bool:
    """Whether the kind of an operation of one statement says what to look for afterwards."""
    if not isinstance(operation, AlterTable):
        return isinstance(operation, KINDS)
    changes = operation.operations
    adds = all(
        isinstance(each, AddColumn) or (isinstance(each, CreateIndex) and each.index.name)
        for each in changes
    )
    drops = all(isinstance(each, DropColumn) for each in changes)
    # What comes and goes in one group may have been there before.
    return bool(changes) and (adds or drops)


def _seen(live: Live, operation: Operation) -> bool:
    """Whether an operation of one statement has left its mark."""
    match operation:
        case CreateTable():
            return live.table(operation.table.name, operation.table.schema) is not None
        case RenameTable() | DropTable():
            return live.table(operation.table, operation.schema) is None
        case DropIndex():
            read = live.dialect.read(live.connection, schemas=(operation.schema,))
            return not any(
                operation.name in _index_names(table)
                for table in read.tables.values()
                if operation.table in ("", table.name)
            )
        case AlterTable():
            table = live.table(operation.table, operation.schema)
            return table is not None and all(
                _in_table(table, change) for change in operation.operations
            )
        case TableOperation():
            table = live.table(operation.table, operation.schema)
            return table is not None and _in_table(table, operation)
    return False


def _in_table(table: Table, operation: TableOperation) -> bool:
    match operation:
        case AddColumn():
            return operation.column.name in table.columns
        case DropColumn():
            return operation.column not in table.columns
        case DropConstraint():
            return operation.found(table) is None
        case CreateIndex():
            return operation.index.name in _index_names(table)
    # A comment can be set twice.
    return False


def _index_names(table: Table) -> set[str]:
    """The names of indexes; MySQL knows a unique index and a unique constraint as the same."""
    return {*table.indexes, *table.uniques}


def _looks(live: Live, operation: Operation) -> str | None:
    """A hash of what an operation is about; ``None`` where that cannot be looked at."""
    match operation:
        case CreateTable(table=table):
            return _tables_look(live, table.schema, [table.name])
        case TableOperation():
            names = [operation.table]
            changes = operation.operations if isinstance(operation, AlterTable) else (operation,)
            names += [each.new_name for each in changes if isinstance(each, RenameTable)]
            return _tables_look(live, operation.schema, names)
    found = _named(operation)
    if found is None:
        return None
    schema, key, kind = found
    # MariaDB has a sequence among its tables.
    tables = [key] if kind == "sequences" else []
    everything: Schema = live.dialect.read(live.connection, schemas=(schema,), tables=tuple(tables))
    there = getattr(everything, kind)
    return _hash(spelled(there.get(key) if kind != "namespaces" else key in there))


def _tables_look(live: Live, schema: str | None, names: Sequence[str]) -> str:
    found = {key_of(name, schema): live.table(name, schema) for name in names}
    tables = {key: table for key, table in found.items() if table is not None}
    order = [(key, list(table.columns)) for key, table in sorted(tables.items())]
    return _hash(f"{order}{spelled(tables)}")


def _named(operation: Operation) -> tuple[str | None, str, str] | None:
    """Where in a `Schema` that is stands which an operation makes, changes or drops."""
    match operation:
        case CreateEnum(enum=value):
            return value.schema, value.key, "enums"
        case EnumOperation():
            return operation.schema, operation.key, "enums"
        case CreateDomain(domain=value):
            return value.schema, value.key, "domains"
        case DomainOperation():
            return operation.schema, operation.key, "domains"
        case CreateSequence(sequence=value):
            return value.schema, value.key, "sequences"
        case SequenceOperation():
            return operation.schema, operation.key, "sequences"
        case CreateNamespace() | DropNamespace():
            return operation.name, operation.name, "namespaces"
    return None


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
