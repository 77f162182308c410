"""Why a run waits in vain, or ends early, though nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .root import RefusedForSafety, RunError
from .runs import StatementFailed, shortened


class LockNotObtained(RunError):
    """Another process holds the migration lock."""

    exit_code = 4

    def __init__(self, bind: str, *, waited: float, holder: str | None) -> None:
        self.bind = bind
        self.holder = holder
        who = f" It is held by {holder}." if holder else ""
        super().__init__(
            f"The migration lock of bind '{bind}' was not free within {waited:g} seconds.{who}",
            hint="Wait until the other migration ends, or wait longer with --lock-wait.",
        )


class LeaseLost(RunError):
    """Another process was at work at the same time, since the lock was not renewed in time."""

    exit_code = 4

    def __init__(self) -> None:
        super().__init__(
            "Another process has been at work at the same time: the migration lock was not renewed "
            "in time, and was taken over.",
            hint="See how things stand with 'flask db status' when that process has ended.",
        )


class TakesBackMore(RefusedForSafety):
    """Another process changed the database after it was seen what would be taken back."""

    def __init__(self, bind: str, revisions: Sequence[str]) -> None:
        self.bind = bind
        self.revisions = tuple(revisions)
        super().__init__(
            f"Another process has migrated the database of bind '{bind}' meanwhile, so that this "
            f"would take back {', '.join(revisions)}, which was not in sight before.",
            hint="Run it again if that is meant. Nothing was changed.",
        )


class StandApart(RefusedForSafety):
    """A step back leads to other revisions in one database than in another."""

    def __init__(self, identifier: str, current: Mapping[str, Sequence[str]]) -> None:
        self.identifier = identifier
        self.current = {bind: tuple(revisions) for bind, revisions in current.items()}
        places = ", ".join(
            f"'{bind}' at {', '.join(at) or '<base>'}" for bind, at in self.current.items()
        )
        super().__init__(
            f"'{identifier}' would lead to different revisions, since the databases are at "
            f"different ones: {places}.",
            hint="Name the revision to go back to, or the database with '--bind'. An earlier run "
            "may have ended after some of them. Nothing was changed.",
        )


class Stopped(RunError):
    """Somebody asked a run to stop, and it did between two statements.

    ``revision`` is the one that was being carried out, if any was.
    """

    exit_code = 130

    def __init__(
        self, revision: str | None = None, *, direction: str = "upgrade", outcome: str = ""
    ) -> None:
        self.revision = revision
        self.direction = direction
        self.outcome = outcome
        super().__init__(
            f"Stopped on request in revision {revision}, between two statements. {outcome}".rstrip()
            if revision
            else "Stopped on request.",
            hint=_again(direction),
        )


class Cancelled(RunError):
    """Somebody had the database end the statement that was running."""

    exit_code = 130

    def __init__(self, failed: StatementFailed) -> None:
        self.revision = failed.revision
        self.operation = failed.operation
        self.sql = failed.sql
        self.outcome = failed.outcome
        super().__init__(
            f"Cancelled revision {failed.revision} at '{failed.operation}':\n"
            f"  {shortened(failed.sql)}\n{failed.outcome}",
            hint=_again(failed.direction),
        )


def _again(direction: str) -> str:
    return f"Run 'flask db {direction}' again when it may go on."


class ScriptEnds(RunError):
    """An SQL script ends before a revision whose code needs a database."""

    def __init__(self, revision: str, reason: str, *, direction: str = "upgrade") -> None:
        self.revision = revision
        self.reason = reason
        self.direction = direction
        rest = f"'flask db upgrade --sql {revision}:head'"
        if direction == "downgrade":
            rest = "'flask db downgrade --sql A:B', where A is what it follows"
        super().__init__(
            f"The script ends before revision {revision}: {reason}",
            hint=f"Run that one with 'flask db {direction}', and write the rest with {rest}; or "
            "let the revision do without the connection when 'op.get_context().as_sql' is true.",
        )
