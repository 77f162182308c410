"""What a sink needs to know of the run it is part of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..dialects.statement import Data, Statement, Step
from ..operations import Operation
from .events import Event
from .ledger import Ledger, sql_text
from .politeness import Patience, settings
from .settling import changes_rows


@dataclass(frozen=True)
class Closing(Operation):
    """What a dialect leaves for the end of a revision, as the journal sees it."""

    def describe(self) -> str:
        return "end of the revision"


@dataclass
class Surroundings:
    """What a sink needs to know of the run it is part of."""

    dialect: Dialect
    connection: sa.Connection
    ledger: Ledger
    patience: Patience
    watch: Callable[[Event], None]
    bind: str | None
    inside: bool
    transactional: bool
    tidies: bool
    gathers: bool
    shares_sessions: bool
    naming_convention: Mapping[str, str] | None
    opts: Mapping[str, Any]
    atomic: bool = False

    def be_polite(self) -> None:
        """Tell a transaction how long it may wait, where that cannot be told to the session."""
        words = self.dialect.local_words
        if self.shares_sessions and words is not None:
            for sql in settings(self.dialect, self.patience.manners):
                self.connection.exec_driver_sql(sql.replace(*words, 1))

    @contextmanager
    def unhurried(self, step: Step) -> Iterator[None]:
        """A block without timeouts for a step that lets others go on while it waits."""
        if self.shares_sessions or not self.dialect.lets_others_on(sql_text(step)):
            yield
            return
        for sql in self.dialect.lock_timeout_statements(0):
            self.connection.exec_driver_sql(sql)
        yield
        for sql in self.dialect.lock_timeout_statements(self.patience.manners.lock_timeout):
            self.connection.exec_driver_sql(sql)

    @property
    def revision(self) -> str:
        """The revision being carried out."""
        return self.ledger.row.revision


def is_outside(step: Step) -> bool:
    """Whether a step cannot run inside a transaction."""
    return isinstance(step, Statement) and step.outside


def is_bare(step: Step) -> bool:
    """Whether a step may not run in a transaction, or says nothing about whether it may."""
    return is_outside(step) or (isinstance(step, Data) and not changes_rows(step))


@contextmanager
def quietly() -> Iterator[None]:
    """A block whose own trouble must not hide the error that led to it."""
    with suppress(Exception):
        yield
