"""What revisions lead to, found by replaying them without a database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from ..dialects.base import Dialect, Live
from ..dialects.statement import Step
from ..errors import OperationError
from ..errors.operations import NeedsDatabase
from ..operations import Batched, Execute, Operation, TableOperation, bound, text_of
from ..revisions.module import LoadedRevision
from ..schema import Schema
from .failing import rehearsed
from .settling import HARMLESS, ROWS, first_word
from .sinks import WHAT_A_DATABASE_SAYS, ScriptSink


class Replay:
    """The schema that revisions lead to, as far as their operations tell.

    ``texts`` holds, by revision, the SQL and the source from which that cannot be told.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        binds: tuple[str | None, ...],
        naming_convention: Mapping[str, str] | None,
        opts: Mapping[str, Any],
    ) -> None:
        self.dialect = dialect
        self.binds = binds
        self.texts: dict[str, list[str]] = {}
        self._how: dict[str, Any] = {"naming_convention": naming_convention, "opts": opts}
        self._rehearsal = dialect.rehearsal()

    def take(self, loaded: LoadedRevision) -> None:
        """Take a revision as carried out."""
        how = {**self._how, "tidies": not loaded.is_former}
        sink = _Replaying(self.dialect, lambda text: None, self._rehearsal, **how)
        sink.doubtful = bool(self.texts)
        with bound(sink, former=loaded.is_former):
            try:
                with rehearsed(loaded.revision, "upgrade"):
                    sink.hear(loaded, "upgrade", self.binds)
            except NeedsDatabase:
                source = loaded.revision.path.read_text(encoding="utf-8", errors="replace")
                sink.texts.append(source)
                sink.flush()
        if sink.texts:
            self.texts[loaded.revision.id] = sink.texts

    @property
    def schema(self) -> Schema:
        """What there is now."""
        known = self._rehearsal.known
        if isinstance(known, Live):
            return known.dialect.read(known.connection)
        assert isinstance(known, Schema)
        return known

    def doubts(self, table: str) -> list[str]:
        """The revisions that may have done something to a table that nobody can tell."""
        word = re.compile(rf"(?<!\w){re.escape(table.rpartition('.')[2])}(?!\w)", re.IGNORECASE)
        return [id for id, texts in self.texts.items() if any(map(word.search, texts))]


class _Replaying(ScriptSink):
    """Writes nothing, and keeps what it cannot follow.

    ``doubtful`` says that it could not follow all that came before.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts: list[str] = []
        self.doubtful = False

    def _carry(self, operation: Operation) -> None:
        if isinstance(operation, Batched):
            return
        if isinstance(operation, Execute):
            word = first_word(operation.statement)
            if not self._rehearsal.follows_sql and word not in ROWS | HARMLESS:
                self.texts.append(text_of(operation.statement))
        elif isinstance(self._rehearsal.known, Schema) and isinstance(operation, TableOperation):
            try:
                operation.apply(self._rehearsal.known)
            except OperationError:
                self.texts.append(operation.key)
        try:
            super()._carry(operation)
        except (*WHAT_A_DATABASE_SAYS, DBAPIError):
            # What is missing here may be what could not be followed.
            if not (self.doubtful or self.texts):
                raise
            self.texts.append(operation.describe())

    def _do(self, step: Step, operation: Operation) -> None:
        self._rehearsal.carry_out(step)
