"""The root of every error: what happened, and what to do next."""

from __future__ import annotations

from typing import Self


class SchemaMigrateError(Exception):
    """Something went wrong that its message explains and its hint helps to mend.

    ``exit_code`` is what the command line exits with: 1 error, 3 a question was left unanswered,
    4 the lock was not obtained, 5 refused for safety, 130 stopped by Ctrl-C.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message if hint is None else f"{message}\n{hint}")

    def within(self, place: str, outcome: str = "") -> Self:
        """The same error, saying first where it happened, and at last what came of it."""
        self.message = f"{place}: {self.message}" + (f"\n{outcome}" if outcome else "")
        self.args = (self.message if self.hint is None else f"{self.message}\n{self.hint}",)
        return self

    def advising(self, hint: str) -> Self:
        """The same error, with another way to mend it."""
        self.hint = hint
        self.args = (f"{self.message}\n{hint}",)
        return self


class RevisionError(SchemaMigrateError):
    """The revision files, or an identifier that names them, do not make sense."""


class OperationError(SchemaMigrateError):
    """An operation cannot be done as it was asked for."""


class DatabaseError(SchemaMigrateError):
    """The database could not be reached, or would not do what was asked of it."""


class RunError(SchemaMigrateError):
    """A run of revisions could not start, or stopped before its end."""


class SetupError(SchemaMigrateError):
    """The app, its configuration or its models do not give what a command needs."""


class RefusedForSafety(SchemaMigrateError):
    """Going on could lose rows, so nothing was done."""

    exit_code = 5
