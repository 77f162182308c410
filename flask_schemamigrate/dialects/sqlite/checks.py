"""Questions about the rows that are there, asked before a table gets a new rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors.altering import NoValueForRows, RowsInTheWay
from ...errors.operations import ValuesDiffer
from ...schema import Check, ForeignKey, PrimaryKey, Unique
from ..statement import Question
from .scratch import Stored
from .tokens import quoted

SHOWN = 5


def place(stored: Stored) -> str:
    """The table's full name, quoted."""
    name = quoted(stored.name)
    return name if stored.schema is None else f"{quoted(stored.schema)}.{name}"


def _identified(stored: Stored, columns: Sequence[str]) -> str:
    """What shows which row is meant: its rowid, where there is one, and these columns."""
    shown = [quoted(column) for column in columns]
    if not re.search(r"\bWITHOUT\s+ROWID\b[^)]*$", stored.sql, re.IGNORECASE):
        shown.insert(0, "rowid")
    return ", ".join(shown) or "*"


def no_nulls(stored: Stored, column: str) -> Question:
    """No row has NULL in this column."""
    return Question(
        f"SELECT {_identified(stored, [column])} FROM {place(stored)} "
        f"WHERE {quoted(column)} IS NULL LIMIT {SHOWN}",
        lambda rows: RowsInTheWay(
            stored.name,
            f"NOT NULL on column '{column}'",
            rows,
            hint=f"Fill them first: UPDATE {stored.name} SET {column} = ... "
            f"WHERE {column} IS NULL.",
        ),
    )


def no_rows(stored: Stored, column: str) -> Question:
    """The table is empty, for a new column that rows would have no value for."""
    return Question(
        f"SELECT 1 FROM {place(stored)} LIMIT 1",
        lambda rows: NoValueForRows(stored.name, column),
    )


def none_overwritten(stored: Stored, column: str, expression: str, *, known: bool) -> Question:
    """No row has a value that a column's expression would not give.

    Unless it is ``known`` what the expression gives, as it uses what is still to come, that is any.
    """
    differs = f" AND {quoted(column)} COLLATE BINARY IS NOT ({expression})" if known else ""
    return Question(
        f"SELECT 1 FROM {place(stored)} WHERE {quoted(column)} IS NOT NULL{differs} LIMIT 1",
        lambda rows: ValuesDiffer(f"{stored.name}.{column}", expression),
    )


def all_satisfy(stored: Stored, check: Check) -> Question:
    """Every row satisfies a CHECK; one that is NULL for a row lets it pass."""
    name = f" '{check.name}'" if check.name else ""
    return Question(
        f"SELECT {_identified(stored, [])} FROM {place(stored)} "
        f"WHERE NOT ({check.condition}) LIMIT {SHOWN}",
        lambda rows: RowsInTheWay(
            stored.name,
            f"the check{name} ({check.condition})",
            rows,
            hint="Change these rows first, in the same revision or one before it.",
        ),
    )


def all_refer(stored: Stored, key: ForeignKey) -> Question:
    """Every row's foreign key leads to a row, or has a NULL."""
    schema = "" if stored.schema is None else f"{quoted(stored.schema)}."
    referent = schema + quoted(key.referent.rpartition(".")[2])
    pairs = zip(key.columns, key.referent_columns, strict=True)
    same = " AND ".join(f"r.{quoted(there)} = t.{quoted(here)}" for here, there in pairs)
    given = " AND ".join(f"t.{quoted(column)} IS NOT NULL" for column in key.columns)
    shown = ", ".join(f"t.{quoted(column)}" for column in key.columns)
    return Question(
        f"SELECT {shown} FROM {place(stored)} AS t WHERE {given} "
        f"AND NOT EXISTS (SELECT 1 FROM {referent} AS r WHERE {same}) LIMIT {SHOWN}",
        lambda rows: RowsInTheWay(
            stored.name,
            f"the foreign key ({', '.join(key.columns)}) -> {key.referent}",
            rows,
            hint=f"Add what is missing to '{key.referent}', or change these rows, first.",
        ),
    )


def none_twice(stored: Stored, key: Unique | PrimaryKey) -> Question:
    """No two rows are alike in the columns of a key."""
    columns = ", ".join(quoted(column) for column in key.columns)
    given = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in key.columns)
    return Question(
        f"SELECT {columns}, count(*) FROM {place(stored)} WHERE {given} "
        f"GROUP BY {columns} HAVING count(*) > 1 LIMIT {SHOWN}",
        lambda rows: RowsInTheWay(
            stored.name,
            f"the key ({', '.join(key.columns)}), which must be unique",
            rows,
            hint="Make these values different first; the last number is how often they occur.",
        ),
    )
