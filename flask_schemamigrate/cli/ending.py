"""Ending a process whose one command is done."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask.cli import FlaskGroup

if TYPE_CHECKING:
    from ..commands import Environment


@contextmanager
def last(ctx: click.Context, environment: Environment) -> Iterator[None]:
    """A block with which the process ends, if ``flask`` was typed; in a test, an ordinary one.

    What the app is made of stays until the end. Looking for garbage among it takes a fifth of the
    time of a short command, nearly all of it when the process ends, and is left out. Objects that
    would close their connection at that moment may not be asked any more, so it is closed here.
    """
    if not isinstance(ctx.find_root().command, FlaskGroup) or not hasattr(gc, "freeze"):
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        environment.disconnect()
