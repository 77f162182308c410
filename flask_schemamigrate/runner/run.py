"""Carrying revisions out, one after the other, and recording what was done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..dialects.base import Dialect
from ..dialects.statement import BeginUnguarded
from ..errors.runs import CannotKeepHistory, NoDowngrade, NotAtomic, NotReversible
from ..errors.stopping import LeaseLost, Stopped
from ..operations import bound
from ..revisions import Revision
from ..revisions.decoding import keepable
from ..revisions.module import Function, LoadedRevision
from ..revisions.revision import Direction
from .bystanders import go_on, nobody
from .events import Carried, Started, Watch
from .failing import advised, explained
from .hearing import Hearing
from .history import APPLIED, Applied, History, now, provenance
from .journal import Entry
from .ledger import Ledger
from .live import LiveSink
from .others import kept_polite
from .politeness import Manners, Patience, reason_of
from .session import Session, manners_of
from .surroundings import Surroundings, quietly

Todo = tuple[LoadedRevision, list[Function]]


@dataclass
class Runner:
    """Carries revisions out on one connection.

    ``shares_sessions`` says that something stands in between that gives others the same session;
    ``rows`` are those of the history, as far as they are known; ``stop`` is asked before each
    statement.
    """

    dialect: Dialect
    connection: sa.Connection
    history: History
    binds: tuple[str | None, ...] = (None,)
    naming_convention: Mapping[str, str] | None = None
    opts: Mapping[str, Any] = field(default_factory=dict)
    shares_sessions: bool = False
    rows: Mapping[str, Applied] = field(default_factory=dict)
    manners: Manners = field(default_factory=Manners)
    watch: Watch = nobody
    stop: Callable[[], None] = go_on
    _last: str = ""
    _journalled: bool = False

    def __post_init__(self) -> None:
        self._hearing = Hearing(self.connection)
        self._session = Session(self.dialect, self.connection)

    def upgrade(
        self, revisions: Sequence[LoadedRevision], *, atomic: bool = False
    ) -> Iterator[Carried]:
        """Carry revisions out in this order. Raises `RunError` at the first that fails."""
        todo = [(loaded, loaded.functions("upgrade", self.binds)) for loaded in revisions]
        return self._all(todo, "upgrade", atomic=atomic)

    def downgrade(
        self, revisions: Sequence[LoadedRevision], *, atomic: bool = False
    ) -> Iterator[Carried]:
        """Take revisions back in this order. Raises `RunError` at the first that fails."""
        todo = []
        for loaded in revisions:
            if reason := getattr(loaded.module, "irreversible", None):
                said = "its file says so." if reason is True else str(reason)
                raise NotReversible(loaded.revision.id, said)
            functions = loaded.functions("downgrade", self.binds)
            if len(functions) < len(loaded.functions("upgrade", self.binds)):
                raise NoDowngrade(loaded.revision.id, str(loaded.revision.path))
            todo.append((loaded, functions))
        return self._all(todo, "downgrade", atomic=atomic)

    def _all(
        self,
        todo: Sequence[Todo],
        direction: Direction,
        *,
        atomic: bool,
    ) -> Iterator[Carried]:
        self._prepare()
        if atomic and not self.dialect.transactional_ddl:
            raise NotAtomic(f"{self.dialect.title} commits each change of the schema by itself")
        try:
            polite = kept_polite(self.dialect, self.connection, self.manners.lock_timeout)
            with self._hearing.on(), polite:
                if atomic:
                    yield from self._together(todo, direction)
                    return
                self._last = todo[-1][0].revision.id if todo else ""
                for loaded, functions in todo:
                    yield self._carried(loaded, functions, direction)
        finally:
            self._session.end()

    def _prepare(self) -> None:
        """Make the history tables that are missing, in a transaction of their own."""
        ready = self.history.is_complete(self.connection)
        self.connection.rollback()
        patience = Patience(self.dialect, self.connection, self.manners, self.watch, self.stop)
        attempt = 0
        while not ready:
            try:
                with self.dialect.transaction(self.connection):
                    self.history.create(self.connection)
                ready = True
            except DBAPIError as error:
                attempt += 1
                if not patience.again(attempt, error):
                    refused = CannotKeepHistory(
                        self.binds[0] or "default", table=self.history.name, reason=reason_of(error)
                    )
                    if (way_out := self.dialect.way_out(error)) is not None:
                        refused.advising(f"{way_out} Nothing was changed.")
                    raise refused from error

    # -- one revision

    def _carried(
        self, loaded: LoadedRevision, functions: list[Function], direction: Direction
    ) -> Carried:
        start = time.perf_counter()
        revision = loaded.revision
        resumed = self._was_begun(revision.id)
        self.watch(Started(self.binds[0], revision.id, revision.message, direction, resumed))
        manners = manners_of(loaded, self.manners)
        if not (self.shares_sessions and self.dialect.local_words):
            self._session.tell(manners, waits=revision.id == self._last)
        patience = self._patience(revision, manners)
        attempt, unguarded, begun = 0, False, resumed
        while True:
            run = self._surroundings(loaded, direction, patience, begun=begun)
            try:
                self._attempt(run, functions, unguarded=unguarded)
                break
            except BeginUnguarded:
                unguarded, begun = True, run.ledger.begun
            except Exception as error:
                attempt += 1
                # Outside a transaction the statement alone has been tried again already.
                try:
                    again = run.inside and patience.again(attempt, error)
                except Stopped as stopped:
                    again, error = False, stopped
                if not again:
                    self._stopped(run.ledger, error)
                    self._explain(revision, error, direction, self._outcome(run.ledger))
                begun = run.ledger.begun
            except BaseException as error:
                self._stopped(run.ledger, error)
                raise
        return self._result(revision, direction, start)

    def _attempt(self, run: Surroundings, functions: list[Function], *, unguarded: bool) -> None:
        with self._around(run, unguarded=unguarded):
            self._call(run, functions)
            run.ledger.close()
            self._record(run.ledger)
            self._sweep(run.ledger)

    @contextmanager
    def _around(self, run: Surroundings, *, unguarded: bool) -> Iterator[None]:
        """The transaction of a revision, or the lack of one."""
        if run.inside:
            with self.dialect.transaction(self.connection, unguarded=unguarded):
                run.be_polite()
                yield
        else:
            try:
                yield
                self.connection.commit()
            except BaseException:
                with quietly():
                    self.connection.rollback()
                raise

    def _call(self, run: Surroundings, functions: list[Function]) -> None:
        if not functions:
            return
        sink = LiveSink(run)
        with self._hearing.by(sink), bound(sink, former=not run.tidies):
            try:
                with nullcontext() if run.transactional else sink.outside_transaction():
                    for function in functions:
                        function()
                    sink.finish()
            except BaseException:
                sink.abandon()
                raise

    def _surroundings(
        self, loaded: LoadedRevision, direction: Direction, patience: Patience, *, begun: bool
    ) -> Surroundings:
        revision = loaded.revision
        past = self._past(revision.id) if begun else []
        row = Applied(
            revision=revision.id,
            message=revision.message,
            file=os.path.basename(revision.file),
            checksum=loaded.checksum if direction == "upgrade" else "",
            digest=loaded.digest,
            started_at=now(),
            source=keepable(loaded.text) if direction == "upgrade" else None,
            **provenance(),
        )
        ledger = Ledger(
            self.history, self.connection, row, direction, past, begun, sweeps=not self._journalled
        )
        transactional = getattr(loaded.module, "transactional", True)
        return Surroundings(
            self.dialect,
            self.connection,
            ledger,
            patience,
            self.watch,
            self.binds[0],
            inside=self.dialect.transactional_ddl,
            transactional=bool(transactional),
            tidies=not loaded.is_former,
            gathers=not loaded.catches,
            shares_sessions=self.shares_sessions,
            naming_convention=self.naming_convention,
            opts=self.opts,
        )

    def _was_begun(self, revision: str) -> bool:
        """Whether an earlier run began it and did not come to its end."""
        row = self.rows.get(revision)
        return row is not None and not row.is_finished

    def _past(self, revision: str) -> list[Entry]:
        """What an earlier run, or an earlier try of this one, wrote of a revision."""
        entries = self.history.journal.entries(self.connection, revision)
        self.connection.rollback()
        return entries

    def _record(self, ledger: Ledger) -> None:
        """Write into the history and its log that a revision is done."""
        row = ledger.row
        finished = now()
        assert row.started_at is not None
        seconds = (finished - row.started_at).total_seconds()
        if ledger.direction == "upgrade":
            if ledger.begun and not ledger.is_resumed:
                self.history.mark(
                    self.connection,
                    row.revision,
                    state=APPLIED,
                    finished_at=finished,
                    duration=seconds,
                )
                return
            done = row._replace(finished_at=finished, duration=seconds)
            write = self.history.record if ledger.begun else self.history.add
            write(self.connection, done)
            return
        before = self.rows.get(row.revision) or self.history.row(self.connection, row.revision)
        if not self.history.remove(self.connection, [row.revision]):
            # Its statements may do harm a second time, as an INSERT of its row would tell going up.
            raise LeaseLost
        taken_back = row._replace(origin=ledger.direction, finished_at=finished, duration=seconds)
        entries = [each.logged for each in (before, taken_back) if each is not None]
        self.history.log.add(self.connection, *entries)

    def _sweep(self, ledger: Ledger) -> None:
        """Take away, with the last revision, what the run's revisions have in the journal."""
        self._journalled |= ledger.begun
        if self._journalled and ledger.row.revision == self._last:
            self.history.sweep(self.connection)

    # -- trouble

    def _stopped(self, ledger: Ledger, error: BaseException) -> None:
        """Write down why a revision stopped, if anything of it stays and is ours to tell."""
        cause = getattr(error, "error", error)
        with quietly():
            self.connection.rollback()
            if isinstance(error, LeaseLost):
                return
            ledger.closed = False
            ledger.stopped(reason_of(cause))

    def _explain(
        self, revision: Revision, error: Exception, direction: Direction, outcome: str
    ) -> NoReturn:
        record = "stamp --verify {}" if self.dialect.transactional_ddl else "resolve {} --applied"
        with advised(self.dialect, self.connection, error, direction):
            explained(
                revision,
                error,
                outcome,
                direction=direction,
                history=self.history.name,
                recorded_by=None if self.rows else record.format(revision.id),
            )

    def _outcome(self, ledger: Ledger) -> str:
        """What stays of a revision that failed, for people."""
        if not ledger.begun:
            return "Nothing of it stays."
        return (
            "What it had done before stays, and is written down: the next "
            f"'flask db {ledger.direction}' goes on where it stopped."
        )

    def _patience(self, revision: Revision, manners: Manners) -> Patience:
        return Patience(
            self.dialect,
            self.connection,
            manners,
            self.watch,
            self.stop,
            self.binds[0],
            revision.id,
        )

    # -- all revisions in one transaction

    def _together(self, todo: Sequence[Todo], direction: Direction) -> Iterator[Carried]:
        for begun in filter(self._was_begun, self.rows):
            raise NotAtomic(f"revision {begun} was begun by an earlier run")
        attempt, unguarded = 0, False
        while True:
            try:
                done = self._in_one(todo, direction, unguarded=unguarded)
                break
            except BeginUnguarded:
                unguarded = True
            except _InRevision as trouble:
                attempt += 1
                if not trouble.patience.again(attempt, trouble.error):
                    self._explain(
                        trouble.revision, trouble.error, direction, "Nothing was changed."
                    )
        yield from done

    def _in_one(
        self, todo: Sequence[Todo], direction: Direction, *, unguarded: bool
    ) -> list[Carried]:
        """Carry all out in one transaction, which the first that fails rolls back."""
        done = []
        with self.dialect.transaction(self.connection, unguarded=unguarded):
            for loaded, functions in todo:
                start = time.perf_counter()
                revision = loaded.revision
                self.watch(Started(self.binds[0], revision.id, revision.message, direction))
                patience = self._patience(revision, manners_of(loaded, self.manners))
                run = self._surroundings(loaded, direction, patience, begun=False)
                run.atomic = True
                try:
                    run.be_polite()
                    self._call(run, functions)
                except BeginUnguarded:
                    raise
                except Exception as error:
                    raise _InRevision(revision, error, patience) from error
                run.ledger.close()
                self._record(run.ledger)
                done.append(self._result(revision, direction, start))
        return done

    def _result(self, revision: Revision, direction: Direction, start: float) -> Carried:
        return Carried(
            self.binds[0],
            revision.id,
            revision.parents,
            revision.message,
            direction,
            time.perf_counter() - start,
        )


class _InRevision(Exception):
    """Something went wrong in one of several revisions that are one transaction."""

    def __init__(self, revision: Revision, error: Exception, patience: Patience) -> None:
        self.revision = revision
        self.error = error
        self.patience = patience
