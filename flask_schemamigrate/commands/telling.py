"""Sending the app's signals while revisions are carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..runner.events import Carried, Event, Started, Watch
from ..signals import Failed, migration_applied, migration_failed, migration_started, send


class Telling:
    """Listens to a run on its way to whoever watches it, and sends the signals of ``sender``."""

    def __init__(self, sender: Any, watch: Watch) -> None:
        self._sender = sender
        self._watch = watch
        self._running: Started | None = None

    def watch(self, event: Event) -> None:
        """Pass on what happens."""
        if isinstance(event, Started):
            self._running = event
            send(migration_started, self._sender, event)
        self._watch(event)

    def applied(self, done: Carried) -> None:
        """A revision is done, and what it did lasts."""
        self._running = None
        send(migration_applied, self._sender, done)

    @contextmanager
    def failed(self) -> Iterator[None]:
        """A block whose error is told as the failure of the revision that runs."""
        try:
            yield
        except Exception as error:
            at = self._running
            if at is not None:
                failed = Failed(at.bind, at.revision, at.direction, error)
                send(migration_failed, self._sender, failed)
            raise
