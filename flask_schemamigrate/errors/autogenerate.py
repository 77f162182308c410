"""What keeps a difference from being written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .root import SchemaMigrateError, SetupError
from .runs import shortened


class Asked(Protocol):
    """A question about a difference, as the error shows it."""

    @property
    def text(self) -> str:
        """What is asked."""

    @property
    def flags(self) -> Sequence[str]:
        """The options of the command line that answer it."""

    def as_dict(self) -> Mapping[str, Any]:
        """The question for a machine."""


class AutogenerateError(SchemaMigrateError):
    """A difference between models and database cannot be written as a revision."""


class UnansweredQuestions(AutogenerateError):
    """Only a person can tell what is meant, and nobody did."""

    exit_code = 3

    def __init__(self, questions: Sequence[Asked]) -> None:
        self.questions = tuple(questions)
        count = len(self.questions)
        subject = "A question is" if count == 1 else f"{count} questions are"
        lines = [f"{subject} open, so nothing was written."]
        for question in self.questions:
            lines.append(f"  {question.text}")
            lines += [f"      {flag}" for flag in question.flags]
        super().__init__(
            "\n".join(lines),
            hint="Answer with these options, or run the command on a terminal.",
        )

    def as_dicts(self) -> list[Mapping[str, Any]]:
        """The questions for a machine."""
        return [question.as_dict() for question in self.questions]


class BadAnswer(SetupError):
    """An option that answers a question cannot be read."""

    exit_code = 2

    def __init__(self, option: str, value: str, form: str) -> None:
        self.option = option
        self.value = value
        super().__init__(f"{option} {value!r} cannot be read.", hint=f"It is written {form}.")


class StrayAnswer(SetupError):
    """An answer names what it cannot be about; ``known`` is what it could be."""

    exit_code = 2
    reason: str
    listed: str

    def __init__(self, option: str, name: str, known: Sequence[str]) -> None:
        self.option = option
        self.name = name
        self.known = tuple(known)
        super().__init__(
            f"{option} names {name}, {self.reason}.",
            hint=f"{self.listed}: {', '.join(known)}." if known else "Leave the option out.",
        )


class NothingToAnswer(StrayAnswer):
    """An answer names something that does not change."""

    reason = "which nothing was asked about"
    listed = "Asked about were"


class UnknownName(StrayAnswer):
    """An answer names a table, a column or a value that is not there."""

    reason = "and there is no such thing"
    listed = "There is"


class BadFill(AutogenerateError):
    """A constant does not fit the column it is to fill; ``place`` is its name without quotes."""

    exit_code = 2

    def __init__(self, column: str, value: str, type_: str, *, place: str) -> None:
        self.column = column
        self.place = place
        self.value = value
        super().__init__(
            f"{value!r} is no value for {column}, whose type is {type_}.",
            hint=f"For an SQL expression write --fill {column}=sql:EXPRESSION.",
        )


class NotRenderable(AutogenerateError):
    """Something has no form in a revision file."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what} cannot be written into a revision.",
            hint="Give SchemaMigrate a render_item function that returns its source.",
        )


class HookRaised(SetupError):
    """A function that the app gave ``SchemaMigrate`` ended with an error; nothing was written."""

    def __init__(self, hook: str, error: BaseException, *, place: str | None) -> None:
        self.hook = hook
        self.error = error
        where = "" if place is None else f"\n  {place}"
        hint = f"Mend the function that SchemaMigrate was given as {hook}."
        if hook == "process_revision_directives":
            hint += (
                " The operations that it gets are those of flask_schemamigrate.operations; "
                "a Rewriter of Alembic knows none of them."
            )
        said = f"{type(error).__name__}: {shortened(str(error), 200)}"
        super().__init__(f"The hook {hook} raised {said}{where}", hint=hint)


class SameName(AutogenerateError):
    """Models give one name to two things, and the database takes each name once."""

    def __init__(self, name: str, owners: Sequence[str]) -> None:
        self.name = name
        self.owners = tuple(owners)
        super().__init__(
            f"The models give the name {name!r} twice: to {' and to '.join(owners)}.",
            hint="The database takes one of them only. Give each a name of its own.",
        )


class NameTooLong(AutogenerateError):
    """A model's table or column has a name that the database would cut without a word."""

    def __init__(self, what: str, name: str, kept: str) -> None:
        self.name = name
        self.kept = kept
        super().__init__(
            f"The name of {what} is longer than what the database keeps of it: {kept!r}.",
            hint="Give it a shorter name in the model, this one if it is in the database already.",
        )


class KeyTypesDiffer(AutogenerateError):
    """A foreign key is to lead to a column of another type, which the database does not take.

    Each end is a column and its type.
    """

    def __init__(self, column: tuple[str, str], referent: tuple[str, str]) -> None:
        self.column = column
        self.referent = referent
        super().__init__(
            f"The foreign key from {column[0]} ({column[1]}) to {referent[0]} ({referent[1]}) "
            "would be refused: both must be of one type here.",
            hint="Give both one type in the models. If a table has no model, change its column in "
            "a revision by hand ('flask db revision').",
        )


class OtherSchema(AutogenerateError):
    """A table is said to be another under a new name, and is in another schema."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        super().__init__(
            f"The table {old} cannot be renamed to {new}: a rename leaves it in its schema.",
            hint="Move it in a revision by hand ('flask db revision'), or leave out what says that "
            "it is renamed to have it dropped and created.",
        )


class WithoutHistory(AutogenerateError):
    """A database holds tables of the models, and there are no revisions that created them."""

    exit_code = 3
    question = "Write a first revision that creates what is there, and record it as applied?"

    def __init__(self, bind: str, tables: Sequence[str], differences: Sequence[str] = ()) -> None:
        self.bind = bind
        self.tables = tuple(tables)
        self.differences = tuple(differences)
        few = self.tables[:5]
        listed = ", ".join((*few, "...")) if len(self.tables) > len(few) else ", ".join(few)
        count = "a table" if len(self.tables) == 1 else f"{len(self.tables)} tables"
        besides = "\n".join(f"  {line}" for line in self.differences)
        super().__init__(
            f"The database of bind '{bind}' holds {count} of the models ({listed}), and there is "
            "no revision yet."
            + (f"\nBesides, the models differ from it:\n{besides}" if besides else ""),
            hint="'flask db migrate --baseline' writes a first revision that creates what is there "
            "and records it as applied here. '--no-baseline' leaves out what is there.",
        )
