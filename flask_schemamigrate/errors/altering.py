"""What stands in the way of a change to a table that has to be copied or whose text is edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .root import OperationError, RefusedForSafety


class RowsInTheWay(RefusedForSafety):
    """Rows that are there do not follow the new rule."""

    def __init__(self, table: str, rule: str, rows: Sequence[Any], *, hint: str) -> None:
        self.table = table
        self.rule = rule
        self.rows = tuple(tuple(row) for row in rows)
        shown = "; ".join(", ".join(repr(value) for value in row) for row in self.rows)
        super().__init__(f"Rows of table '{table}' are against {rule}: {shown}.", hint=hint)


class NoValueForRows(RefusedForSafety):
    """A column that must have a value is added to a table with rows."""

    def __init__(self, table: str, column: str) -> None:
        self.table = table
        self.column = column
        super().__init__(
            f"Table '{table}' has rows, and they would have no value in the new column '{column}', "
            "which is NOT NULL and has no default.",
            hint="Add it as nullable, fill it, then set it NOT NULL; or give it a server_default.",
        )


class RowsMissing(RefusedForSafety):
    """A copy of a table has not as many rows as the table."""

    def __init__(self, table: str, rows: Sequence[Any]) -> None:
        self.table = table
        before, after = rows[0]
        super().__init__(
            f"Copying table '{table}' took {after} of its {before} rows, so it was not replaced.",
            hint="This should never happen. Please report it with the table's CREATE TABLE.",
        )


class DanglingRows(RefusedForSafety):
    """Foreign keys that held before a revision do not hold after it."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = tuple(tuple(row) for row in rows)
        shown = "; ".join(
            f"'{table}' row {'?' if row is None else row} -> '{referent}'"
            for table, row, referent, *_ in self.rows[:5]
        )
        super().__init__(
            f"{len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'} would refer to what is "
            f"not there: {shown}.",
            hint="Delete or change these rows in the revision before what takes their referents.",
        )


class MentionedElsewhere(OperationError):
    """A column is to go that something else needs."""

    def __init__(self, table: str, column: str, what: Iterable[str]) -> None:
        self.table = table
        self.column = column
        self.what = tuple(what)
        super().__init__(
            f"Column '{table}.{column}' is used by {', '.join(self.what)}.",
            hint="Drop or change that first, and create it anew afterwards if it is still wanted.",
        )


class CannotKeep(OperationError):
    """A table's stored text is not understood, so a change could lose part of it."""

    def __init__(self, table: str, reason: str) -> None:
        self.table = table
        self.reason = reason
        super().__init__(
            f"Table '{table}' cannot be changed without losing something: {reason}.",
            hint="Change it with op.execute(), with the statements that are right for it.",
        )


class ChangeRefused(OperationError):
    """The database would not take a table as an operation wants it."""

    def __init__(self, table: str, reason: str) -> None:
        self.table = table
        self.reason = reason
        super().__init__(
            f"Table '{table}' cannot be changed like that: {reason}.",
            hint="Correct the operation; nothing was done.",
        )


class RecreateNeeded(OperationError):
    """A change needs a copy of the table, which the revision forbids."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"This change to table '{table}' copies it, and recreate='never' forbids that.",
            hint="Leave recreate out; rows, indexes and triggers are kept.",
        )


class UnknownSchema(OperationError):
    """A schema was named under which no database file is attached."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        super().__init__(
            f"No database is attached as '{schema}'.",
            hint=f"Attach it whenever the app connects: ATTACH 'path' AS {schema}.",
        )
