"""What becomes of one table through several changes: its next text, and how to get there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from ...errors.altering import CannotKeep, RecreateNeeded
from ...operations import TableOperation
from ...schema import Schema, Table
from ..statement import Question, Step
from . import editing
from .rebuild import Rebuild, steps
from .schema_edit import MARK, schema_edit
from .scratch import Catalogue, Stored
from .spelled import spelled_table
from .stored_text import TableText, parse_table
from .tokens import NotUnderstood

NOTHING, NATIVE, TEXT, COPY = "nothing", "native", "text", "copy"


class Parsed:
    """A text that is made, and taken apart, once somebody asks for it."""

    def __init__(
        self, make: Callable[[], str], table: str, columns: Sequence[str] | None = None
    ) -> None:
        self._make = make
        self._table = table
        self._columns = columns

    @cached_property
    def text(self) -> TableText:
        """The text. Raises `CannotKeep` where it is not understood."""
        try:
            text = parse_table(self._make())
            if self._columns not in (None, [column.name for column in text.columns]):
                raise NotUnderstood("it speaks of other columns than the database")
        except NotUnderstood as error:
            reason = f"its CREATE TABLE is not understood ({error})"
            raise CannotKeep(self._table, reason) from error
        return text


@dataclass(frozen=True)
class Piece:
    """How one change is made: by SQLite's own statement, in the stored text, or by a copy."""

    how: str
    after: Parsed
    indexes: Mapping[str, str]
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
    parsed: Parsed
    indexes: dict[str, str]
    source: dict[str, str | None]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def schema(self) -> str | None:
        """The schema of the table."""
        return self.stored.schema

    @property
    def text(self) -> TableText:
        """The table's text after all that was taken in."""
        return self.parsed.text

    @property
    def unguarded(self) -> bool:
        """Whether foreign keys lead from or to the table, so that a copy has to be made without."""
        linked = "references" in self.stored.sql.lower()
        return linked or bool(self.catalogue.referenced(self.stored.name))

    def apply(self, operation: TableOperation) -> Table:
        """The table after an operation, spelled; ``table`` is left as it was."""
        known = Schema(tables={self.table.key: self.table})
        return spelled_table(operation.apply(known).tables[self.table.key])

    def add(
        self,
        how: str,
        text: str | Callable[[], str] | None = None,
        *,
        native: tuple[Step, ...] = (),
        questions: tuple[Question, ...] = (),
        defaults: tuple[str, ...] = (),
    ) -> None:
        """Take a change in, with the text it leads to, or what makes it if it is wanted."""
        if text is not None:
            make = text if callable(text) else partial(str, text)
            self.parsed = Parsed(make, self.table.key)
        piece = Piece(how, self.parsed, dict(self.indexes), native, questions, defaults)
        self.pieces.append(piece)

    def has_values(self, *columns: str) -> bool:
        """Whether these columns are there now, so that the rows can be asked about them."""
        return all(self.source.get(column) == column for column in columns)

    # -- the steps

    def steps(self, recreate: str, *, edits: bool, start: Parsed) -> Iterator[Step]:
        """The steps of all changes; ``edits`` allows to edit the stored text."""
        copied = [piece for piece in self.pieces if piece.how == COPY]
        if not edits:
            copied += [piece for piece in self.pieces if piece.how == TEXT]
        if copied and recreate == "never":
            raise RecreateNeeded(self.table.key)
        if copied or recreate == "always":
            yield from (question for piece in self.pieces for question in piece.questions)
            yield from self._copied(start.text, self.text, self.source, self.indexes)
        else:
            yield from self._one_by_one(start)

    def _one_by_one(self, start: Parsed) -> Iterator[Step]:
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

    def _edited(self, first: Parsed, pieces: list[Piece]) -> Iterator[Step]:
        """One edit of the stored text for several changes."""
        if not pieces:
            return
        start, after = first.text, pieces[-1].after.text
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
            instead=list(self._copied(start, after, columns, pieces[-1].indexes)),
        )

    def _copied(
        self,
        start: TableText,
        after: TableText,
        source: Mapping[str, str | None],
        indexes: Mapping[str, str],
    ) -> Iterator[Step]:
        yield from steps(
            Rebuild(
                old=start,
                new=after,
                stored=self.stored,
                source=source,
                indexes=dict(indexes),
                taken=self.catalogue.names(),
                unguarded=self.unguarded,
            )
        )


def begun(catalogue: Catalogue, stored: Stored, table: Table) -> Plan:
    """The plan before any change."""
    return Plan(
        catalogue=catalogue,
        stored=stored,
        table=table,
        parsed=Parsed(partial(str, stored.sql), table.key, list(table.columns)),
        indexes=dict(stored.indexes),
        source={name: name for name in table.columns},
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
