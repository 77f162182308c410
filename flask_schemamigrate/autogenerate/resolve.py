"""From a difference and answers to operations, or to the questions that are left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..dialects.base import Dialect
from ..errors.autogenerate import OtherSchema, UnansweredQuestions
from ..operations import Operation
from ..schema import Schema, Table, edits
from . import columns, describe, diff, matching, names
from .answers import Answers
from .decisions import Decisions, Fill
from .destructive import Loss, losses
from .difference import Difference
from .directives import processed
from .downgrade import reversed_operations
from .options import Options
from .questions import (
    FillQuestion,
    Question,
    RenameQuestion,
    RenameTableQuestion,
    RenameValueQuestion,
)

NO_ANSWERS = Answers()


@dataclass(frozen=True)
class Resolved:
    """The operations that make the database what the models want.

    ``given_back`` and ``imports`` are what a ``process_revision_directives`` hook added: a way back
    of its own, and lines of import. ``message`` and ``rev_id`` are as it left them.
    """

    operations: tuple[Operation, ...]
    before: Schema
    decisions: Decisions = field(default_factory=Decisions)
    given_back: tuple[Operation, ...] = ()
    imports: tuple[str, ...] = ()
    message: str | None = None
    rev_id: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.operations

    @property
    def lines(self) -> list[str]:
        """``+ - ~ ->`` lines for people, what is lost first."""
        return self.told(())

    def told(self, losses: Sequence[Loss]) -> list[str]:
        """The same, each with what it loses as far as that is given."""
        return describe.lines(self.operations, self.before, losses)

    @property
    def losses(self) -> list[Loss]:
        """What goes for good, not counted yet."""
        return losses(self.operations, self.before)

    @property
    def reversed(self) -> list[Operation]:
        """The way back. Raises `Irreversible`."""
        return list(self.given_back) or reversed_operations(self.operations, self.before)


@dataclass(frozen=True)
class State:
    """What is decided so far, and what is still to be asked."""

    decisions: Decisions
    questions: tuple[Question, ...]


def resolve(
    difference: Difference,
    answers: Answers | None = NO_ANSWERS,
    *,
    dialect: Dialect,
    options: Options = Options(),  # noqa: B008 -- a frozen value
) -> Resolved:
    """The operations, once every question is answered.

    Without answers, ``None``, nothing is asked: what may be a rename is a drop and an add then.
    Raises `UnansweredQuestions`.
    """
    state = decided(difference, answers or NO_ANSWERS)
    if answers is not None and state.questions:
        raise UnansweredQuestions(state.questions)
    settled = under_names_of(difference, state.decisions)
    found = diff.operations(settled, state.decisions, dialect)
    script = processed(found, dialect, options)
    if script is None:
        return Resolved((), difference.before, state.decisions)
    return Resolved(
        tuple(script.upgrade_ops.ops),
        difference.before,
        state.decisions,
        tuple(script.downgrade_ops.ops),
        tuple(sorted(script.imports)),
        script.message,
        script.rev_id,
    )


def lines(difference: Difference) -> list[str]:
    """``+ - ~ ->`` lines for people, what is lost first; what may be a rename is not joined."""
    state = decided(difference, NO_ANSWERS)
    settled = under_names_of(difference, state.decisions)
    return describe.lines(diff.operations(settled, state.decisions), difference.before)


def questions(difference: Difference, answers: Answers = NO_ANSWERS) -> tuple[Question, ...]:
    """The questions that these answers leave open; answering one may close or open others."""
    return decided(difference, answers).questions


def decided(difference: Difference, answers: Answers) -> State:
    """What models and answers decide, tables first, and the questions that are left."""
    open_: list[Question] = []
    tables = _tables(difference, answers, open_)
    before = _with_renamed_tables(difference, tables)
    back = {new: old for old, new in tables.items()}
    renamed: dict[tuple[str, str], str] = {}
    fills: dict[tuple[str, str], Fill] = {}
    waiting = {question.new for question in open_ if isinstance(question, RenameTableQuestion)}
    for key in sorted(difference.wanted.tables):
        old, new = before.tables.get(key), difference.wanted.tables[key]
        if old is None or old is new or key in waiting or old == new:
            continue
        subject = Subject(old, new, back.get(key, key))
        _columns(subject, difference, answers, (renamed, open_))
        _fills(subject, difference, answers, (renamed, fills, open_))
    values = _values(difference, answers, open_)
    return State(Decisions(tables, renamed, values, fills), tuple(open_))


def under_names_of(difference: Difference, decisions: Decisions) -> Difference:
    """The difference with the database's names for what turned out to be there, only renamed."""
    if not decisions.tables and not decisions.columns:
        return difference
    before = _with_renamed_tables(difference, decisions.tables)
    for (key, old), new in decisions.columns.items():
        table = before.tables[key]
        column = replace(table.columns[old], name=new)
        before = edits.with_table(before, edits.changed_column(table, old, column))
    wanted, said = dict(difference.wanted.tables), dict(difference.said.tables)
    renamed = {*decisions.tables.values(), *(key for key, _ in decisions.columns)}
    for key in sorted(renamed | (_referring(before, decisions.tables.values()) & wanted.keys())):
        given = difference.given.get(key, frozenset())
        wanted[key], said[key] = names.together(
            before.tables[key], wanted[key], said.get(key, wanted[key]), given
        )
    return replace(
        difference,
        wanted=replace(difference.wanted, tables=wanted),
        said=replace(difference.said, tables=said),
    )


def _referring(before: Schema, tables: Collection[str]) -> set[str]:
    """The tables with a foreign key to one of these."""
    return {
        key
        for key, table in before.tables.items()
        if any(item.referent in tables for item in table.foreign_keys.values())
    }


@dataclass(frozen=True)
class Subject:
    """A table before, under its new name, and after; ``was`` is its old key."""

    before: Table
    after: Table
    was: str

    def names(self, column: str) -> tuple[str, ...]:
        """The full names by which an answer may speak of a column."""
        return tuple(dict.fromkeys((f"{self.after.key}.{column}", f"{self.was}.{column}")))


def _with_renamed_tables(difference: Difference, tables: Mapping[str, str]) -> Schema:
    before = difference.before
    for old, new in tables.items():
        renamed = replace(before.tables[old], name=difference.wanted.tables[new].name)
        before = edits.renamed_table(before, old, renamed)
    return before


def _tables(difference: Difference, answers: Answers, open_: list[Question]) -> dict[str, str]:
    """Renamed tables by their old keys. Raises `OtherSchema`."""
    before, wanted = difference.before.tables, difference.wanted.tables
    gone = {key: table for key, table in before.items() if key not in wanted}
    come = {key: table for key, table in wanted.items() if key not in before}
    found: dict[str, str] = {}
    for old, new in (
        *answers.table_renames.items(),
        *((old, new) for new, old in difference.hints.tables.items()),
    ):
        if old in gone and new in come:
            if gone[old].schema != come[new].schema:
                raise OtherSchema(old, new)
            found[old] = new
            del gone[old], come[new]
    loose = [
        [table for key, table in tables.items() if key not in answers.not_renames]
        for tables in (gone, come)
    ]
    scores = matching.table_scores(*loose) if all(loose) else {}
    for old, new in matching.best(scores):
        open_.append(RenameTableQuestion(old, new, scores[old, new]))
    return found


def _columns(
    subject: Subject,
    difference: Difference,
    answers: Answers,
    into: tuple[dict[tuple[str, str], str], list[Question]],
) -> None:
    """Renamed columns of one table."""
    renamed, open_ = into
    before, after = subject.before, subject.after
    gone = [name for name in before.columns if name not in after.columns]
    come = [name for name in after.columns if name not in before.columns]
    for old in list(gone):
        new = next(
            (answers.renames[name] for name in subject.names(old) if name in answers.renames),
            None,
        )
        if new is None:
            hinted = [
                name for name in come if difference.hints.columns.get((after.key, name)) == old
            ]
            new = hinted[0] if hinted else None
        if new in come:
            assert new is not None
            renamed[after.key, old] = new
            gone.remove(old)
            come.remove(new)
    loose = [
        [name for name in names if not answers.not_renames.intersection(subject.names(name))]
        for names in (gone, come)
    ]
    scores = matching.column_scores(before, after, *loose)
    for old, new in matching.best(scores):
        open_.append(RenameQuestion(after.key, old, new, scores[old, new]))


def _fills(
    subject: Subject,
    difference: Difference,
    answers: Answers,
    into: tuple[dict[tuple[str, str], str], dict[tuple[str, str], Fill], list[Question]],
) -> None:
    """What fills the columns of one table that may not be NULL."""
    renamed, fills, open_ = into
    key = subject.after.key
    origin = {new: old for (table, old), new in renamed.items() if table == key}
    asked = {
        question.new
        for question in open_
        if isinstance(question, RenameQuestion) and question.table == key
    }
    for name, column in subject.after.columns.items():
        was = subject.before.columns.get(origin.get(name, name))
        if was is None:
            fits = needed = columns.needs_filling(column)
        else:
            fits = was.nullable and not column.nullable
            needed = fits and (subject.was, was.name) in difference.with_nulls
        if not fits or name in asked:
            continue
        answer = next((answers.fills[n] for n in subject.names(name) if n in answers.fills), None)
        if answer is not None:
            fills[key, name] = answer
        elif needed:
            suggestion = difference.suggestions.get((key, name))
            text = column.type.text
            open_.append(FillQuestion(key, name, text, suggestion, is_new=was is None))


def _values(
    difference: Difference, answers: Answers, open_: list[Question]
) -> dict[tuple[str, str], str]:
    """Renamed values of enum types."""
    found: dict[tuple[str, str], str] = {}
    for key, enum in sorted(difference.before.enums.items()):
        wanted = difference.wanted.enums.get(key)
        if wanted is None or wanted == enum:
            continue
        gone = [value for value in enum.values if value not in wanted.values]
        come = [value for value in wanted.values if value not in enum.values]
        for old in list(gone):
            new = answers.renames.get(f"{key}.{old}")
            if new in come:
                assert new is not None
                found[key, old] = new
                gone.remove(old)
                come.remove(new)
        loose = [
            [value for value in values if f"{key}.{value}" not in answers.not_renames]
            for values in (gone, come)
        ]
        scores = {(a, b): matching.name_likeness(a, b) + 0.1 for a in loose[0] for b in loose[1]}
        for old, new in matching.best(scores):
            open_.append(RenameValueQuestion(key, old, new))
    return found
