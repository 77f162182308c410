"""What becomes of one table through several changes: its next text, and how to get there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...errors.sqlite import CannotKeep, RecreateNeeded
from ...operations import TableOperation
from ...schema import Schema, Table
from ..statement import Question, Step
from . import editing
from .rebuild import Rebuild, copy_name, steps
from .schema_edit import MARK, schema_edit
from .scratch import Catalogue, Stored
from .spelled import spelled_table
from .stored_text import TableText, parse_table
from .tokens import NotUnderstood

NOTHING, NATIVE, TEXT, COPY = "nothing", "native", "text", "copy"


@dataclass(frozen=True)
class Piece:
    """How one change is made: by SQLite's own statement, in the stored text, or by a copy."""

    how: str
    after: TableText
    native: tuple[Step, ...] = ()
    questions: tuple[Question, ...] = ()
    defaults: tuple[str, ...] = ()


@dataclass
class Plan:
    """A table on its way through several changes.

    ``source`` tells for each column which column of the table as it is now its values come from.
    """

    catalogue: Catalogue
    stored: Stored
    table: Table
    text: TableText
    indexes: dict[str, str]
    source: dict[str, str | None]
    unguarded: bool
    pieces: list[Piece] = field(default_factory=list)

    @property
    def schema(self) -> str | None:
        """The schema of the table."""
        return self.stored.schema

    def apply(self, operation: TableOperation) -> Table:
        """The table after an operation, spelled; ``table`` is left as it was."""
        known = Schema(tables={self.table.key: self.table})
        return spelled_table(operation.apply(known).tables[self.table.key])

    def add(
        self,
        how: str,
        text: str | None = None,
        *,
        native: tuple[Step, ...] = (),
        questions: tuple[Question, ...] = (),
        defaults: tuple[str, ...] = (),
    ) -> None:
        """Take a change in, with the text it leads to."""
        if text is not None:
            try:
                self.text = parse_table(text)
            except NotUnderstood as error:
                raise CannotKeep(self.table.key, str(error)) from error
        self.pieces.append(Piece(how, self.text, native, questions, defaults))

    def has_values(self, *columns: str) -> bool:
        """Whether these columns are there now, so that the rows can be asked about them."""
        return all(self.source.get(column) == column for column in columns)

    # -- the steps

    def steps(self, recreate: str, *, edits: bool, start: TableText) -> Iterator[Step]:
        """The steps of all changes; ``edits`` allows to edit the stored text."""
        copied = [piece for piece in self.pieces if piece.how == COPY]
        if not edits:
            copied += [piece for piece in self.pieces if piece.how == TEXT]
        if copied and recreate == "never":
            raise RecreateNeeded(self.table.key)
        if copied or recreate == "always":
            yield from (question for piece in self.pieces for question in piece.questions)
            yield from self._copied(start, self.text, self.source, self.indexes)
        else:
            yield from self._one_by_one(start)

    def _one_by_one(self, start: TableText) -> Iterator[Step]:
        waiting: list[Piece] = []
        for piece in self.pieces:
            if piece.how == TEXT:
                waiting.append(piece)
                continue
            if piece.how == NATIVE:
                yield from self._edited(start, waiting)
                waiting = []
                yield from piece.questions
                yield from piece.native
                start = piece.after
        yield from self._edited(start, waiting)

    def _edited(self, start: TableText, pieces: list[Piece]) -> Iterator[Step]:
        """One edit of the stored text for several changes."""
        if not pieces:
            return
        after = pieces[-1].after
        yield from (question for piece in pieces for question in piece.questions)
        columns = {column.name: column.name for column in after.columns}
        yield schema_edit(
            self.stored.name,
            self.schema,
            after.text,
            probes=[
                (name, editing.with_clause(start, name, "DEFAULT", f"DEFAULT {MARK}"))
                for piece in pieces
                for name in piece.defaults
            ],
            instead=list(self._copied(start, after, columns, self.indexes)),
        )

    def _copied(
        self,
        start: TableText,
        after: TableText,
        source: Mapping[str, str | None],
        indexes: Mapping[str, str],
    ) -> Iterator[Step]:
        taken = self.catalogue.names()
        yield from steps(
            Rebuild(
                old=start,
                new=after,
                stored=self.stored,
                source=source,
                indexes=dict(indexes),
                copy=copy_name(self.stored.name, lambda name: name.lower() in taken),
                unguarded=self.unguarded,
            )
        )


def begun(catalogue: Catalogue, stored: Stored, table: Table) -> Plan:
    """The plan before any change. Raises `CannotKeep`."""
    try:
        text = parse_table(stored.sql)
    except NotUnderstood as error:
        raise CannotKeep(table.key, f"its CREATE TABLE is not understood ({error})") from error
    if [column.name for column in text.columns] != list(table.columns):
        raise CannotKeep(table.key, "its CREATE TABLE is not understood")
    linked = "references" in stored.sql.lower() or bool(catalogue.referenced(stored.name))
    return Plan(
        catalogue=catalogue,
        stored=stored,
        table=table,
        text=text,
        indexes=dict(stored.indexes),
        source={name: name for name in table.columns},
        unguarded=linked,
    )


def differences(wanted: Table, found: Table) -> list[str]:
    """In which respects a table is not what was wanted."""
    wanted, found = _without_implied(wanted, found), _without_implied(found, wanted)
    aspects = ("columns", "primary_key", "uniques", "foreign_keys", "checks", "indexes", "options")
    return [name for name in aspects if getattr(wanted, name) != getattr(found, name)]


def _without_implied(table: Table, other: Table) -> Table:
    """The table without the referent's columns in those foreign keys where the other has none.

    REFERENCES without columns means the referent's primary key, which may not be at hand.
    """
    implied = {
        (key.columns, key.referent)
        for key in other.foreign_keys.values()
        if not key.referent_columns
    }
    keys = [
        replace(key, referent_columns=()) if (key.columns, key.referent) in implied else key
        for key in table.foreign_keys.values()
    ]
    return replace(table, foreign_keys={key.key: key for key in keys})
