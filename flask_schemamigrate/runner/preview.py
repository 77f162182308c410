"""What revisions would do, found by rehearsing them on what the database holds now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..dialects.base import Dialect, Rehearsal
from ..errors import OperationError
from ..errors.operations import NeedsDatabase
from ..operations import AlterTable, Operation, TableOperation, bound
from ..revisions.module import LoadedRevision
from ..revisions.revision import Direction
from ..schema import Known
from .dropping import in_source
from .failing import rehearsed
from .losses import Loss, Losses, Place, Subject
from .sinks import ScriptSink

MANY = 10_000
"""Rows from which on it is told who would wait until all were gone through."""


@dataclass(frozen=True)
class Step:
    """An operation as a person sees it, and its SQL."""

    operation: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Something that others cannot do with a table as long as its many rows are gone through."""

    table: str
    what: str
    during: str
    instead: str

    @property
    def text(self) -> str:
        """All of it, for people."""
        said = f"{self.what} of {self.table} while {self.during}"
        return f"{said}; {self.instead}" if self.instead else said


class Foreseen(NamedTuple):
    """What a revision would do and lose, and what it drops that has no rows now.

    ``partial`` says why not all of that can be told.
    """

    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    empty: tuple[Subject, ...]
    partial: str | None
    blocks: tuple[Block, ...] = ()


@dataclass
class Preview:
    """Rehearses revisions one after the other; nothing is changed."""

    dialect: Dialect
    connection: sa.Connection
    binds: tuple[str | None, ...]
    naming_convention: Mapping[str, str] | None
    opts: Mapping[str, Any]

    def __post_init__(self) -> None:
        self._is_sure = True
        self._losses = Losses(self.connection)
        self._is_large: dict[Place, bool] = {}
        self.rehearsal = self.dialect.rehearsal()
        self.rehearsal.begin_with(self.dialect, self.connection)
        self.connection.rollback()

    def of(self, loaded: LoadedRevision, direction: Direction) -> Foreseen:
        """What a revision would do, after those before."""
        sink = _Noting(
            self.dialect,
            self.rehearsal,
            self.naming_convention,
            self.opts,
            tidies=not loaded.is_former,
        )
        reason = None
        with bound(sink, former=loaded.is_former), rehearsed(loaded.revision, direction):
            try:
                sink.hear(loaded, direction, self.binds)
            except OperationError as error:
                self._is_sure &= sink.is_sure
                reason = self._doubt(error)
                with suppress(OperationError):
                    sink.flush()
        self._is_sure &= sink.is_sure and reason is None
        # Where it cannot be followed, what it says has to do.
        said = in_source(loaded.source, direction) if reason else ()
        losses, empty = self._losses.of([*sink.done_in_all, *said])
        blocks = tuple(block for place, block in sink.blocks if self._has_many_rows(place))
        return Foreseen(tuple(sink.steps), tuple(losses), tuple(empty), reason, blocks)

    def _has_many_rows(self, place: Place) -> bool:
        """Whether a table is there now that takes a while to go through."""
        if place not in self._is_large:
            schema, name = place
            table = sa.table(name, schema=schema)
            query = sa.select(sa.literal(1)).select_from(table).offset(MANY - 1).limit(1)
            try:
                self._is_large[place] = self.connection.execute(query).first() is not None
            except sa.exc.DBAPIError:
                self._is_large[place] = False
            self.connection.rollback()
        return self._is_large[place]

    def _doubt(self, error: OperationError) -> str:
        """Why an operation that cannot be rehearsed may be right all the same, or its error."""
        if isinstance(error, NeedsDatabase):
            return f"{error.what} asks the database."
        if self._is_sure:
            raise error
        return f"{error.message} What could not be followed before may have changed that."


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
        self.blocks: list[tuple[Place, Block]] = []
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
        self.blocks += _blocks(self.dialect, operation, self._rehearsal.known)
        super()._carry(operation)
        self.done_in_all.append(operation)
        self.steps.append(Step(operation.describe(), tuple(self._said)))
        self._said.clear()


def _blocks(dialect: Dialect, operation: Operation, known: Known) -> Iterator[tuple[Place, Block]]:
    """What an operation, or each of a group, keeps others from, and at which table."""
    for each in operation.operations if isinstance(operation, AlterTable) else (operation,):
        table = known.table(each.table, each.schema) if isinstance(each, TableOperation) else None
        found = None if table is None else dialect.blocking(each, table)
        if table is not None and found is not None:
            block = Block(table.key, found.what, found.during, found.instead)
            yield (table.schema, table.name), block
