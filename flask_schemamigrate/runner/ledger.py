"""What one revision has done so far, written down so that a killed run can be taken up again.

Inside a transaction nothing is written before the end: the transaction is all or nothing. But
whatever commits in between (a statement that must run outside, the revision's own commit) carries
along the rows that say what it commits. Outside a transaction each statement has a row before it
runs and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ..dialects.statement import Data, Question, Statement, Step
from ..dialects.texts import storable
from ..errors.runs import ChangedSinceStarted
from ..errors.stopping import LeaseLost
from ..operations import Execute, Operation, text_of
from .fingerprints import fingerprint
from .history import STATES, Applied, History, now
from .journal import DONE, FAILED, PLANNED, RUNNING, Entry

OWN = "own"  # a statement of the revision's own code, which came through op.get_bind()
WHOLE = "operation"

LONGEST = 10_000
"""Letters of what is kept only to be shown: a server may take no row as long as a statement."""


@dataclass
class Ledger:
    """Keeps the journal of one revision on one connection.

    ``past`` is what an earlier run wrote. `begun` says whether the history says "started", and
    ``sweeps`` whether the journal may hold what an earlier run's finished revisions left there.
    """

    history: History
    connection: sa.Connection
    row: Applied
    direction: str
    past: Sequence[Entry] = ()
    begun: bool = False
    sweeps: bool = True
    closed: bool = False
    _held: list[tuple[int, Operation]] = field(default_factory=list)
    _own: list[Entry] = field(default_factory=list)
    _deferred: Entry | None = None
    _passed: list[Entry] = field(default_factory=list)
    _writing: bool = False

    def __post_init__(self) -> None:
        self.is_resumed = self.begun

    # -- what an earlier run did

    def planned(self, number: int, operation: Operation) -> list[Entry]:
        """What an earlier run wrote of this operation; nothing if it did not come so far.

        Raises `ChangedSinceStarted` where the file says another operation now.
        """
        entries = self._past.get(number, [])
        if not entries or entries[0].fingerprint == fingerprint(operation):
            return entries
        if any(entry.state in {DONE, RUNNING} or entry.position for entry in entries):
            raise self._changed(entries[0], operation.describe())
        return []

    def refuse_left(self, count: int) -> None:
        """Raise `ChangedSinceStarted` if more was done than the file says now."""
        for number, entries in self._past.items():
            if number > count and any(entry.is_done for entry in entries):
                raise self._changed(entries[0], "nothing")

    def _changed(self, entry: Entry, now: str) -> ChangedSinceStarted:
        return ChangedSinceStarted(
            self.row.revision, was=entry.described, now=now, direction=self.direction
        )

    def own_writes(self) -> list[Entry]:
        """The statements of its own that the revision carried out in an earlier run."""
        return [entry for entry in self.past if entry.kind == OWN]

    @cached_property
    def _past(self) -> Mapping[int, list[Entry]]:
        found: dict[int, list[Entry]] = {}
        for entry in self.past:
            if entry.kind != OWN:
                found.setdefault(entry.operation, []).append(entry)
        return found

    # -- inside a transaction

    def done_inside(self, number: int, operation: Operation) -> None:
        """Remember an operation that the transaction holds, in case something commits it."""
        self._held.append((number, operation))

    def own_write(self, number: int, sql: str) -> None:
        """Remember a statement of the revision's own code."""
        entry = Entry(
            self.row.revision, -number, 0, OWN, DONE, "its own statement", "", sql[:LONGEST]
        )
        self._own.append(replace(entry, finished_at=now()))

    @property
    def holds(self) -> bool:
        """Whether something was done that no commit has made last yet."""
        return bool(self._held or self._own)

    def rolled_back(self) -> None:
        """Forget what the transaction held."""
        self._held.clear()
        self._own.clear()
        self._deferred = None

    def before_commit(self) -> None:
        """Write down what is about to be committed; nothing once the revision is finished."""
        if self.closed or self._writing or not (self.holds or self._deferred):
            return
        with self._at_it():
            self._begin()
            self._write([])
            self._write_deferred()

    # -- outside of one

    def begin(self) -> None:
        """Say that the revision has started, before its own code does what nobody can see."""
        if not self.begun:
            with self._at_it():
                self._begin()
                self.connection.commit()

    def plan(
        self,
        number: int,
        operation: Operation,
        steps: Sequence[Step],
        *,
        footprint: str | None = None,
    ) -> list[Entry]:
        """Write down all statements of an operation, and that the first is about to run.

        It lasts once somebody commits.
        """
        mark = fingerprint(operation)
        entries = [
            Entry(
                self.row.revision,
                number,
                place,
                type(step).__name__.lower(),
                PLANNED,
                operation.describe(),
                mark,
                sql=_kept(step),
            )
            for place, step in enumerate(steps, 1)
        ] or [self._entry(number, 0, operation, kind=WHOLE, state=DONE)]
        if steps:
            entries[0] = replace(entries[0], state=RUNNING, started_at=now(), footprint=footprint)
        with self._at_it():
            self._begin()
            self._write(entries)
            if not steps:
                self.connection.commit()
        return entries if steps else []

    def plan_batches(self, number: int, operation: Operation) -> Entry:
        """Write down that an operation in batches begins."""
        entry = self._entry(number, 1, operation, kind="batches", state=PLANNED)
        entry = replace(entry, started_at=now(), finished_at=None, sql=operation.describe())
        with self._at_it():
            self._begin()
            self._write([entry])
            self.connection.commit()
        return entry

    def running(self, entry: Entry, *, footprint: str | None = None) -> None:
        """Say that a statement is about to run; it lasts once somebody commits."""
        with self._at_it():
            self._begin()
            self.history.journal.change(
                self.connection, entry, state=RUNNING, started_at=now(), footprint=footprint
            )
            self._go_on()

    def commit(self) -> None:
        """Make what was written last."""
        with self._at_it():
            self.connection.commit()

    def finished(self, entry: Entry) -> None:
        """Say that a statement has run, in the transaction that is open or its own."""
        with self._at_it():
            self._mark_done(entry)
            self.connection.commit()

    def mark_done(self, entry: Entry) -> None:
        """Say that a statement has run, in the same transaction as it.

        Raises `LeaseLost` if somebody else has carried it out meanwhile.
        """
        with self._at_it():
            if not self.history.journal.end(self.connection, entry, state=DONE, finished_at=now()):
                raise LeaseLost

    def finished_soon(self, entry: Entry) -> None:
        """Say that a statement has run by the row of the next one, or else at the end.

        Killed in between, the next run looks at the database and sees that it has.
        """
        self._deferred = replace(entry, finished_at=now())

    def catch_up(self) -> None:
        """Write what was put off."""
        if self._deferred is not None:
            with self._at_it():
                self._write_deferred()
                self.connection.commit()

    def failed(self, entry: Entry, reason: str) -> None:
        """Say that the database refused a statement."""
        with self._at_it():
            self.history.journal.change(
                self.connection, entry, state=FAILED, finished_at=now(), error=storable(reason)
            )
            self.connection.commit()

    def refused(self, number: int, operation: Operation, step: Step, reason: str) -> None:
        """Say that the database refused an operation that was a transaction of its own."""
        entry = self._entry(number, 1, operation, kind=type(step).__name__.lower(), state=FAILED)
        with self._at_it():
            self._begin()
            self._write([replace(entry, sql=_kept(step), error=storable(reason))])
            self.connection.commit()

    def reached(self, entry: Entry, before: str | None, position: str) -> None:
        """Say how far an operation in batches has come; committed with the batch.

        Raises `LeaseLost` if somebody else moved it on from where it was ``before``.
        """
        with self._at_it():
            if not self.history.journal.advance(self.connection, entry, before, position):
                raise LeaseLost

    # -- the end

    def close(self) -> None:
        """Write nothing more: the history is about to say that the revision is finished."""
        self.closed = True

    def stopped(self, reason: str) -> None:
        """Say in the history why the revision stopped, if it left anything behind."""
        if not self.begun:
            return
        with self._at_it():
            self._go_on()
            for entry in self._passed:
                self._mark_done(entry, entry.finished_at)
            self.history.mark(self.connection, self.row.revision, error=storable(reason))
            self.connection.commit()

    def _begin(self) -> None:
        """The history says "started" before, or together with, the first thing that lasts."""
        if self.begun:
            return
        if self.sweeps:
            self.history.sweep(self.connection)
        state = STATES[self.direction]
        if self.direction == "upgrade":
            self.history.add(self.connection, self.row._replace(state=state))
        else:
            self.history.mark(self.connection, self.row.revision, state=state)
        self.begun = True

    def _entry(self, number: int, place: int, operation: Operation, **what: Any) -> Entry:
        return Entry(
            self.row.revision,
            number,
            place,
            described=operation.describe(),
            fingerprint=fingerprint(operation),
            finished_at=now(),
            **what,
        )

    def _write(self, entries: Sequence[Entry]) -> None:
        """Add rows, and those put off, in place of what an earlier run wrote of the same."""
        journal = self.history.journal
        held = [
            self._entry(number, 0, operation, kind=WHOLE, state=DONE)
            for number, operation in self._held
        ]
        if held or entries:
            self._go_on()
        entries = [*held, *self._own, *entries]
        self._held.clear()
        self._own.clear()
        stale = {entry.operation for entry in entries} & self._past.keys()
        if stale:
            journal.forget(self.connection, self.row.revision, stale)
        journal.add(self.connection, entries)

    def _mark_done(self, entry: Entry, at: datetime | None = None) -> None:
        values = {"state": DONE, "finished_at": at or now()}
        self.history.journal.change(self.connection, entry, **values)

    def _go_on(self) -> None:
        """Another row has begun, which says that the statement before it has run."""
        if self._deferred is not None:
            self._passed.append(self._deferred)
            self._deferred = None

    def _write_deferred(self) -> None:
        if self._deferred is not None:
            self._mark_done(self._deferred, self._deferred.finished_at)
            self._deferred = None

    @contextmanager
    def _at_it(self) -> Iterator[None]:
        """While the ledger itself writes, its commits carry nothing along."""
        before, self._writing = self._writing, True
        try:
            yield
        finally:
            self._writing = before

    @property
    def is_writing(self) -> bool:
        """Whether a statement on the connection now is the ledger's own."""
        return self._writing


def _kept(step: Step) -> str:
    """A step as the journal keeps it: whole if a later run carries it out from there."""
    return sql_text(step)[:LONGEST] if isinstance(step, Data) else sql_text(step)


def sql_text(step: Step) -> str:
    """A step as text."""
    match step:
        case Statement() | Question():
            return step.sql
        case Data(operation=Execute(statement=statement)):
            return text_of(statement)
        case Data():
            return step.operation.describe()
