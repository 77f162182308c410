"""Which changes of a table PostgreSQL takes long for while others wait.

Most take a lock for a moment only, whatever is in the table. These go through all rows with it:
https://www.postgresql.org/docs/current/sql-altertable.html, and `client_min_messages = debug1` has
the server tell when it does.
"""

from __future__ import annotations

import re

from ...operations import AddColumn, AddConstraint, AlterColumn, CreateIndex, Operation
from ...schema import Check, Column, Constraint, ForeignKey, Table
from ..blocking import CHECKED, INDEXED, REWRITTEN, Blocking
from .aside import mentions
from .types import Words, words

ALL = "reads and writes"
LATER = "validate=False and op.validate_constraint() in a later revision do not"
CONCURRENTLY = "concurrently=True does not"

# What gives each row a value of its own; other defaults are only noted with the table.
VOLATILE = re.compile(
    r"\b(gen_random_uuid|uuid_generate_v\w+|uuidv\d|random|clock_timestamp|timeofday|nextval)\s*\(",
    re.IGNORECASE,
)
LENGTHS = frozenset({"character varying", "bit varying"})
TIMES = {"timestamp without time zone", "timestamp with time zone"}
CLOCKS = ("timestamp", "time ", "interval")


def blocking(operation: Operation, table: Table) -> Blocking | None:
    """What an operation keeps others from as long as there are rows to go through."""
    match operation:
        case CreateIndex(concurrently=False):
            return Blocking("writes", INDEXED, CONCURRENTLY)
        case AddConstraint(constraint=constraint):
            return _constrained(constraint)
        case AddColumn():
            return _added(operation)
        case AlterColumn(column=name) if name in table.columns:
            return _altered(operation, table, table.columns[name])
    return None


def _constrained(constraint: Constraint) -> Blocking | None:
    match constraint:
        case ForeignKey(validated=True):
            return Blocking("writes", CHECKED, LATER)
        case Check(validated=True):
            return Blocking(ALL, CHECKED, LATER)
        case ForeignKey() | Check():
            return None
    return Blocking(ALL, INDEXED)


def _added(operation: AddColumn) -> Blocking | None:
    column = operation.column
    is_stored = column.computed is not None and column.computed.stored is not False
    is_counted = column.identity is not None or column.autoincrement
    if is_stored or is_counted or VOLATILE.search(column.default or ""):
        return Blocking(ALL, REWRITTEN, "a column without it, filled by op.backfill(), does not")
    # A foreign key has nothing to look up for a column that is empty.
    of_its_own = (item for item in operation.constraints if not isinstance(item, ForeignKey))
    return next(filter(None, map(_constrained, of_its_own)), None)


def _altered(operation: AlterColumn, table: Table, old: Column) -> Blocking | None:
    changes, checks = operation.changes, table.checks.values()
    if "type" in changes:
        before, after = words(old.type.text), words(operation.changed(old).type.text)
        if {before.name, after.name} == TIMES and not operation.using:
            return Blocking(ALL, REWRITTEN, "in a session whose time zone is UTC it is not")
        if operation.using or not _is_free(before, after):
            return Blocking(ALL, REWRITTEN)
        if before.text != after.text and any(mentions(item, old.name) for item in checks):
            return Blocking(ALL, CHECKED)
    if changes.get("nullable", True) or not old.nullable or _never_null(table, old.name):
        return None
    spared = f"a check '{old.name} IS NOT NULL', validated in an earlier revision, spares that"
    return Blocking(ALL, CHECKED, spared)


def _never_null(table: Table, column: str) -> bool:
    """Whether a check that holds for all rows says it already."""
    said = re.compile(rf'\W*"?{re.escape(column)}"? IS NOT NULL\W*', re.IGNORECASE)
    return any(each.validated and said.fullmatch(each.condition) for each in table.checks.values())


def _is_free(old: Words, new: Words) -> bool:
    """Whether the rows stay as they are when a column's type changes so."""
    if old.text == new.text:
        return True
    if old.array or new.array or old.collation != new.collation:
        return False
    if new.name in {"text", "character varying"} and not new.arguments:
        return old.name in {"text", "character varying"}
    if old.name != new.name or (old.name not in LENGTHS | {"numeric"} and not _is_clock(old)):
        return False
    if not (new.arguments and old.arguments):
        return not new.arguments
    (was, *old_scale), (now, *new_scale) = map(_numbers, (old, new))
    return now >= was and (old_scale or [0]) == (new_scale or [0])


def _is_clock(type_: Words) -> bool:
    return type_.name.startswith(CLOCKS)


def _numbers(type_: Words) -> list[int]:
    return [int(argument) for argument in type_.arguments]
