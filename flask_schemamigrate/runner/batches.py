"""Going through a table's rows in batches, remembering how far it came."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..dialects.parameters import as_clause
from ..errors.operations import UnknownColumn, UnknownTable, WrongArgument
from ..errors.runs import NotBackfilled
from ..operations import Backfill, Batched, RunData
from ..revisions.module import refuse_unawaited
from ..schema import PrimaryKey, Table

Key = tuple[Any, ...]

READ: dict[str, Callable[[str], Any]] = {
    "UUID": UUID,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
    "bytes": bytes.fromhex,
}


@dataclass(frozen=True)
class Position:
    """How far an operation came: the key of the last row, and the number of rows done."""

    last: Key | None = None
    done: int = 0

    @classmethod
    def read(cls, text: str | None) -> Position:
        """The position that an earlier run wrote."""
        if text is None:
            return cls()
        found = json.loads(text)
        last = found["last"]
        return cls(None if last is None else tuple(map(_value, last)), found["done"])

    @property
    def text(self) -> str:
        """The position as it is written."""
        last = None if self.last is None else [_plain(value) for value in self.last]
        return json.dumps({"last": last, "done": self.done})


class Batches:
    """The batches of one operation on one connection; ``table`` is what is known of its table."""

    def __init__(self, operation: Batched, table: Table | None, connection: sa.Connection) -> None:
        if table is None:
            raise UnknownTable(operation.target)
        names = tuple(operation.key) or primary_key(table)
        if not names:
            raise WrongArgument(
                f"{operation.describe()}: '{operation.target}' has no primary key to go by.",
                hint="Give the columns that tell its rows apart: key=['...'].",
            )
        if operation.batch < 1:
            raise WrongArgument(f"{operation.describe()}: batch must be at least 1.")
        self.operation = operation
        self.connection = connection
        _refuse_unknown(operation, names, table)
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in table.columns]
        self.table = sa.table(operation.table, *columns, schema=operation.schema)
        self.key = [self.table.c[name] for name in names]
        self._maybe_null = [self.table.c[name] for name in names if table.columns[name].nullable]
        self.where = None if operation.where is None else as_clause(operation.where)
        self._made: dict[bool, tuple[Any, Any]] = {}

    def count(self) -> int:
        """How many rows there are to do."""
        query = sa.select(sa.func.count()).select_from(self.table)
        found: int = self.connection.execute(self._matching(query)).scalar() or 0
        return found

    def refuse_nulls(self) -> None:
        """Raise `WrongArgument` if a row's key holds a NULL, which comes neither before nor after.

        Such a row would be passed over, and nobody told.
        """
        if not self._maybe_null:
            return
        is_lost = sa.or_(*(column.is_(None) for column in self._maybe_null))
        query = self._matching(sa.select(*self.key).where(is_lost))
        if self.connection.execute(query.limit(1)).first() is not None:
            names = ", ".join(f"'{column.name}'" for column in self.key)
            raise WrongArgument(
                f"{self.operation.describe()}: there are rows of '{self.operation.target}' with "
                f"NULL in their key {names}, and so without a place in its order.",
                hint="Give columns in which every row has a value: key=['...'].",
            )

    def next(self, position: Position) -> Position | None:
        """Do the next batch; where that ended, or ``None`` if no row was left."""
        if isinstance(self.operation, Backfill):
            return self._filled(self.operation, position)
        assert isinstance(self.operation, RunData)
        return self._run(self.operation, position)

    def _filled(self, operation: Backfill, position: Position) -> Position | None:
        end, update = self._filling(operation, is_first=position.last is None)
        found = self.connection.execute(end, _named("after", position.last)).first()
        if found is None:
            return None
        last = tuple(found)
        values = {**_named("after", position.last), **_named("upto", last)}
        changed = self.connection.execute(update, values)
        return Position(last, position.done + max(changed.rowcount, 0))

    def _filling(self, operation: Backfill, *, is_first: bool) -> tuple[Any, Any]:
        """What finds the last key of a batch, and what fills the rows up to it; made once."""
        if is_first not in self._made:
            after = [] if is_first else self._after(_asked("after", self.key))
            query = self._matching(sa.select(*self.key).where(*after))
            rows = query.order_by(*self.key).limit(operation.batch).subquery()
            backwards = [rows.c[column.name].desc() for column in self.key]
            end = sa.select(rows).order_by(*backwards).limit(1)
            within = [*after, _not_after(self.key, _asked("upto", self.key))]
            update = self._matching(sa.update(self.table).where(*within))
            self._made[is_first] = end, update.values(dict(operation.values))
        return self._made[is_first]

    def _run(self, operation: RunData, position: Position) -> Position | None:
        names = [*operation.columns] or [column.name for column in self.table.c]
        wanted = {column.name: column for column in self.key}
        wanted |= {name: self.table.c[name] for name in names}
        # Parameters without a type, as the database knows best how it compares a key.
        after = [] if position.last is None else self._after(_asked("after", self.key))
        query = self._matching(sa.select(*wanted.values()).where(*after))
        ordered = query.order_by(*self.key).limit(operation.batch)
        found = self.connection.execute(ordered, _named("after", position.last))
        rows = [dict(row) for row in found.mappings()]
        if not rows:
            return None
        last = tuple(rows[-1][column.name] for column in self.key)
        result = operation.function(self.connection, rows)
        refuse_unawaited(result)
        self._update([dict(row) for row in result or ()])
        return Position(last, position.done + len(rows))

    def _update(self, rows: list[dict[str, Any]]) -> None:
        """Write what a function returned, by key."""
        keys = [column.name for column in self.key]
        for row in rows:
            if missing := [name for name in keys if name not in row]:
                raise WrongArgument(
                    f"{self.operation.describe()}: a row to update has no '{missing[0]}'."
                )
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            by_columns.setdefault(tuple(row), []).append(
                {f"key_{name}" if name in keys else name: value for name, value in row.items()}
            )
        for names, group in by_columns.items():
            changed = [name for name in names if name not in keys]
            if changed:
                update = sa.update(self.table).where(
                    *(column == sa.bindparam(f"key_{column.name}") for column in self.key)
                )
                update = update.values({name: sa.bindparam(name) for name in changed})
                self.connection.execute(update, group)

    def _matching(self, statement: Any) -> Any:
        return statement if self.where is None else statement.where(self.where)

    def _after(self, last: Key) -> list[sa.ColumnElement[bool]]:
        if len(self.key) == 1:
            return [self.key[0] > last[0]]
        return [self.key[0] >= last[0], sa.not_(_not_after(self.key, last))]


def gone_through(
    batches: Batches,
    position: Position,
    *,
    together: Callable[[Callable[[], Position | None]], Position | None],
    tell: Callable[[int, int], None],
) -> None:
    """Do all batches, each by ``together``, until no row matches any more.

    Rows that others write meanwhile may lie behind the position, so it is looked again. Raises
    `NotBackfilled` where the rows that are done still match, and `WrongArgument` where the key
    does not lead from row to row.
    """
    total = batches.count() + position.done
    batches.connection.rollback()
    left: int | None = None
    while True:
        start = position
        for reached in _passing(batches, start, together):
            position = reached
            tell(position.done, max(total, position.done))
            if batches.operation.pause:
                time.sleep(batches.operation.pause)
        if batches.where is None or not isinstance(batches.operation, Backfill):
            return
        before, left = left, batches.count()
        batches.connection.rollback()
        if not left:
            return
        if before is not None and left >= before:
            raise NotBackfilled(batches.operation.describe(), left)
        position = Position(None, position.done)


def _passing(
    batches: Batches,
    position: Position,
    together: Callable[[Callable[[], Position | None]], Position | None],
) -> Iterator[Position]:
    while True:
        start = position
        reached = together(lambda start=start: batches.next(start))  # type: ignore[misc]
        if reached is None:
            return
        if reached.last == start.last:
            raise WrongArgument(
                f"{batches.operation.describe()}: its key does not equal itself once it was read, "
                "as a number of single precision does not.",
                hint="Give columns that can be compared exactly: key=['...'].",
            )
        position = reached
        yield position


def _refuse_unknown(operation: Batched, key: Sequence[str], table: Table) -> None:
    """Raise `UnknownColumn` for one that the table does not have."""
    named = operation.columns if isinstance(operation, RunData) else ()
    named = (*key, *named, *(operation.values if isinstance(operation, Backfill) else ()))
    for name in named:
        if name not in table.columns:
            raise UnknownColumn(operation.target, name, table.columns)


def primary_key(table: Table) -> tuple[str, ...]:
    """The columns of a table's primary key."""
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKey):
            return tuple(constraint.columns)
    return ()


def _asked(name: str, key: Sequence[Any]) -> Key:
    """Parameters in the place of a key's values."""
    return tuple(sa.bindparam(f"batch_{name}_{place}") for place, _ in enumerate(key))


def _named(name: str, key: Key | None) -> dict[str, Any]:
    """A key's values as those parameters."""
    return {f"batch_{name}_{place}": value for place, value in enumerate(key or ())}


def _not_after(key: Sequence[sa.ColumnClause[Any]], last: Key) -> sa.ColumnElement[bool]:
    """Whether a row comes no later than a key; spelled out, as not all know row values."""
    if len(key) == 1:
        return sa.and_(key[0] <= last[0])
    rest = sa.and_(key[0] == last[0], _not_after(key[1:], last[1:]))
    return sa.or_(key[0] < last[0], rest)


def _plain(value: Any) -> Any:
    """A key's value as JSON can hold it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    name = type(value).__name__
    if name not in READ:
        raise WrongArgument(f"A key of type {name} cannot be remembered.")
    if isinstance(value, bytes):
        return [name, value.hex()]
    return [name, value.isoformat() if isinstance(value, date) else str(value)]


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        kind, text = plain
        return READ[kind](text)
    return plain
