"""What is shown while a revision is being carried out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ...errors.runs import StatementFailed
from ...errors.stopping import Cancelled
from .. import output
from ._interrupting import Interruption


@contextmanager
def watching(*, format: str) -> Iterator[dict[str, Any]]:
    """What a `Manner` needs to show what happens, and to heed Ctrl-C."""
    screen = Screen(format)

    def say(text: str) -> None:
        screen.clear()
        click.echo(text, err=True)

    interruption = Interruption(say)
    try:
        with interruption.listening():
            yield {
                "watch": screen.show,
                "stop": interruption.stop,
                "cancellable": interruption.cancellable,
            }
    except StatementFailed as error:
        if interruption.is_cancelling:
            raise Cancelled(error) from error
        raise
    finally:
        screen.clear()


class Screen:
    """A live line on a terminal; a line per event for programs; nothing but waiting otherwise."""

    def __init__(self, format: str) -> None:
        self.as_json = format == "json"
        self.is_live = not self.as_json and sys.stderr.isatty()
        self._shown = False

    def show(self, event: Any) -> None:
        """Show what happens now."""
        kind = output.kind(event)
        if self.as_json:
            click.echo(json.dumps({"event": kind, **output.plain(event)}))
        elif kind == "queued":
            self.clear()
            click.echo(queued(event), err=True)
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


def queued(event: Any) -> str:
    """Who has the migration lock."""
    bind = f" of bind '{event.bind}'" if event.bind else ""
    return (
        f"Waiting for the migration lock{bind} ({event.waited:.0f} of {event.wait:g} s). "
        f"It is held by {event.holder or 'another process'}"
    )


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
