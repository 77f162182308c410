"""Answers to questions, and how they are written on a command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..errors.autogenerate import BadAnswer
from ..schema import edits
from .decisions import Fill, fill
from .questions import (
    FillQuestion,
    Question,
    RenameQuestion,
    RenameTableQuestion,
    RenameValueQuestion,
)
from .quoting import divided, unquoted


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
            not_renames=frozenset(map(unquoted, no_rename)),
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

    def without_fill(self, place: str) -> Answers:
        """These answers without the one that fills ``table.column``."""
        return replace(self, fills=edits.without(self.fills, place))


def _rename(text: str) -> tuple[str, str]:
    *place, new = divided(text, ":")
    # A name that is not quoted may have colons, and the last one divides then.
    *table, column = divided(":".join(place), ".")
    owner = ".".join(table)
    # The new name may be given in full too.
    new = new.removeprefix(f"{owner}.")
    if not (owner and column and new):
        raise BadAnswer("--rename", text, "table.old:new")
    return unquoted(f"{owner}.{column}"), unquoted(new)


def _rename_table(text: str) -> tuple[str, str]:
    names = divided(text, ":")
    if len(names) != 2 or not all(names):
        raise BadAnswer("--rename-table", text, "old:new")
    old, new = map(unquoted, names)
    return old, new


def _fill(text: str) -> tuple[str, Fill]:
    place, *value = divided(text, "=")
    if not value or len([part for part in divided(place, ".") if part]) < 2:
        form = "table.column=VALUE or table.column=sql:EXPRESSION"
        raise BadAnswer("--fill", text, form)
    return unquoted(place), fill("=".join(value))
