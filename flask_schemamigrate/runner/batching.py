"""What a sink does with operations that work in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial

import sqlalchemy as sa

from ..dialects.statement import Data
from ..operations import Batched, Execute, RunData
from ..revisions.module import refuse_unawaited
from .batches import Batches, Position, gone_through
from .events import Progress
from .journal import Entry
from .ledger import Ledger
from .sinks import Failure, Gatherer
from .surroundings import Surroundings


class Batching(Gatherer):
    """Carries an operation out batch by batch, outside the revision's transaction."""

    run: Surroundings
    ledger: Ledger
    connection: sa.Connection
    _autocommit: ExitStack
    _position: str | None = None

    def _left(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _one_transaction(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _persistently(self, act: Callable[[], None]) -> None:
        raise NotImplementedError

    def _note_failure(self, entry: Entry, failure: Failure) -> None:
        raise NotImplementedError

    def _in_batches(self, number: int, operation: Batched, past: Sequence[Entry]) -> None:
        """Carry out an operation on rows, each batch a transaction that says how far it came."""
        with self._left():
            if isinstance(operation, RunData) and not operation.table:
                entry = past[0] if past else self.ledger.plan_batches(number, operation)
                with self._one_transaction():
                    refuse_unawaited(operation.function(self.connection))
                    self.ledger.mark_done(entry)
                return
            table = self.known().table(operation.table, operation.schema)
            batches = Batches(operation, table, self.connection)
            batches.refuse_nulls()
            entry = past[0] if past else self.ledger.plan_batches(number, operation)
            self._position = entry.position
            with self._transactions():
                gone_through(
                    batches,
                    Position.read(entry.position),
                    together=partial(self._batch, entry, operation),
                    tell=partial(self._tell, operation),
                )
            self.ledger.finished(entry)

    def _batch(
        self, entry: Entry, operation: Batched, act: Callable[[], Position | None]
    ) -> Position | None:
        """Do one batch and say how far it came, both or neither."""
        reached: Position | None = None

        def together() -> None:
            nonlocal reached
            self.run.patience.stop()
            try:
                with self.dialect.transaction(self.connection):
                    self.run.be_polite()
                    reached = act()
                    if reached is not None:
                        self.ledger.reached(entry, self._position, reached.text)
            except Failure:
                raise
            except sa.exc.StatementError as error:
                raise Failure(operation, Data(Execute(operation.describe())), error) from error

        try:
            self._persistently(together)
        except Failure as failure:
            self._note_failure(entry, failure)
            raise
        if reached is not None:
            self._position = reached.text
        return reached

    def _tell(self, operation: Batched, done: int, total: int) -> None:
        run = self.run
        run.watch(Progress(run.bind, run.revision, operation.describe(), done, total))

    @contextmanager
    def _transactions(self) -> Iterator[None]:
        """A block that makes its own transactions, where each statement commits by itself."""
        self._autocommit.close()
        yield
        if self.dialect.transactional_ddl:
            self._autocommit.enter_context(self.dialect.autocommit(self.connection))
