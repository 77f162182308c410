"""Turning what goes wrong in a revision into an error that names the revision and its outcome."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from ..dialects.base import Dialect
from ..errors import SchemaMigrateError
from ..errors.operations import NeedsDatabase
from ..errors.runs import RevisionRaised, StatementFailed, shortened
from ..errors.stopping import Stopped
from ..operations import CreateTable, Execute, Operation
from ..revisions import Revision
from ..revisions.revision import Direction
from .others import is_of_another
from .politeness import reason_of, remarks_of
from .sinks import Failure, as_our_own, sql_of


def explained(
    revision: Revision,
    error: Exception,
    outcome: str,
    *,
    direction: Direction,
    history: str | None = None,
    recorded_by: str | None = None,
) -> NoReturn:
    """Raise the error that says what happened to this revision; ``outcome`` is what stays of it.

    ``history`` is the name of its table; ``recorded_by`` is the command
    that records the revision as applied, where nothing was ever recorded.
    """
    place = _place(revision, error)
    refused = partial(StatementFailed, revision.id, outcome=outcome, direction=direction)
    match error:
        case Failure():
            failed = refused(
                operation=_what(error.operation), sql=sql_of(error), reason=_reason(error.error)
            )
            if recorded_by and isinstance(error.operation, CreateTable):
                failed.advising(
                    f"{failed.hint} If the tables were made without migrations, as by "
                    f"create_all(), record it instead: 'flask db {recorded_by}'."
                )
            raise failed from error.error
        case Stopped():
            raise Stopped(revision.id, direction=direction, outcome=outcome) from error
        case SchemaMigrateError():
            error.__class__ = as_our_own(type(error))
            raise (
                error
                if f"evision {revision.id}" in error.message
                else error.within(f"Revision {revision.id}, {place}", outcome)
            )
        case DBAPIError():
            sql, reason = str(error.statement or ""), _reason(error)
            if history is not None and history in sql:
                advice = "Let the database's user write the tables of the history, then run"
                if isinstance(error, IntegrityError):
                    advice = "Another process may have written the same. To look again, run"
                raise refused(operation="writing the history", sql=sql, reason=reason).advising(
                    f"{advice} 'flask db {direction}' again."
                ) from error
            raise refused(operation=f"SQL at {place}", sql=sql, reason=reason) from error
        case _:
            raise RevisionRaised(
                revision.id, place=place, error=error, outcome=outcome, direction=direction
            ) from error


@contextmanager
def rehearsed(revision: Revision, direction: Direction) -> Iterator[None]:
    """A block in which a revision changes nothing, and what goes wrong names it all the same."""
    try:
        yield
    except NeedsDatabase:
        raise
    except Exception as error:
        explained(revision, error, "Nothing was changed.", direction=direction)


@contextmanager
def advised(
    dialect: Dialect, connection: sa.Connection, error: BaseException, direction: Direction
) -> Iterator[None]:
    """A block whose error says what to do about a session, if that is what it came from."""
    try:
        yield
    except StatementFailed as failed:
        cause = getattr(error, "error", error)
        if is_of_another(connection, error):
            failed.advising(
                "The revision asked on a connection of its own, as db.session has one: that sees "
                "nothing of what the revision has done so far, and may wait for it. "
                "Session(op.get_bind()), or op.get_bind() alone, asks on the one of the run. "
                f"Then run 'flask db {direction}' again."
            )
        elif getattr(cause, "connection_invalidated", False):
            failed.advising(
                "The session with the database has ended. Once the server answers again, run "
                f"'flask db {direction}' again."
            )
        elif dialect.is_lock_timeout(cause):
            failed.advising(
                "Another session was in the way, however often it was tried. Once that has ended, "
                f"run 'flask db {direction}' again; SCHEMAMIGRATE_LOCK_TIMEOUT and "
                "SCHEMAMIGRATE_LOCK_RETRIES say how long to try."
            )
        elif (way_out := dialect.way_out(cause)) is not None:
            failed.advising(f"{way_out} Then run 'flask db {direction}' again.")
        raise


def _what(operation: Operation) -> str:
    """An operation in words; the SQL that it may consist of is told beside it."""
    return "op.execute" if isinstance(operation, Execute) else operation.describe()


def _reason(error: BaseException) -> str:
    """The database's message, and what it adds: which row it is about, and what might help."""
    return "\n  ".join([reason_of(error), *map(shortened, remarks_of(error))])


def _place(revision: Revision, error: BaseException) -> str:
    """The last line of the revision's own file that the error came through."""
    path = str(revision.path)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == path:
            return f"{path}:{frame.lineno}"
    return path
