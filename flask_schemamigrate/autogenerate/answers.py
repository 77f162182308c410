"""Answers to questions, and how they are written on a command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..errors.autogenerate import BadAnswer
from .decisions import AsItIs, Constant, Fill, Nullable, ServerDefault, SQLExpression
from .questions import (
    FillQuestion,
    Question,
    RenameQuestion,
    RenameTableQuestion,
    RenameValueQuestion,
)


@dataclass(frozen=True)
class Answers:
    """What a person said, by the full names of what it is about.

    ``renames`` leads from ``table.column`` (or ``enum.value``) to a new name, ``table_renames``
    from table to table, ``fills`` from ``table.column`` to what rows get. ``not_renames`` names
    columns, values or tables, old or new, that are no renames.
    """

    renames: Mapping[str, str] = field(default_factory=dict)
    table_renames: Mapping[str, str] = field(default_factory=dict)
    not_renames: frozenset[str] = frozenset()
    fills: Mapping[str, Fill] = field(default_factory=dict)

    @classmethod
    def parse(
        cls,
        *,
        rename: Iterable[str] = (),
        no_rename: Iterable[str] = (),
        rename_table: Iterable[str] = (),
        fill: Iterable[str] = (),
    ) -> Answers:
        """The answers that options of the command line give. Raises `BadAnswer`."""
        return cls(
            renames=dict(map(_rename, rename)),
            table_renames=dict(map(_rename_table, rename_table)),
            not_renames=frozenset(no_rename),
            fills=dict(map(_fill, fill)),
        )

    def answering(self, question: Question, answer: bool | Fill) -> Answers:
        """These answers and that to one question: yes or no to a rename, or a fill."""
        match question:
            case FillQuestion():
                assert not isinstance(answer, bool)
                place = f"{question.table}.{question.column}"
                return replace(self, fills={**self.fills, place: answer})
            case RenameTableQuestion():
                if answer is not True:
                    return replace(self, not_renames=self.not_renames | {question.old})
                renames = {**self.table_renames, question.old: question.new}
                return replace(self, table_renames=renames)
            case RenameQuestion() | RenameValueQuestion():
                owner = question.table if isinstance(question, RenameQuestion) else question.enum
                place = f"{owner}.{question.old}"
                if answer is not True:
                    return replace(self, not_renames=self.not_renames | {place})
                return replace(self, renames={**self.renames, place: question.new})


def _rename(text: str) -> tuple[str, str]:
    place, colon, new = text.rpartition(":")
    table, dot, column = place.rpartition(".")
    # The new name may be given in full too.
    new = new.removeprefix(f"{table}.")
    if not (colon and dot and table and column and new):
        raise BadAnswer("--rename", text, "table.old:new")
    return place, new


def _rename_table(text: str) -> tuple[str, str]:
    old, colon, new = text.partition(":")
    if not (colon and old and new) or ":" in new:
        raise BadAnswer("--rename-table", text, "old:new")
    return old, new


def _fill(text: str) -> tuple[str, Fill]:
    place, equals, value = text.partition("=")
    if not equals or "." not in place.strip("."):
        form = "table.column=VALUE or table.column=sql:EXPRESSION"
        raise BadAnswer("--fill", text, form)
    return place, fill(value)


def fill(text: str) -> Fill:
    """What ``--fill table.column=`` says behind the equals sign. It is never evaluated."""
    kind, colon, rest = text.partition(":")
    if colon:
        match kind:
            case "sql":
                return SQLExpression(rest)
            case "default":
                return ServerDefault(rest)
            case "value":
                return Constant(rest)
            case "nullable" if not rest:
                return Nullable()
            case "as-is" if not rest:
                return AsItIs()
    return Constant(text)
