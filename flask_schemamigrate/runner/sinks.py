"""Where a revision's operations go: what all runs share, and into an SQL script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Self

import sqlalchemy as sa

from ..dialects.base import Dialect, Rehearsal
from ..dialects.statement import Data, Statement, Step
from ..errors.altering import ChangeRefused
from ..errors.operations import (
    NeedsDatabase,
    UnknownColumn,
    UnknownConstraint,
    UnknownIndex,
    UnknownTable,
)
from ..operations import Batched, Execute, Operation
from ..revisions.module import LoadedRevision
from ..revisions.revision import Direction
from ..schema import Known
from ..schema.from_sqlalchemy import Spelling
from .context import MigrationContext
from .gathering import Gathering
from .settling import HARMLESS, ROWS, first_word

# Which of its own errors a database raises for these depends on the database.
WHAT_A_DATABASE_SAYS = (UnknownTable, UnknownColumn, UnknownConstraint, UnknownIndex, ChangeRefused)
DATABASE_ERRORS = (sa.exc.OperationalError, sa.exc.ProgrammingError)


def as_database_error(kind: Any) -> Any:
    """A class of our errors as one of those of SQLAlchemy's too that a revision may expect."""
    if issubclass(kind, DATABASE_ERRORS):
        return kind
    own = {"__module__": kind.__module__, "__str__": Exception.__str__}
    return type(kind.__name__, (kind, *DATABASE_ERRORS), own)


def as_our_own(kind: Any) -> Any:
    """The class that `as_database_error` began with; outside revisions nothing was a database's."""
    return kind.__bases__[0] if issubclass(kind, DATABASE_ERRORS) else kind


class Failure(Exception):
    """A step that the database refused, with the operation it belongs to.

    It is one of SQLAlchemy's errors as well, so that a revision that expects one can catch it.
    """

    def __new__(cls, operation: Operation, step: Step, error: BaseException) -> Self:
        kind = type(cls.__name__, (cls, type(error)), {"__module__": cls.__module__})
        return super().__new__(kind)

    def __init__(self, operation: Operation, step: Step, error: BaseException) -> None:
        vars(self).update(vars(error))
        self.args = error.args
        self.operation = operation
        self.step = step
        self.error = error

    @property
    def is_gone(self) -> bool:
        """Whether the connection broke, so that nobody knows what became of the statement."""
        return bool(getattr(self.error, "connection_invalidated", False))


class Gatherer:
    """What both sinks do: hold back changes to one table, and answer ``op``'s questions."""

    context: MigrationContext

    def __init__(
        self,
        dialect: Dialect,
        naming_convention: Mapping[str, str] | None,
        *,
        tidies: bool = True,
    ) -> None:
        self.naming_convention = naming_convention
        self.done: list[Operation] = []
        self.dialect = dialect.within(self.done, tidies=tidies)
        self._gathering = Gathering()
        self.gathers = True

    @property
    def spelling(self) -> Spelling:
        """How the database spells SQLAlchemy's constructs."""
        return self.dialect.spelling

    def take(self, operation: Operation) -> None:
        """Carry out an operation, or hold it back for its neighbours."""
        try:
            for ready in self._gathering.take(operation):
                self._carry(ready)
            if not self.gathers:
                self.flush()
        except WHAT_A_DATABASE_SAYS as error:
            error.__class__ = as_database_error(type(error))
            raise

    def flush(self) -> None:
        """Carry out what was held back."""
        for ready in self._gathering.rest():
            self._carry(ready)

    def known(self) -> Known:
        """The database before the next operation."""
        raise NotImplementedError

    def _carry(self, operation: Operation) -> None:
        raise NotImplementedError


class ScriptSink(Gatherer):
    """Writes operations as an SQL script; what they need to know is replayed or a shadow's.

    ``is_sure`` says that all of it could be followed.
    """

    def __init__(
        self,
        dialect: Dialect,
        write: Callable[[str], None],
        rehearsal: Rehearsal,
        *,
        naming_convention: Mapping[str, str] | None = None,
        opts: Mapping[str, Any] | None = None,
        tidies: bool = True,
    ) -> None:
        super().__init__(dialect, naming_convention, tidies=tidies)
        self._write = write
        self._rehearsal = rehearsal
        self._is_inside = True
        self.is_sure = True
        self.begin_text = dialect.begin_text
        self.context = MigrationContext(self, dialect=dialect.sqlalchemy, as_sql=True, opts=opts)

    def hear(
        self, loaded: LoadedRevision, direction: Direction, binds: Sequence[str | None]
    ) -> None:
        """Let a revision say its operations, to the end. Raises what it raises."""
        # A revision that catches errors counts on them where the operation is.
        self.gathers = not loaded.catches
        for function in loaded.functions(direction, binds):
            function()
        self.finish()

    def finish(self) -> None:
        """Write what is left at the end of the revision."""
        self.flush()
        if self.dialect.tidies and self.done:
            for operation in list(self.dialect.closing(self.done, self.known())):
                self._carry(operation)
        self.done.clear()

    def known(self) -> Known:
        return self._rehearsal.known

    def bind(self) -> sa.Connection:
        """There is none. Raises `NeedsDatabase`."""
        raise NeedsDatabase("op.get_bind()")

    @contextmanager
    def outside_transaction(self) -> Iterator[None]:
        """A block that the script writes outside a transaction."""
        self.flush()
        with self._left():
            yield
            self.flush()

    @contextmanager
    def _left(self) -> Iterator[None]:
        """A block between a COMMIT and a BEGIN, unless it is in such a block already."""
        if not (self._is_inside and self.begin_text):
            yield
            return
        self._write(self.dialect.commit_text)
        self._is_inside = False
        yield
        self._is_inside = True
        self._write(self.begin_text)

    def _carry(self, operation: Operation) -> None:
        if isinstance(operation, Batched):
            self._write(f"-- NOT WRITTEN, since it works in batches: {operation.describe()}")
            return
        steps = list(self.dialect.statements(operation, self.known()))
        outside = any(isinstance(step, Statement) and step.outside for step in steps)
        with self._left() if outside else nullcontext():
            for step in steps:
                self._do(step, operation)
        self.done.append(operation)
        self._rehearsal.after(operation)
        if isinstance(operation, Execute) and not self._rehearsal.follows_sql:
            self.is_sure &= first_word(operation.statement) in ROWS | HARMLESS

    def _do(self, step: Step, operation: Operation) -> None:
        for text in self.dialect.written(step):
            self._write(text)
        self._rehearsal.carry_out(step)


def sql_of(failure: Failure) -> str:
    """The SQL that failed, for an error message."""
    if isinstance(failure.step, Data):
        written = getattr(failure.operation, "statement", None)
        if isinstance(written, str):
            # A driver is given two percent signs for one.
            return written
        return str(getattr(failure.error, "statement", None) or failure.step.operation.describe())
    return failure.step.sql
