"""What can go wrong while revisions are carried out."""

from __future__ import annotations

from collections.abc import Sequence

from .root import RefusedForSafety, RunError


class StatementFailed(RunError):
    """The database refused a statement of a revision."""

    def __init__(
        self,
        revision: str,
        *,
        operation: str,
        sql: str,
        reason: str,
        outcome: str,
        direction: str = "upgrade",
    ) -> None:
        self.revision = revision
        self.operation = operation
        self.sql = sql
        self.reason = reason
        self.outcome = outcome
        self.direction = direction
        super().__init__(
            f"Revision {revision} failed at '{operation}': {reason}\n  {shortened(sql)}\n{outcome}",
            hint=f"Mend the revision or the data, then run 'flask db {direction}' again.",
        )


class RevisionRaised(RunError):
    """The Python code of a revision raised an exception."""

    def __init__(
        self,
        revision: str,
        *,
        place: str,
        error: BaseException,
        outcome: str,
        direction: str = "upgrade",
    ) -> None:
        self.revision = revision
        self.place = place
        self.error = error
        super().__init__(
            f"Revision {revision} raised {type(error).__name__}: {error}\n  {place}\n{outcome}",
            hint=f"Mend the revision, then run 'flask db {direction}' again.",
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
    """The database has revisions that no file has; ``unfinished`` are those that stopped midway.

    ``empty`` is the folder of the revisions, if there is no file at all.
    """

    def __init__(
        self,
        bind: str,
        revisions: Sequence[tuple[str, str]],
        *,
        unfinished: Sequence[str] = (),
        empty: str | None = None,
    ) -> None:
        self.bind = bind
        self.revisions = tuple(name for name, _ in revisions)
        self.unfinished = tuple(unfinished)
        self.empty = empty
        listed = "\n".join(f"  {name}: {what}" for name, what in revisions)
        forget = "forget them with 'flask db stamp --purge current'"
        if unfinished:
            forget = (
                "take back by hand what was done of it and say so with "
                f"'flask db resolve {unfinished[0]} --rolled-back'"
            )
        bring = "Bring"
        if empty is not None:
            bring = (
                f"There is no revision at all in {empty}. Name another folder by --directory or "
                "SCHEMAMIGRATE_DIRECTORY, bring"
            )
        super().__init__(
            f"The database of bind '{bind}' has revisions that no file has:\n{listed}",
            hint=f"{bring} the files back (another git branch?) or have 'flask db restore' write "
            "them, take the revisions back with 'flask db downgrade --unknown', or "
            f"{forget}.",
        )


class Unfinished(RunError):
    """A revision stopped midway and nothing else may run before that is settled."""

    def __init__(
        self, revision: str, bind: str, *, direction: str = "upgrade", reason: str | None = None
    ) -> None:
        self.revision = revision
        self.bind = bind
        self.direction = direction
        # What stopped it may go on with a statement on its next line, which is not kept.
        because = f": {reason.rstrip(':')}" if reason else "."
        super().__init__(
            f"The {direction} of revision {revision} on bind '{bind}' was started and has not "
            f"finished{because}",
            hint=f"'flask db {direction}' waits for the process that is at it, or continues where "
            "it stopped. To settle it by hand: "
            f"'flask db resolve {revision} --applied' or '--rolled-back', whichever it is now.",
        )


class ChangedSinceStarted(RunError):
    """What an unfinished revision has already done is not what its file says now."""

    def __init__(self, revision: str, *, was: str, now: str, direction: str = "upgrade") -> None:
        self.revision = revision
        self.was = was
        self.now = now
        said = f"'{shortened(now, 80)}'" if now != was else "the same with other details"
        super().__init__(
            f"Revision {revision} stopped midway, and its file has changed where it was already "
            f"carried out: '{shortened(was, 80)}' was done, and the file says {said}.",
            hint=f"Put the finished part back as it was, then run 'flask db {direction}' again. To "
            f"settle it by hand: 'flask db resolve {revision} --applied' or '--rolled-back'.",
        )


class OutcomeUnknown(RunError):
    """A run was cut off at a statement, and the database does not tell whether it happened."""

    exit_code = 3

    def __init__(self, revision: str, *, number: str, sql: str, direction: str = "upgrade") -> None:
        self.revision = revision
        self.sql = sql
        super().__init__(
            f"Revision {revision} was cut off at {number}, and the database does not tell "
            f"whether it was carried out:\n  {shortened(sql)}",
            hint=f"Look whether it was. If not: 'flask db resolve {revision} --retry', if it was: "
            f"'flask db resolve {revision} --skip', then {direction} again. If all that the "
            "revision makes is there, or nothing of it: '--applied' or '--rolled-back'.",
        )


class NotBackfilled(RunError):
    """Rows that were filled still match the condition of those that are to be."""

    def __init__(self, operation: str, left: int) -> None:
        self.operation = operation
        self.left = left
        super().__init__(
            f"'{operation}' has gone through all rows, and its condition is still true for {left}.",
            hint="What is set must make 'where' false, or others undo it at the same time.",
        )


class NothingToResolve(RunError):
    """There is nothing to settle about a revision."""

    def __init__(self, revision: str, how: str) -> None:
        self.revision = revision
        self.how = how
        what = {
            "accept": "was not edited since it was applied, or is not applied",
            "retry": "was not cut off in a statement of unknown outcome",
            "skip": "was not cut off in a statement",
        }.get(how, "did not stop midway")
        super().__init__(
            f"Revision {revision} {what}, so there is nothing to resolve.",
            hint="See how things stand with 'flask db status'.",
        )


class OwnStatementDone(RunError):
    """A revision that is taken up again would repeat a statement of its own code."""

    exit_code = 3

    def __init__(self, revision: str, sql: str) -> None:
        self.revision = revision
        self.sql = sql
        super().__init__(
            f"Revision {revision} stopped midway after it had carried out, through "
            f"op.get_bind():\n  {shortened(sql)}\nGoing on would do that a second time.",
            hint=f"If that does no harm: 'flask db resolve {revision} --retry'. Otherwise take it "
            "out of the file, or settle the revision with '--applied' or '--rolled-back'.",
        )


class RolledBackItself(RunError):
    """A revision's own code rolled back what its operations did."""

    def __init__(self, revision: str, operations: Sequence[str]) -> None:
        self.revision = revision
        self.operations = tuple(operations)
        super().__init__(
            f"Revision {revision} rolled its own transaction back, and with it: "
            f"{', '.join(self.operations)}.",
            hint="Use a savepoint where something may fail: "
            "'with op.get_bind().begin_nested(): ...'.",
        )


class QuestionAnswered(RunError):
    """A question that an unfinished revision had asked before is answered by rows."""

    def __init__(self, revision: str, rows: Sequence[object], direction: str = "upgrade") -> None:
        self.revision = revision
        self.rows = tuple(rows)
        listed = ", ".join(map(str, self.rows[:5]))
        super().__init__(
            f"Revision {revision} cannot go on because of rows that do not fit: {listed}.",
            hint=f"Mend these rows, then run 'flask db {direction}' again.",
        )


class PlanWasPartial(RunError):
    """Half of an operation was done, and what is left of it cannot be told any more."""

    exit_code = 3

    def __init__(self, revision: str, operation: str) -> None:
        self.revision = revision
        self.operation = operation
        super().__init__(
            f"Revision {revision} stopped in the middle of '{operation}', and the rest of it "
            "cannot be told any more.",
            hint=f"Finish it by hand, then 'flask db resolve {revision} --skip' passes over it.",
        )


class NotAtomic(RunError):
    """A run was to be one transaction, and something in it cannot be in one."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"--atomic cannot be kept: {what}. Nothing was changed.",
            hint="Leave out '--atomic': each revision is then a transaction of its own.",
        )


class CannotKeepHistory(RunError):
    """The tables that remember what was applied cannot be made or written."""

    def __init__(self, bind: str, *, table: str, reason: str) -> None:
        self.bind = bind
        self.table = table
        self.reason = reason
        super().__init__(
            f"The history table '{table}' of bind '{bind}' cannot be written: {reason}",
            hint="Let a role run migrations that may create tables, or create the table as the "
            "script of 'flask db stamp --sql base' does. Nothing was changed.",
        )


class CannotReadHistory(RunError):
    """The table that remembers what was applied is there, and cannot be read."""

    def __init__(self, *, table: str, reason: str) -> None:
        self.table = table
        self.reason = reason
        super().__init__(
            f"The history table '{table}' cannot be read: {reason}",
            hint="Let the role select from it. If it is not this project's, give the history "
            "another name with SCHEMAMIGRATE_HISTORY_TABLE.",
        )


class LosesData(RefusedForSafety):
    """Rows would be gone, and nobody said that they may be."""

    def __init__(self, losses: Sequence[str]) -> None:
        self.losses = tuple(losses)
        super().__init__(
            f"This would lose {', '.join(losses)}.",
            hint="Say so with '--yes', in Python lose_data=True, if that is meant; '--plan' shows "
            "every step. Nothing was changed.",
        )


class LooksDifferent(RefusedForSafety):
    """A database is not what the revisions lead to that it was to be stamped with."""

    def __init__(self, bind: str, revisions: Sequence[str], lines: Sequence[str]) -> None:
        self.bind = bind
        self.revisions = tuple(revisions)
        self.lines = tuple(lines)
        listed = "\n".join(f"  {line}" for line in self.lines)
        at = ", ".join(self.revisions)
        super().__init__(
            f"The database of bind '{bind}' does not look like {at}. To look like that it would "
            f"need:\n{listed}",
            hint="Stamp the revision that it does look like, or leave out '--verify'. Nothing was "
            "changed.",
        )


class NotReversible(RunError):
    """A revision says that it cannot be taken back."""

    exit_code = 5

    def __init__(self, revision: str, reason: str) -> None:
        self.revision = revision
        self.reason = reason
        super().__init__(
            f"Revision {revision} cannot be taken back: {reason}",
            hint="Restore a backup, or write a new revision that does what is needed. Nothing was "
            "changed.",
        )


class OutOfOrder(RunError):
    """A revision is older than one that is applied already, and that was not to be."""

    exit_code = 5

    def __init__(self, bind: str, revisions: Sequence[str]) -> None:
        self.bind = bind
        self.revisions = tuple(revisions)
        super().__init__(
            f"On bind '{bind}', newer revisions were applied before {', '.join(revisions)}.",
            hint="Put the branch on top of the others with 'flask db rebase', or leave out "
            "'--strict-order'.",
        )


class UnknownSeed(RunError):
    """A seed was named that the app has not."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(
            f"There is no seed '{name}'.",
            hint=f"The app has: {', '.join(known)}."
            if known
            else "Register a function with '@migrate.seed(...)'.",
        )


class SeedFailed(RunError):
    """A seed's function raised."""

    def __init__(self, name: str, place: str, error: BaseException) -> None:
        self.name = name
        self.error = error
        super().__init__(
            f"Seed '{name}' ({place}) raised {type(error).__name__}: {error}",
            hint="Mend it, then run 'flask db seed' again; it does not count as run.",
        )


class DatabaseBehind(RunError):
    """The database is not at the head that a new revision would be based on."""

    def __init__(self, bind: str, pending: Sequence[str], *, is_writing: bool = True) -> None:
        self.bind = bind
        self.pending = tuple(pending)
        both = ", or 'flask db migrate --upgrade' to do both" if is_writing else ""
        super().__init__(
            f"The database of bind '{bind}' is behind: {len(self.pending)} pending "
            f"({', '.join(self.pending[:5])}{', ...' if len(self.pending) > 5 else ''}).",
            hint=f"Run 'flask db upgrade' first{both}.",
        )


def shortened(sql: str, length: int = 500) -> str:
    """SQL on one line, as far as it fits."""
    text = " ".join(sql.split())
    return text if len(text) <= length else f"{text[:length]} ..."
