"""The database in memory that a script's statements are tried on while they are written."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from weakref import finalize

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from ...operations import Execute, Operation
from ..base import Dialect, Live, Rehearsal
from ..statement import Data, Question, Step
from .asking import asking
from .scratch import attach

UNATTACHED = re.compile(r"unknown database (\S+)")
CHANGES_SCHEMA = re.compile(
    r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*(?:CREATE|ALTER|DROP)\b", re.IGNORECASE | re.DOTALL
)


class Shadow(Live):
    """What is known of the database that a script will find; it is never edited, only copied.

    An edit of the stored text needs the number of the schema's version, which a script cannot know.
    """

    is_offline = True


class ShadowRehearsal(Rehearsal):
    """Does to a database in memory what the script does, but for rows."""

    follows_sql = True

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self._dialect = dialect
        engine = shadow()
        self._connection = engine.connect()
        # Since Python 3.13 a connection that nobody closed is complained of when it goes.
        finalize(self, engine.dispose)
        self.known = Shadow(dialect, self._connection)

    def begin_with(self, dialect: Dialect, connection: sa.Connection) -> None:
        """Make the tables, indexes, triggers and views that a live database has."""
        query = (
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%'"
            " ESCAPE '\\' ORDER BY type = 'table' DESC, type = 'index' DESC, rowid"
        )
        for row in connection.exec_driver_sql(query).all():
            # A virtual table makes its shadow tables itself, and may need a module.
            with suppress(SQLAlchemyError):
                self._connection.exec_driver_sql(row[0])

    def carry_out(self, step: Step) -> None:
        """Do what changes the schema; questions are about rows, of which there are none."""
        match step:
            case Question():
                return
            case Data(operation=Execute() as said):
                if _changes_schema(said.statement):
                    # What fails here may well be right there: it may need a module, or rows.
                    with suppress(SQLAlchemyError):
                        for text in self._dialect.written_data(said):
                            self._connection.exec_driver_sql(text)
            case Data():
                return
            case _:
                self._carried(step)

    def _carried(self, step: Step) -> None:
        """Carry a step out; a schema that it names and that nobody attached is in memory here."""
        try:
            self._dialect.carry_out(step, self._connection)
        except SQLAlchemyError as error:
            missing = UNATTACHED.search(str(error))
            if missing is None:
                raise
            attach(asking(self._connection), missing[1])
            self._dialect.carry_out(step, self._connection)

    def after(self, operation: Operation) -> None:
        """Forget the tables that were read: the database has followed the steps."""
        self.known = Shadow(self._dialect, self._connection)


def _changes_schema(statement: Any) -> bool:
    """Whether a revision's own statement makes, alters or drops something."""
    if isinstance(statement, sa.TextClause):
        statement = statement.text
    if isinstance(statement, str):
        return CHANGES_SCHEMA.match(statement) is not None
    return isinstance(statement, sa.schema.ExecutableDDLElement)


def shadow() -> sa.Engine:
    """An empty database in memory, in which every statement is done at once."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)

    @sa.event.listens_for(engine, "connect")
    def own(connection: sa.engine.interfaces.DBAPIConnection, record: object) -> None:
        connection.isolation_level = None

    return engine
