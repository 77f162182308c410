"""Hearing what happens on a connection, on behalf of the revision that is being carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from ..dialects.events import place_of_events


class Listener(Protocol):
    """Who wants to know what happens while a revision runs."""

    def committing(self) -> None:
        """A commit is about to happen."""

    def rolled_back(self) -> None:
        """A transaction was rolled back."""

    def executing(self, sql: str) -> None:
        """A statement is about to run."""

    def end(self) -> None:
        """The revision is over; whatever comes now does not concern it."""


class Hearing:
    """Listens to a connection once for a whole run, as beginning to listen takes its time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._listener: Listener | None = None

    @contextmanager
    def on(self) -> Iterator[None]:
        """A block in which `by` works."""
        heard = (
            ("commit", self._committing),
            ("rollback", self._rolled_back),
            ("before_cursor_execute", self._executing),
        )
        target = place_of_events(self._connection)
        for name, listener in heard:
            sa.event.listen(target, name, listener)
        try:
            yield
        finally:
            for name, listener in heard:
                sa.event.remove(target, name, listener)

    @contextmanager
    def by(self, listener: Listener) -> Iterator[None]:
        """A block in which this one hears."""
        self._listener = listener
        try:
            yield
        finally:
            listener.end()
            self._listener = None

    def _committing(self, connection: sa.Connection) -> None:
        if self._listener is not None and connection is self._connection:
            self._listener.committing()

    def _rolled_back(self, connection: sa.Connection) -> None:
        if self._listener is not None and connection is self._connection:
            self._listener.rolled_back()

    def _executing(self, connection: sa.Connection, cursor: Any, sql: str, *_: Any) -> None:
        if self._listener is not None and connection is self._connection:
            self._listener.executing(sql)
