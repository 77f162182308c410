"""What is shown while a revision is being carried out, and stopping it with Ctrl-C."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from .. import output

Watch = Callable[[Any], None]


@contextmanager
def watching(*, format: str) -> Iterator[tuple[Watch, Callable[[], None]]]:
    """What to call with each event, and before each statement.

    The first Ctrl-C lets the running statement end; the second interrupts it.
    """
    screen = Screen(format)
    asked = threading.Event()
    current = ""

    def watch(event: Any) -> None:
        nonlocal current
        current = event.revision
        screen.show(event)

    def stop() -> None:
        if asked.is_set():
            from ...errors.runs import Stopped

            raise Stopped(current)

    def interrupted(number: int, frame: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        screen.clear()
        click.echo("Stopping after this statement; Ctrl-C again interrupts it.", err=True)

    if threading.current_thread() is not threading.main_thread():
        yield watch, stop
        return
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield watch, stop
    finally:
        signal.signal(signal.SIGINT, before)
        screen.clear()


class Screen:
    """A live line on a terminal; a line per event for programs; nothing but waiting otherwise."""

    def __init__(self, format: str) -> None:
        self.as_json = format == "json"
        self.is_live = not self.as_json and sys.stderr.isatty()
        self._shown = False

    def show(self, event: Any) -> None:
        """Show what happens now."""
        kind = type(event).__name__.lower()
        if self.as_json:
            click.echo(json.dumps({"event": kind, **output.plain(event)}))
        elif kind == "waiting":
            self.clear()
            click.echo(waiting(event), err=True)
        elif kind == "settled":
            self.clear()
            found = "was carried out" if event.happened else "was not carried out"
            click.echo(
                f"{event.revision}: found that this {found}: {shortened(event.sql)}", err=True
            )
        elif self.is_live:
            self.live(line(kind, event))

    def live(self, text: str) -> None:
        """Put a line in place of the last one."""
        width = shutil.get_terminal_size().columns - 1
        click.echo(f"\r\x1b[K{text[:width]}", err=True, nl=False)
        self._shown = True

    def clear(self) -> None:
        """Take the live line away."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown = False


def line(kind: str, event: Any) -> str:
    """What happens now, on one line."""
    if kind == "progress":
        share = (
            "" if not event.total else f" of {event.total} ({100 * event.done // event.total} %)"
        )
        return f"{event.revision} {event.operation}: {event.done}{share} rows"
    if kind == "working":
        return f"{event.revision} {shortened(event.sql)}"
    return f"{event.revision} {event.message}"


def waiting(event: Any) -> str:
    """Who is waited for."""
    who = "; ".join(event.blockers) or "another session"
    return (
        f"{event.revision}: waited in vain for a lock ({event.operation or 'start'}); "
        f"try {event.attempt + 1} in {event.seconds:.1f} s. In the way: {who}"
    )


def shortened(sql: str, length: int = 160) -> str:
    """SQL on one line."""
    text = " ".join(sql.split())
    return text if len(text) <= length else f"{text[:length]} ..."
