"""What can go wrong while revisions are carried out."""

from __future__ import annotations

from collections.abc import Sequence

from .root import RunError, SchemaMigrateError


class StatementFailed(RunError):
    """The database refused a statement of a revision."""

    def __init__(
        self, revision: str, *, operation: str, sql: str, reason: str, outcome: str
    ) -> None:
        self.revision = revision
        self.operation = operation
        self.sql = sql
        self.reason = reason
        self.outcome = outcome
        super().__init__(
            f"Revision {revision} failed at '{operation}': {reason}\n"
            f"  {_shortened(sql)}\n{outcome}",
            hint="Mend the revision or the data, then run 'flask db upgrade' again.",
        )


class RevisionRaised(RunError):
    """The Python code of a revision raised an exception."""

    def __init__(self, revision: str, *, place: str, error: BaseException, outcome: str) -> None:
        self.revision = revision
        self.place = place
        self.error = error
        super().__init__(
            f"Revision {revision} raised {type(error).__name__}: {error}\n  {place}\n{outcome}",
            hint="Mend the revision, then run 'flask db upgrade' again.",
        )


class NoDowngrade(RunError):
    """A revision has no ``downgrade`` for this bind."""

    def __init__(self, revision: str, path: str) -> None:
        self.revision = revision
        super().__init__(
            f"Revision {revision} has no downgrade() in {path}.",
            hint="Write one, or stamp the revision before it with 'flask db stamp'.",
        )


class UnknownApplied(RunError):
    """The database has revisions that no file has."""

    def __init__(self, bind: str, revisions: Sequence[tuple[str, str]]) -> None:
        self.bind = bind
        self.revisions = tuple(name for name, _ in revisions)
        listed = "\n".join(f"  {name}: {what}" for name, what in revisions)
        super().__init__(
            f"The database of bind '{bind}' has revisions that no file has:\n{listed}",
            hint="Bring the files back (another git branch?), or forget these revisions with "
            "'flask db stamp --purge heads'.",
        )


class Unfinished(RunError):
    """A revision stopped midway and nothing else may run before that is settled."""

    def __init__(self, revision: str, bind: str, *, reason: str | None) -> None:
        self.revision = revision
        self.bind = bind
        because = f" ({reason})" if reason else ""
        super().__init__(
            f"Revision {revision} was started on bind '{bind}' and did not finish{because}.",
            hint="Look at what it left behind. If all of it is done: 'flask db stamp "
            f"{revision}'. If none of it: 'flask db stamp {revision}-1'. Then upgrade again.",
        )


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


class DatabaseBehind(RunError):
    """The database is not at the head that a new revision would be based on."""

    def __init__(self, bind: str, pending: Sequence[str]) -> None:
        self.bind = bind
        self.pending = tuple(pending)
        super().__init__(
            f"The database of bind '{bind}' is behind: {len(self.pending)} pending "
            f"({', '.join(self.pending[:5])}{', ...' if len(self.pending) > 5 else ''}).",
            hint="Run 'flask db upgrade' first, or 'flask db migrate --upgrade' to do both.",
        )


class DifferenceFound(SchemaMigrateError):
    """An asking command found a difference."""

    exit_code = 6

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        listed = "\n".join(f"  {line}" for line in self.lines)
        super().__init__(
            f"The models and the database differ:\n{listed}",
            hint="Write a revision with 'flask db migrate'.",
        )


def _shortened(sql: str, length: int = 500) -> str:
    text = " ".join(sql.split())
    return text if len(text) <= length else f"{text[:length]} ..."
