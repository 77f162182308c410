"""An SQL script that does what a run would do, for a database that is not at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dialects.base import Dialect
from ..errors.operations import NeedsDatabase
from ..errors.stopping import ScriptEnds
from ..operations import BulkInsert, Execute, bound
from ..revisions.module import LoadedRevision
from ..revisions.revision import Direction
from .failing import rehearsed
from .sinks import WHAT_A_DATABASE_SAYS, ScriptSink

NOT_FOLLOWED = (
    "A script cannot follow what SQL texts and questions to the database changed before. Say that "
    "with operations of op, or this change as SQL too; or run it on the database, without '--sql'."
)


@dataclass
class Script:
    """Writes revisions for one database, which holds what was replayed or written before.

    ``write`` takes the script's lines.
    """

    dialect: Dialect
    write: Callable[[str], None]
    binds: tuple[str | None, ...] = (None,)
    naming_convention: Mapping[str, str] | None = None
    opts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rehearsal = self.dialect.rehearsal()
        self._is_sure = True

    def replay(self, loaded: LoadedRevision) -> None:
        """Take a revision as carried out, without writing it."""
        self._say(loaded, "upgrade", lambda text: None)

    def revision(
        self,
        loaded: LoadedRevision,
        direction: Direction,
        records: Sequence[Execute | BulkInsert],
    ) -> None:
        """Write a revision and, in the same transaction, what its history becomes.

        Raises `ScriptEnds`, with a mark in the script, where the revision needs a database: half a
        revision would be worse than none.
        """
        revision = loaded.revision
        below = ", ".join(revision.parents) or "<base>"
        way = f"{below} -> {revision.id}" if direction == "upgrade" else f"{revision.id} -> {below}"
        self.comment(f"{direction} {way}, {revision.message}")
        written: list[str] = []
        needed = self._say(loaded, direction, written.append)
        if needed is not None:
            self.comment(f"NOT WRITTEN, nor anything after it: {needed.message}")
            raise ScriptEnds(revision.id, needed.message, direction=direction)
        self.statement(self.dialect.begin_text)
        for text in written:
            self.statement(text)
        for record in records:
            self.record(record)
        self.statement(self.dialect.commit_text)

    def record(self, operation: Execute | BulkInsert) -> None:
        """Write what becomes of a table of ours."""
        for text in self.dialect.written_data(operation):
            self.statement(text)

    def comment(self, text: str) -> None:
        """Write a line of comment."""
        self.write("-- " + " ".join(text.split()))

    def statement(self, text: str) -> None:
        """Write a statement and its semicolon."""
        if text:
            self.write(f"{text};\n")

    def _say(
        self, loaded: LoadedRevision, direction: Direction, statement: Callable[[str], None]
    ) -> NeedsDatabase | None:
        """Let the revision say its operations; what it says if it needs a database for one."""
        sink = ScriptSink(
            self.dialect,
            statement,
            self.rehearsal,
            naming_convention=self.naming_convention,
            opts=self.opts,
            tidies=not loaded.is_former,
        )
        with bound(sink, former=loaded.is_former), rehearsed(loaded.revision, direction):
            try:
                sink.hear(loaded, direction, self.binds)
            except NeedsDatabase as error:
                self._is_sure = False
                return error
            except WHAT_A_DATABASE_SAYS as error:
                if self._is_sure and sink.is_sure:
                    raise
                raise error.advising(NOT_FOLLOWED) from None
            self._is_sure &= sink.is_sure
        return None
