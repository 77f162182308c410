"""The questions that only a person can answer."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .decisions import Constant, fill
from .quoting import place, quoted, quoted_key


def option(name: str, value: str) -> str:
    """An option as a shell takes it."""
    return f"{name} {shlex.quote(value)}"


@dataclass(frozen=True)
class RenameQuestion:
    """Is a column that comes one that goes, under a new name?"""

    table: str
    old: str
    new: str
    likeness: float

    @property
    def text(self) -> str:
        """What is asked."""
        return f"Was {self.table}.{self.old} renamed to {self.new}?"

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that answer it."""
        return (
            option("--rename", f"{place(self.table, self.old)}:{quoted(self.new)}"),
            option("--no-rename", place(self.table, self.old)),
        )

    def as_dict(self) -> Mapping[str, Any]:
        """The question for a machine."""
        return {"question": "rename", **vars(self), "flags": list(self.flags)}


@dataclass(frozen=True)
class RenameTableQuestion:
    """Is a table that comes one that goes, under a new name?"""

    old: str
    new: str
    likeness: float

    @property
    def text(self) -> str:
        """What is asked."""
        return f"Was the table {self.old} renamed to {self.new}?"

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that answer it."""
        return (
            option("--rename-table", f"{quoted_key(self.old)}:{quoted_key(self.new)}"),
            option("--no-rename", quoted_key(self.old)),
        )

    def as_dict(self) -> Mapping[str, Any]:
        """The question for a machine."""
        return {"question": "rename table", **vars(self), "flags": list(self.flags)}


@dataclass(frozen=True)
class RenameValueQuestion:
    """Is a value that comes to an enum type one that goes, under a new name?"""

    enum: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """What is asked."""
        return f"Was the value {self.old!r} of the enum {self.enum} renamed to {self.new!r}?"

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that answer it."""
        return (
            option("--rename", f"{place(self.enum, self.old)}:{quoted(self.new)}"),
            option("--no-rename", place(self.enum, self.old)),
        )

    def as_dict(self) -> Mapping[str, Any]:
        """The question for a machine."""
        return {"question": "rename value", **vars(self), "flags": list(self.flags)}


@dataclass(frozen=True)
class FillQuestion:
    """What shall rows have in a column that may not be NULL?

    ``suggestion`` is the model's Python default, where it is a plain value. ``is_new`` tells a new
    column from one that was nullable and holds a NULL.
    """

    table: str
    column: str
    type: str
    suggestion: str | None = None
    is_new: bool = True

    @property
    def text(self) -> str:
        """What is asked."""
        what = "is new" if self.is_new else "holds NULLs"
        return (
            f"{self.table}.{self.column} ({self.type}) {what} and shall be NOT NULL: "
            "what do rows get that have no value?"
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that answer it."""
        value = "VALUE" if self.suggestion is None else _value(self.suggestion)
        default = ("default:VALUE",) if self.is_new else ()
        answers = (value, "sql:EXPRESSION", *default, "nullable:", "as-is:")
        column = place(self.table, self.column)
        return tuple(option("--fill", f"{column}={answer}") for answer in answers)

    def as_dict(self) -> Mapping[str, Any]:
        """The question for a machine."""
        return {"question": "fill", **vars(self), "flags": list(self.flags)}


def _value(text: str) -> str:
    """A constant that is not taken for another kind of answer."""
    return text if fill(text) == Constant(text) else f"value:{text}"


Question = RenameTableQuestion | RenameQuestion | RenameValueQuestion | FillQuestion
