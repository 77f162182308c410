"""Where operations go in a run: to the database, with a record of each that has to last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import sqlalchemy as sa

from ..dialects.base import Live
from ..dialects.statement import BeginUnguarded, Data, Statement, Step
from ..errors import RunError, SchemaMigrateError
from ..errors.operations import WrongArgument
from ..errors.runs import (
    NotAtomic,
    OwnStatementDone,
    RolledBackItself,
)
from ..errors.stopping import Stopped
from ..operations import Batched, Operation
from ..schema import Known
from .context import MigrationContext
from .events import Working
from .journal import RUNNING, Entry
from .ledger import sql_text
from .politeness import reason_of
from .resuming import Resuming
from .settling import changes_rows, footprint, of_transactions, only_reads
from .sinks import Failure
from .surroundings import Closing, Surroundings, is_bare, is_outside, quietly


class LiveSink(Resuming):
    """Carries a revision's operations out.

    Inside a transaction the ledger only remembers them. Outside, and where the database commits DDL
    by itself, every statement is in the journal before it runs; and what an earlier run did is
    passed over.
    """

    def __init__(self, run: Surroundings) -> None:
        super().__init__(run.dialect, run.naming_convention, tidies=run.tidies)
        self.run = run
        self.connection = run.connection
        self.ledger = run.ledger
        self.gathers = run.gathers
        self.context = MigrationContext(self, dialect=run.connection.dialect, opts=run.opts)
        self._is_inside = run.inside
        self._number = 0
        self._own = 0
        self._working = False
        self._ending = False
        self._lost: list[str] = []
        self._kept: list[str] = []
        self._unheeded: BaseException | None = None
        self._stepped_out = ExitStack()
        self._autocommit = ExitStack()

    # -- what the connection tells

    def committing(self) -> None:
        """Whatever commits, commits the record of what was done as well."""
        with self._heeded():
            if self.run.atomic and not self._ending:
                raise NotAtomic(f"revision {self.run.revision} commits by itself")
        self.ledger.before_commit()
        if not self.ledger.is_writing:
            self._kept.clear()

    def rolled_back(self) -> None:
        """Something took back what the transaction held."""
        if not (self._ending or self._working or self.ledger.is_writing):
            self._lost += self._kept
            self._kept.clear()
            self.ledger.rolled_back()

    def executing(self, sql: str) -> None:
        """Remember what the revision's own code changes, since nobody else knows of it."""
        if self._working or self._ending or self.ledger.is_writing or only_reads(sql):
            return
        with self._heeded():
            self.run.patience.stop()
            self._own += 1
            past = self.ledger.own_writes()
            if self._own <= len(past):
                raise OwnStatementDone(self.run.revision, past[self._own - 1].sql)
        self.ledger.own_write(self._own, sql)

    # -- what op asks for

    def known(self) -> Live:
        return Live(self.dialect, self.connection)

    def take(self, operation: Operation) -> None:
        match of_transactions(operation):
            case "COMMIT":
                self._step_out()
            case "BEGIN":
                self._step_in()
            case "ROLLBACK":
                raise WrongArgument(
                    "op.execute('ROLLBACK') would take back what the revision has done.",
                    hint="Use a savepoint: 'with op.get_bind().begin_nested(): ...'.",
                )
            case _:
                super().take(operation)

    def bind(self) -> sa.Connection:
        """The connection; from here on nothing is held back, since the revision may look."""
        self.flush()
        self.gathers = False
        if not self._is_inside:
            self.ledger.begin()
            self.ledger.catch_up()
            # A session joins a transaction that is there. One of its own would be over with the
            # next operation, which commits.
            if not self.dialect.transactional_ddl and not self.connection.in_transaction():
                self.connection.begin()
        self.dialect.lend(self.connection)
        return self.connection

    @contextmanager
    def outside_transaction(self) -> Iterator[None]:
        """A block that is not in a transaction; what came before it is committed."""
        self.flush()
        gathers, self.gathers = self.gathers, False
        with self._left():
            yield
            self.flush()
        self.gathers = gathers

    def _step_out(self) -> None:
        """What ``op.execute("COMMIT")`` means: from here on, no transaction."""
        self.flush()
        if self._is_inside:
            self._stepped_out.enter_context(self._left())
        else:
            self.ledger.catch_up()
            self.connection.commit()

    def _step_in(self) -> None:
        """What ``op.execute("BEGIN")`` means: from here on, a transaction again."""
        self.flush()
        self._stepped_out.close()

    @contextmanager
    def _left(self) -> Iterator[None]:
        """A block outside the transaction; the ledger writes down what this commits."""
        if not self._is_inside:
            yield
            return
        with self._heeded():
            if self.run.atomic:
                raise NotAtomic(f"revision {self.run.revision} leaves its transaction")
            self._refuse_lost()
        with self._autocommit:
            self._autocommit.enter_context(self.dialect.autocommit(self.connection))
            self._is_inside = False
            self._kept.clear()
            try:
                yield
                self.ledger.catch_up()
            finally:
                self._is_inside = True

    def finish(self) -> None:
        """Carry out what is left at the end of the revision."""
        self.flush()
        self._stepped_out.close()
        if self.dialect.tidies and any(self.dialect.closing(self.done, self.known())):
            self._carry(Closing())
        self._refuse_lost()
        self.ledger.refuse_left(self._number)
        self.done.clear()

    def end(self) -> None:
        """From here on, what happens on the connection is not the revision's."""
        self._ending = True

    def abandon(self) -> None:
        """Leave whatever block was entered; the revision has failed."""
        self.end()
        with quietly():
            self._stepped_out.close()

    # -- carrying out

    def _carry(self, operation: Operation) -> None:
        with self._at_work(), self._heeded():
            self._refuse_lost()
            self._number += 1
            number = self._number
            past = self.ledger.planned(number, operation)
            if past and all(entry.is_done for entry in past):
                pass
            elif past and not isinstance(operation, Batched):
                with self._left():
                    self._resume(number, operation, past)
            elif isinstance(operation, Batched):
                self._in_batches(number, operation, past)
            else:
                self._anew(number, operation)
        if not isinstance(operation, Closing):
            self.done.append(operation)

    def _anew(self, number: int, operation: Operation) -> None:
        """Carry out an operation that no run has begun."""
        known = self.known()
        steps = self._steps(operation, known)
        if self._is_inside and not any(is_outside(step) for step in steps):
            with self.dialect.together(self.connection, steps):
                for step in steps:
                    self._do(step, operation)
            self._kept.append(operation.describe())
            self.ledger.done_inside(number, operation)
            return
        with self._left():
            if self.dialect.transactional_ddl and not any(is_bare(step) for step in steps):
                try:
                    self._persistently(partial(self._whole, number, operation, steps))
                except Failure as failure:
                    if not failure.is_gone:
                        with quietly():
                            reason = reason_of(failure.error)
                            self.ledger.refused(number, operation, failure.step, reason)
                    raise
                return
            mark = footprint(known, operation, steps)
            entries = self.ledger.plan(number, operation, steps, footprint=mark)
            for entry, step in zip(entries, steps, strict=False):
                self._recorded(entry, step, operation, steps)

    def _whole(self, number: int, operation: Operation, steps: Sequence[Step]) -> None:
        """Carry an operation out in a transaction of its own, with the record of it."""
        with self._one_transaction():
            for step in steps:
                self._do(step, operation)
            self.ledger.done_inside(number, operation)

    def _steps(self, operation: Operation, known: Known) -> list[Step]:
        if isinstance(operation, Closing):
            left = self.dialect.closing(self.done, known)
            return [step for item in left for step in self.dialect.statements(item, known)]
        return list(self.dialect.statements(operation, known))

    def _recorded(
        self, entry: Entry, step: Step, operation: Operation, steps: Sequence[Step]
    ) -> None:
        """Carry out one step outside a transaction, with a record before and after it."""
        if entry.state != RUNNING or entry.started_at is None:
            mark = footprint(self.known(), operation, steps)
            self.ledger.running(entry, footprint=mark)
        if not (isinstance(step, Statement) and self.dialect.commits_by_itself(step.sql)):
            self.ledger.commit()
        try:
            self._persistently(partial(self._tried, entry, step, operation))
        except Stopped as stopped:
            # Between two tries, so it is known that it did not happen.
            with quietly():
                self.ledger.failed(entry, stopped.message)
            raise
        except Failure as failure:
            self._note_failure(entry, failure)
            raise

    def _persistently(self, act: Callable[[], None]) -> None:
        """Do something that can be done again if another session's lock was in the way."""
        attempt = 0
        while True:
            try:
                act()
                return
            except Failure as failure:
                with quietly():
                    self.connection.rollback()
                attempt += 1
                if not self.run.patience.again(attempt, failure):
                    raise

    def _tried(self, entry: Entry, step: Step, operation: Operation) -> None:
        """Carry out a step and say so: for rows in one transaction, else right after it."""
        if changes_rows(step):
            with self._one_transaction():
                self._do(step, operation)
                self.ledger.mark_done(entry)
            return
        with self.run.unhurried(step), self._committed():
            self._do(step, operation)
        if isinstance(step, Data):
            self.ledger.finished(entry)
        else:
            self.ledger.finished_soon(entry)

    @contextmanager
    def _committed(self) -> Iterator[None]:
        """A block after whose failure the record lasts, if the server did not come to commit it."""
        try:
            yield
        except BaseException:
            with quietly():
                self.ledger.commit()
            raise

    def _note_failure(self, entry: Entry, failure: Failure) -> None:
        """Say that a statement was refused; if the connection is gone, nobody knows."""
        if failure.is_gone:
            return
        with quietly():
            self.ledger.failed(entry, reason_of(failure.error))

    @contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """A transaction for rows and their record, where each statement commits by itself."""
        if not self.dialect.transactional_ddl:
            yield
            self.connection.commit()
            return
        self._autocommit.close()
        try:
            with self.dialect.transaction(self.connection):
                self.run.be_polite()
                yield
        except BaseException:
            with quietly():
                self._autocommit.enter_context(self.dialect.autocommit(self.connection))
            raise
        self._autocommit.enter_context(self.dialect.autocommit(self.connection))

    def _do(self, step: Step, operation: Operation) -> None:
        self.run.patience.stop()
        self.run.watch(
            Working(self.run.bind, self.run.revision, operation.describe(), sql_text(step))
        )
        try:
            self.dialect.carry_out(step, self.connection)
        except (SchemaMigrateError, BeginUnguarded):
            raise
        except sa.exc.StatementError as error:
            raise Failure(operation, step, error) from error

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        before, self._working = self._working, True
        try:
            yield
        finally:
            self._working = before

    @contextmanager
    def _heeded(self) -> Iterator[None]:
        """A block whose trouble is the run's, if it is, though the revision catches it."""
        try:
            yield
        except (BeginUnguarded, RunError) as error:
            self._unheeded = error
            raise
        except Failure as failure:
            if failure.is_gone or self.dialect.is_lock_timeout(failure.error):
                self._unheeded = failure
            try:
                # Whoever wants the run to stop may have had the database end the statement.
                self.run.patience.stop()
            except Stopped as stopped:
                self._unheeded = stopped
            raise

    def _refuse_lost(self) -> None:
        """Raise what the revision caught and may not, or `RolledBackItself` if it did so."""
        if self._unheeded is not None:
            raise self._unheeded
        if self._lost:
            raise RolledBackItself(self.run.revision, self._lost)
