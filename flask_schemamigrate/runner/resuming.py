"""What a sink does with an operation that an earlier run left half done."""

from __future__ import annotations

from collections.abc import Sequence

from ..dialects.statement import Question, Statement, Step
from ..errors.runs import OutcomeUnknown, PlanWasPartial, QuestionAnswered
from ..operations import Operation
from ..schema import Known
from .batching import Batching
from .events import Settled
from .journal import RUNNING, Entry
from .settling import happened


class Resuming(Batching):
    """Goes on with an operation where the journal says that it stopped."""

    def _anew(self, number: int, operation: Operation) -> None:
        raise NotImplementedError

    def _steps(self, operation: Operation, known: Known) -> list[Step]:
        raise NotImplementedError

    def _recorded(
        self, entry: Entry, step: Step, operation: Operation, steps: Sequence[Step]
    ) -> None:
        raise NotImplementedError

    def _resume(self, number: int, operation: Operation, past: Sequence[Entry]) -> None:
        """Go on with an operation that an earlier run left half done."""
        happened_now = {entry.key: self._is_done(entry, operation, past) for entry in past}
        if not any(happened_now.values()):
            self._anew(number, operation)
            return
        steps = self._stored(operation, past)
        for entry, step in zip(past, steps, strict=True):
            if not happened_now[entry.key]:
                self._recorded(entry, step, operation, steps)

    def _is_done(self, entry: Entry, operation: Operation, past: Sequence[Entry]) -> bool:
        """Whether a statement happened; one of unknown outcome is looked up."""
        if entry.state != RUNNING:
            return entry.is_done
        count = sum(each.kind == "statement" for each in past)
        found = happened(self.dialect, self.connection, operation, entry, count)
        # Looking may have begun a transaction.
        self.connection.commit()
        if found is None:
            number = f"operation {entry.operation}, statement {entry.statement}"
            raise OutcomeUnknown(
                self.run.revision,
                number=number,
                sql=entry.sql,
                direction=self.ledger.direction,
            )
        self.run.watch(Settled(self.run.bind, self.run.revision, entry.sql, found))
        if found:
            self.ledger.finished(entry)
        return found

    def _stored(self, operation: Operation, past: Sequence[Entry]) -> list[Step]:
        """The steps as they were planned before the first of them ran."""
        if any(entry.kind not in {"statement", "question"} for entry in past):
            steps = self._steps(operation, self.known())
            if [type(step).__name__.lower() for step in steps] != [e.kind for e in past]:
                raise PlanWasPartial(self.run.revision, operation.describe())
            return steps
        revision, direction = self.run.revision, self.ledger.direction
        return [
            Question(entry.sql, lambda rows: QuestionAnswered(revision, rows, direction))
            if entry.kind == "question"
            else Statement(entry.sql)
            for entry in past
        ]
