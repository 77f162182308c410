"""A column's definition while it is being altered."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..statement import Question
from . import editing
from .plan import COPY, NOTHING, Plan
from .stored_text import TableText, parse_table


@dataclass
class Draft:
    """A table's text on its way through the changes to one column, and how they can be made."""

    name: str
    text: TableText
    how: str = NOTHING
    questions: list[Question] = field(default_factory=list)
    has_new_default: bool = False

    def needs(self, how: str) -> None:
        """Take `TEXT` or `COPY`, unless more is needed already."""
        if self.how != COPY:
            self.how = how

    def say(self, kind: str, clause: str) -> None:
        """Give the column this clause for all of its kind, or none where it is empty."""
        self.text = parse_table(editing.with_clause(self.text, self.name, kind, clause))

    def retype(self, declared: str) -> None:
        """Give the column another declared type."""
        self.text = parse_table(editing.with_type(self.text, self.name, declared))

    def take_into(self, plan: Plan) -> None:
        """Add the change to a plan."""
        defaults = (self.name,) if self.has_new_default else ()
        plan.add(self.how, self.text.text, questions=tuple(self.questions), defaults=defaults)
