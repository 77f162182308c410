"""Which changes of a table MySQL and MariaDB only carry out while nobody writes to it.

They are those that `LOCK=NONE` is refused for:
https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/ and
https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    DropConstraint,
    Operation,
)
from ...schema import Check, Column, ForeignKey, PrimaryKey, Table
from ..blocking import COPIED, INDEXED, Blocking
from .options import lowered

WRITES = Blocking("writes", COPIED)
LENGTH = re.compile(r"varchar\((\d+)\)", re.IGNORECASE)
EXPRESSION = re.compile(r"(?!'|now|current_timestamp).*\(", re.DOTALL)
ENUM = re.compile(r"(?:enum|set)\((.*)\)", re.IGNORECASE | re.DOTALL)


def blocking(operation: Operation, table: Table, *, is_mysql: bool) -> Blocking | None:
    """What an operation keeps others from as long as there are rows to go through."""
    match operation:
        case CreateIndex(index=index) if _is_special(index.options):
            return Blocking("writes", INDEXED)
        case AddConstraint(constraint=ForeignKey() | Check()):
            return WRITES
        case DropConstraint() if isinstance(operation.found(table), PrimaryKey):
            return WRITES
        case AddColumn(column=column, constraints=constraints):
            refers = any(isinstance(item, ForeignKey) for item in constraints)
            return WRITES if refers or _fills_rows(column, is_mysql=is_mysql) else None
        case AlterColumn(column=name) if name in table.columns and "type" in operation.changes:
            old = table.columns[name]
            new = operation.changed(old)
            return None if _is_free(old.type.text, new.type.text, is_mysql=is_mysql) else WRITES
    return None


def _is_special(options: Mapping[str, Any]) -> bool:
    """Whether an index is of those that are not built while others write."""
    return str(lowered(options).get("prefix", "")).upper() in {"FULLTEXT", "SPATIAL"}


def _fills_rows(column: Column, *, is_mysql: bool) -> bool:
    """Whether a value of a new column is worked out for each row."""
    default = (column.default or "").lower()
    is_stored = column.computed is not None and column.computed.stored is True
    is_worked_out = EXPRESSION.match(default) is not None if is_mysql else "uuid(" in default
    return is_stored or column.autoincrement or is_worked_out


def _is_free(old: str, new: str, *, is_mysql: bool) -> bool:
    """Whether the rows stay as they are when a column's type changes so."""
    if old.lower() == new.lower():
        return True
    lengths = [LENGTH.fullmatch(text) for text in (old, new)]
    if lengths[0] and lengths[1]:
        was, now = (int(match[1]) for match in lengths if match)
        # MySQL writes down the length of 64 letters, of four bytes each, in two bytes.
        return was <= now and not (is_mysql and was < 64 <= now)
    values = [ENUM.fullmatch(text) for text in (old, new)]
    return bool(values[0] and values[1] and values[1][1].startswith(f"{values[0][1]},"))
