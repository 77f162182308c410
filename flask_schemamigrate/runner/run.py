"""Carrying revisions out, one after the other, and recording what was done."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..dialects.base import Dialect
from ..dialects.statement import BeginUnguarded
from ..errors import SchemaMigrateError
from ..errors.runs import NoDowngrade, RevisionRaised, StatementFailed
from ..operations import bound
from ..revisions import Revision
from ..revisions.module import LoadedRevision
from .history import FAILED, STARTED, UNDOING, Applied, History, now, provenance
from .sinks import Failure, LiveSink, sql_of

Direction = Literal["upgrade", "downgrade"]
Function = Callable[..., Any]


@dataclass(frozen=True)
class Carried:
    """One revision that was carried out, or taken back, on one bind."""

    bind: str | None
    revision: str
    parents: tuple[str, ...]
    message: str
    direction: Direction
    seconds: float


@dataclass
class Runner:
    """Carries revisions out on one connection."""

    dialect: Dialect
    connection: sa.Connection
    history: History
    binds: tuple[str | None, ...] = (None,)
    naming_convention: Mapping[str, str] | None = None
    opts: Mapping[str, Any] = field(default_factory=dict)
    checksum: Callable[[Revision], str] = lambda revision: ""

    def upgrade(self, revisions: Sequence[LoadedRevision]) -> Iterator[Carried]:
        """Carry revisions out in this order. Raises `RunError` at the first that fails."""
        self._prepare()
        for loaded in revisions:
            yield self._carried(loaded, self._functions(loaded, "upgrade"), "upgrade")

    def downgrade(self, revisions: Sequence[LoadedRevision]) -> Iterator[Carried]:
        """Take revisions back in this order. Raises `RunError` at the first that fails."""
        self._prepare()
        for loaded in revisions:
            functions = self._functions(loaded, "downgrade")
            if len(functions) < len(self._functions(loaded, "upgrade")):
                raise NoDowngrade(loaded.revision.id, str(loaded.revision.path))
            yield self._carried(loaded, functions[::-1], "downgrade")

    def _functions(self, loaded: LoadedRevision, direction: Direction) -> list[Function]:
        """What the revision does to this database, by all the names that the app has for it."""
        found = [loaded.function(direction, bind) for bind in self.binds]
        return [function for function in found if function is not None]

    def _prepare(self) -> None:
        """Make the history table ready, in a transaction of its own."""
        with self.dialect.transaction(self.connection):
            self.history.create(self.connection)

    def _carried(
        self, loaded: LoadedRevision, functions: list[Function], direction: Direction
    ) -> Carried:
        start = time.perf_counter()
        row = self._row(loaded.revision)
        if self.dialect.transactional_ddl:
            self._in_transaction(loaded, functions, direction, row)
        else:
            self._step_by_step(loaded, functions, direction, row)
        revision = loaded.revision
        return Carried(
            self.binds[0],
            revision.id,
            revision.parents,
            revision.message,
            direction,
            time.perf_counter() - start,
        )

    def _row(self, revision: Revision) -> Applied:
        return Applied(
            revision=revision.id,
            message=revision.message,
            file=revision.path.name,
            checksum=self.checksum(revision),
            started_at=now(),
            **provenance(),
        )

    def _in_transaction(
        self,
        loaded: LoadedRevision,
        functions: list[Function],
        direction: Direction,
        row: Applied,
    ) -> None:
        """The revision and its row, both or neither."""
        try:
            self._transaction(loaded, functions, direction, row, unguarded=False)
        except BeginUnguarded:
            self._transaction(loaded, functions, direction, row, unguarded=True)

    def _transaction(
        self,
        loaded: LoadedRevision,
        functions: list[Function],
        direction: Direction,
        row: Applied,
        *,
        unguarded: bool,
    ) -> None:
        with (
            self._named(loaded, "Nothing of it stays."),
            self.dialect.transaction(self.connection, unguarded=unguarded),
        ):
            self._call(functions)
            self._record(direction, row, fresh=True)

    def _step_by_step(
        self,
        loaded: LoadedRevision,
        functions: list[Function],
        direction: Direction,
        row: Applied,
    ) -> None:
        """The row says "started" before the first statement, because DDL commits by itself."""
        state = STARTED if direction == "upgrade" else UNDOING
        self.history.record(self.connection, replace(row, state=state))
        self.connection.commit()
        try:
            with self._named(loaded, f"{self.dialect.title} cannot roll back what it did before."):
                self._call(functions)
                self._record(direction, row, fresh=False)
                self.connection.commit()
        except BaseException as error:
            self.connection.rollback()
            reason = getattr(error, "message", None) or repr(error)
            self.history.record(
                self.connection, replace(row, state=FAILED, error=str(reason)[:4000])
            )
            self.connection.commit()
            raise

    def _call(self, functions: list[Function]) -> None:
        if not functions:
            return
        sink = LiveSink(
            self.dialect,
            self.connection,
            naming_convention=self.naming_convention,
            opts=self.opts,
        )
        with bound(sink):
            for function in functions:
                function()
            sink.finish()

    def _record(self, direction: Direction, row: Applied, *, fresh: bool) -> None:
        if direction == "downgrade":
            self.history.remove(self.connection, [row.revision])
            return
        finished = now()
        assert row.started_at is not None
        seconds = (finished - row.started_at).total_seconds()
        done = replace(row, finished_at=finished, duration=seconds)
        write = self.history.add if fresh else self.history.record
        write(self.connection, done)

    def _named(self, loaded: LoadedRevision, outcome: str) -> _Named:
        return _Named(loaded.revision, outcome)


@dataclass
class _Named:
    """Turns whatever goes wrong in a revision into an error that names the revision."""

    revision: Revision
    outcome: str

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        match error:
            case None | BeginUnguarded():
                return
            case Failure():
                raise StatementFailed(
                    self.revision.id,
                    operation=error.operation.describe(),
                    sql=sql_of(error),
                    reason=reason_of(error.error),
                    outcome=self.outcome,
                ) from error.error
            case DBAPIError():
                raise StatementFailed(
                    self.revision.id,
                    operation=f"SQL at {self._place(error)}",
                    sql=str(error.statement or ""),
                    reason=reason_of(error),
                    outcome=self.outcome,
                ) from error
            case SchemaMigrateError():
                raise error.within(f"Revision {self.revision.id}, {self._place(error)}")
            case Exception():
                raise RevisionRaised(
                    self.revision.id,
                    place=self._place(error),
                    error=error,
                    outcome=self.outcome,
                ) from error

    def _place(self, error: BaseException) -> str:
        """The last line of the revision's own file that the error came through."""
        path = str(self.revision.path)
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename == path:
                return f"{path}:{frame.lineno}"
        return path


def reason_of(error: BaseException) -> str:
    """The database's own message."""
    original = getattr(error, "orig", None) or error
    arguments = getattr(original, "args", ())
    texts = [text for text in arguments[1:] if isinstance(text, str)]
    text = texts[0] if texts else original
    return str(text).strip().splitlines()[0] if str(text).strip() else type(original).__name__
