"""``flask db`` before there is an app, so that a missing one is explained.

Flask looks up commands of installed packages before those of the app, and does so even when the app
cannot be loaded. This one loads the app and makes way for the app's own command, whoever's that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import NoAppException, ScriptInfo

from . import Commands, origin


class Door(click.Command):
    """Stands where the app's command will be."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the app's own command, which Click then goes on with."""
        name = str(info_name)
        if parent is None or extra.get("resilient_parsing"):
            command = _app_command(parent, name)
            if command is None:
                return super().make_context(info_name, args, parent=parent, **extra)
        else:
            command = _explained(parent, name, args)
        return command.make_context(info_name, args, parent=parent, **extra)

    def get_short_help_str(self, limit: int = 45) -> str:
        """What the app's own command says of itself."""
        ctx = click.get_current_context(silent=True)
        command = _app_command(ctx, str(self.name))
        return command.get_short_help_str(limit) if command else super().get_short_help_str(limit)


def _app_command(ctx: click.Context | None, name: str) -> click.Command | None:
    """The app's command, if the app can be loaded and has it."""
    if ctx is None:
        return None
    try:
        return ctx.ensure_object(ScriptInfo).load_app().cli.get_command(ctx, name)
    except Exception:
        # Who asks is making a list or completing a word; Flask itself reports what is wrong.
        return None


def _explained(ctx: click.Context, name: str, args: Sequence[str]) -> click.Command:
    """The app's command, or the end of the program with what is wrong and how to mend it."""
    from ..errors import SchemaMigrateError
    from .frame import say

    try:
        app = _loaded(ctx, name)
        if not current_app or current_app != app:
            ctx.with_resource(app.app_context())
        return _command(ctx, app, name)
    except SchemaMigrateError as error:
        # Nobody has read the arguments yet: that takes the command.
        as_json = "--format=json" in args or ("--format", "json") in pairwise(args)
        say(error, as_json=as_json, with_traceback="--traceback" in args)
        ctx.exit(error.exit_code)


def _loaded(ctx: click.Context, name: str) -> Flask:
    """The app that Flask finds, or what is wrong as one of our errors."""
    from ..errors import (
        AskedTooEarly,
        DriverNotInstalled,
        FormerNotInstalled,
        NoAppFound,
        UnusableUrl,
    )

    try:
        return ctx.ensure_object(ScriptInfo).load_app()
    except (NoAppException, ImportError) as error:
        # Flask tells of an ImportError by a NoAppException that holds its traceback as text.
        if (missing := DriverNotInstalled.seen_in(error)) is not None:
            raise missing from error
        if (former := FormerNotInstalled.seen_in(error)) is not None:
            raise former from error
        if isinstance(error, NoAppException):
            raise NoAppFound(error.format_message(), command=name) from error
        raise
    except Exception as error:
        if (unusable := UnusableUrl.seen_in(error)) is not None:
            raise unusable from error
        if (asked := AskedTooEarly.seen_in(error)) is not None:
            raise asked from error
        raise


def _command(ctx: click.Context, app: Flask, name: str) -> click.Command:
    """The app's own command of that name, if it is clear whose it is."""
    from ..errors import CommandClash, CommandElsewhere, NotInitialised

    command = app.cli.get_command(ctx, name)
    state = app.extensions.get("schemamigrate")
    if command is None:
        raise CommandElsewhere(app.name, name, state.command) if state else NotInitialised(app.name)
    if state is not None and state.command == name and not isinstance(command, Commands):
        # Whoever was attached after us took the name away.
        raise CommandClash(name, origin(command))
    return command


door = Door("db", short_help="Migrate databases.")
