"""What is shown while a revision is being carried out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unicodedata import east_asian_width

import click

from ...errors.runs import StatementFailed
from ...errors.stopping import Cancelled
from .. import output
from ._interrupting import Interruption

T = TypeVar("T")

ERASE = "\r\x1b[K"


@contextmanager
def watching(*, format: str) -> Iterator[tuple[dict[str, Any], Screen]]:
    """What a `Manner` needs to show what happens, and to heed Ctrl-C; and where it is shown."""
    screen = Screen(format)

    def say(text: str) -> None:
        screen.clear()
        click.echo(text, err=True)

    interruption = Interruption(say)
    try:
        with interruption.listening():
            how = {
                "watch": screen.show,
                "stop": interruption.stop,
                "cancellable": interruption.cancellable,
            }
            yield how, screen
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
        # None stands for one that is closed, and a dumb terminal erases nothing.
        there = sys.stderr is not None and sys.stderr.isatty()
        self.is_live = there and not self.as_json and os.environ.get("TERM") != "dumb"
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

    def beside(self, results: Iterable[T]) -> Iterator[T]:
        """Results that are about to be printed, where the live line must not stand any more."""
        for each in results:
            self.clear()
            yield each
        self.clear()

    def live(self, text: str) -> None:
        """Put a line in place of the last one."""
        _erase(fitted(text, _columns() - 1))
        self._shown = True

    def clear(self) -> None:
        """Take the live line away."""
        if self._shown:
            _erase()
            self._shown = False


def _erase(instead: str = "") -> None:
    """Write this in place of the line that is there."""
    # Who wants no colour has its escapes left out, and this is none.
    click.echo(f"{ERASE}{instead}", err=True, nl=False, color=True)


def _columns() -> int:
    """How wide the terminal is, whatever standard output is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def fitted(text: str, width: int) -> str:
    """As much of a text as has room on one line, where some letters are as wide as two."""
    text = " ".join(text.split())
    for end, letter in enumerate(text):
        width -= 2 if east_asian_width(letter) in "WF" else 1
        if width < 0:
            return text[:end]
    return text


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
