"""``op``, and the operations it makes; floor 1 of the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from werkzeug.local import LocalProxy

from .base import KEEP, Keep, Nothing, Operation, TableOperation
from .batch import BatchOperations
from .batches import Backfill, Batched, RunData
from .columns import AddColumn, AlterColumn, DropColumn
from .constraints import (
    AddConstraint,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from .custom import CustomOperation, MigrateOperation, register_operation
from .data import BulkInsert, Execute, Upsert, text_of
from .domains import AlterDomain, CreateDomain, DropDomain
from .facade import FormerOperations, Operations
from .group import AlterTable
from .indexes import CreateIndex, DropIndex, RenameIndex
from .sequences import AlterSequence, CreateSequence, DropSequence
from .sink import Collector, NoSink, Sink
from .tables import CommentTable, CreateTable, DropTable, RenameTable, SetTableOptions
from .types import (
    AddEnumValue,
    CreateEnum,
    CreateNamespace,
    DropEnum,
    DropNamespace,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
)

_current: ContextVar[Operations] = ContextVar("schemamigrate_op")
_unbound = Operations(NoSink())

op = cast(Operations, LocalProxy(lambda: _current.get(_unbound)))
context: Any = LocalProxy(lambda: _current.get(_unbound).get_context())


@contextmanager
def bound(sink: Sink, *, former: bool = False) -> Iterator[Operations]:
    """Let ``op`` speak to this sink for the length of the block.

    ``former`` says that a file written for Alembic is going to speak.
    """
    token = _current.set(FormerOperations(sink) if former else Operations(sink))
    try:
        yield op
    finally:
        _current.reset(token)


__all__ = [
    "KEEP",
    "AddColumn",
    "AddConstraint",
    "AddEnumValue",
    "AlterColumn",
    "AlterDomain",
    "AlterSequence",
    "AlterTable",
    "Backfill",
    "BatchOperations",
    "Batched",
    "BulkInsert",
    "Collector",
    "CommentTable",
    "CreateDomain",
    "CreateEnum",
    "CreateIndex",
    "CreateNamespace",
    "CreateSequence",
    "CreateTable",
    "CustomOperation",
    "DropColumn",
    "DropConstraint",
    "DropDomain",
    "DropEnum",
    "DropIndex",
    "DropNamespace",
    "DropSequence",
    "DropTable",
    "Execute",
    "Keep",
    "MigrateOperation",
    "NoSink",
    "Nothing",
    "Operation",
    "Operations",
    "RenameConstraint",
    "RenameEnum",
    "RenameEnumValue",
    "RenameIndex",
    "RenameTable",
    "RunData",
    "SetEnumValues",
    "SetTableOptions",
    "Sink",
    "TableOperation",
    "Upsert",
    "ValidateConstraint",
    "bound",
    "context",
    "op",
    "register_operation",
    "text_of",
]
