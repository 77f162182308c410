"""What revisions would do, found by rehearsing them on what the database holds now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect, Rehearsal
from ..errors.operations import NeedsDatabase
from ..operations import AlterTable, DropColumn, DropTable, Operation, TableOperation, bound
from ..revisions.module import Direction, LoadedRevision
from .failing import rehearsed
from .sinks import ScriptSink


@dataclass(frozen=True)
class Step:
    """An operation as a person sees it, and its SQL."""

    operation: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """A table, or a column, that is dropped, and how many rows have something in it now."""

    table: str
    column: str | None
    rows: int

    @property
    def text(self) -> str:
        """What is lost, for people."""
        what = self.table if self.column is None else f"{self.table}.{self.column}"
        return f"{what} ({self.rows} {'row' if self.rows == 1 else 'rows'})"


@dataclass
class Preview:
    """Rehearses revisions one after the other; nothing is changed."""

    dialect: Dialect
    connection: sa.Connection
    binds: tuple[str | None, ...]
    naming_convention: Mapping[str, str] | None
    opts: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.rehearsal = self.dialect.rehearsal()
        self.rehearsal.begin_with(self.dialect, self.connection)
        self.connection.rollback()

    def of(
        self, loaded: LoadedRevision, direction: Direction
    ) -> tuple[list[Step], list[Loss], str | None]:
        """The steps of a revision, what it loses, and why not all of that can be told."""
        sink = _Noting(
            self.dialect,
            self.rehearsal,
            self.naming_convention,
            self.opts,
            tidies=not loaded.is_former,
        )
        sink.gathers = not loaded.catches
        binds = self.binds if direction == "upgrade" else self.binds[::-1]
        reason = None
        with bound(sink, former=loaded.is_former):
            try:
                with rehearsed(loaded.revision, direction):
                    for bind in binds:
                        if (function := loaded.function(direction, bind)) is not None:
                            function()
                    sink.finish()
            except NeedsDatabase as error:
                sink.flush()
                reason = error.message
        return sink.steps, list(self._losses(sink.done_in_all)), reason

    def _losses(self, operations: list[Operation]) -> Iterator[Loss]:
        for operation in operations:
            for drop in _drops(operation):
                column = drop.column if isinstance(drop, DropColumn) else None
                rows = self._count(drop.table, drop.schema, column)
                if rows:
                    yield Loss(drop.key, column, rows)

    def _count(self, table: str, schema: str | None, column: str | None) -> int:
        """How many rows there are, with something in the column; 0 where it is not there yet."""
        counted = sa.table(table, *([sa.column(column)] if column else []), schema=schema)
        query = sa.select(sa.func.count()).select_from(counted)
        if column is not None:
            query = query.where(counted.c[column].is_not(None))
        try:
            found: int = self.connection.execute(query).scalar() or 0
        except sa.exc.DBAPIError:
            found = 0
        self.connection.rollback()
        return found


class _Noting(ScriptSink):
    """Writes nothing, and keeps each operation with its statements."""

    def __init__(
        self,
        dialect: Dialect,
        rehearsal: Rehearsal,
        naming_convention: Mapping[str, str] | None,
        opts: Mapping[str, Any],
        *,
        tidies: bool,
    ) -> None:
        self.steps: list[Step] = []
        self.done_in_all: list[Operation] = []
        self._said: list[str] = []
        super().__init__(
            dialect,
            self._said.append,
            rehearsal,
            naming_convention=naming_convention,
            opts=opts,
            tidies=tidies,
        )
        # What a script's client is told besides would be noise here.
        self.begin_text = "BEGIN" if dialect.begin_text else ""

    @contextmanager
    def outside_transaction(self) -> Iterator[None]:
        """A block whose first step shows the COMMIT before it, and its last the BEGIN after it."""
        self.flush()
        before = len(self.steps)
        with super().outside_transaction():
            yield
        if not self._is_inside:
            return
        if len(self.steps) > before:
            last = self.steps[-1]
            self.steps[-1] = replace(last, statements=(*last.statements, *self._said))
        self._said.clear()

    def _carry(self, operation: Operation) -> None:
        super()._carry(operation)
        self.done_in_all.append(operation)
        self.steps.append(Step(operation.describe(), tuple(self._said)))
        self._said.clear()

    def finish(self) -> None:
        super().finish()
        if self._said:
            self.steps.append(Step("end of the revision", tuple(self._said)))


def _drops(operation: Operation) -> Iterator[DropTable | DropColumn]:
    changes: tuple[Operation | TableOperation, ...] = (operation,)
    if isinstance(operation, AlterTable):
        changes = operation.operations
    for change in changes:
        if isinstance(change, DropTable | DropColumn):
            yield change
