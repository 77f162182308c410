"""Turning what goes wrong in a revision into an error that names the revision and its outcome."""

from __future__ import annotations

import traceback
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from ..errors import SchemaMigrateError
from ..errors.runs import RevisionRaised, StatementFailed
from ..errors.stopping import Stopped
from ..operations import Execute, Operation
from ..revisions import Revision
from .events import Direction
from .politeness import reason_of
from .sinks import Failure, sql_of


def explained(
    revision: Revision, error: Exception, outcome: str, *, direction: Direction = "upgrade"
) -> NoReturn:
    """Raise the error that says what happened to this revision; ``outcome`` is what stays of it."""
    place = _place(revision, error)
    match error:
        case Failure():
            raise StatementFailed(
                revision.id,
                operation=_what(error.operation),
                sql=sql_of(error),
                reason=reason_of(error.error),
                outcome=outcome,
                direction=direction,
            ) from error.error
        case DBAPIError():
            raise StatementFailed(
                revision.id,
                operation=f"SQL at {place}",
                sql=str(error.statement or ""),
                reason=reason_of(error),
                outcome=outcome,
                direction=direction,
            ) from error
        case Stopped():
            raise Stopped(revision.id, direction=direction, outcome=outcome) from error
        case SchemaMigrateError():
            raise (
                error
                if f"evision {revision.id}" in error.message
                else error.within(f"Revision {revision.id}, {place}", outcome)
            )
        case _:
            raise RevisionRaised(
                revision.id, place=place, error=error, outcome=outcome, direction=direction
            ) from error


def _what(operation: Operation) -> str:
    """An operation in words; the SQL that it may consist of is told beside it."""
    return "op.execute" if isinstance(operation, Execute) else operation.describe()


def _place(revision: Revision, error: BaseException) -> str:
    """The last line of the revision's own file that the error came through."""
    path = str(revision.path)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == path:
            return f"{path}:{frame.lineno}"
    return path
