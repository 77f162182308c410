"""What every verb has around it: shared options, the app's environment, errors said in words."""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import click
from flask import current_app
from flask.cli import ScriptInfo
from flask.helpers import get_debug_flag

from ..errors import NotInitialised, SchemaMigrateError
from . import output, shared_options
from .ending import last

if TYPE_CHECKING:
    from ..commands import Environment

P = ParamSpec("P")

_RELATIVE = re.compile(r"-\d")

# A message may quote a statement or a value; nothing an error knows is worth a screen of JSON.
_UNSAID = {"message", "hint", "args"}


class Verb(click.Command):
    """A command whose function is given the app's environment, and then what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = shared_options()
        self.params += self.shared

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed, ``-1`` as a revision."""
        return super().parse_args(ctx, relative_last(args, _valued(self.params)))

    def invoke(self, ctx: click.Context) -> Any:
        """Call the verb's function; an error of ours becomes its message and exit code."""
        shared = {str(option.name): ctx.params.pop(str(option.name)) for option in self.shared}
        group = ctx.parent.params if ctx.parent is not None else {}
        try:
            _push_app(ctx)
            state = current_app.extensions.get("schemamigrate")
            if state is None:
                raise NotInitialised(current_app.name)
            environment = state.environment(
                directory=shared["directory"] or group.get("directory"),
                x=(*group.get("x_arg", ()), *shared["x_arg"]),
            )
            environment.roll_back_session()
            assert self.callback is not None
            # An escape in a script would be other values than the revision's.
            is_script = ctx.params.get("sql")
            saying = output.as_they_are() if is_script else output.in_any_alphabet()
            with last(ctx, environment), saying:
                return ctx.invoke(self.callback, environment, **ctx.params)
        except SchemaMigrateError as error:
            shown = bool(shared["traceback"] or group.get("traceback"))
            end(ctx, error, with_traceback=shown)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the verb, and under a heading of their own those every verb has."""
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            # Newer releases of Click have a row for an argument, too, with nothing in it.
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                (shared if param in self.shared else own).append(record)
        for heading, records in (("Options", own), ("Options of every command", shared)):
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


def verb(
    *examples: str, name: str | None = None
) -> Callable[[Callable[Concatenate[Environment, P], None]], Verb]:
    """Make a function into a verb; the examples are shown below its help as they are typed."""

    def made(function: Callable[Concatenate[Environment, P], None]) -> Verb:
        # Click would fill lines up to a paragraph without the mark.
        epilog = "\b\nExamples:\n" + "\n".join(f"  flask {example}" for example in examples)
        wrap = click.command(name, cls=Verb, epilog=epilog if examples else None)
        return wrap(function)

    return made


def relative_last(arguments: Sequence[str], valued: set[str]) -> list[str]:
    """The same arguments, so that Click takes ``-1`` for a revision and not for an option.

    What follows ``--`` is never an option, so the revisions are moved there, in their order. An
    option in ``valued`` keeps what follows it.
    """
    options: list[str] = []
    positions: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            positions += rest
        elif argument in valued:
            options += [argument, *([value] if (value := next(rest, None)) is not None else [])]
        elif argument[:1] != "-" or argument == "-" or _RELATIVE.match(argument):
            positions.append(argument)
        else:
            options.append(argument)
    if not any(_RELATIVE.match(position) for position in positions):
        return list(arguments)
    return [*options, "--", *positions]


def end(ctx: click.Context, error: SchemaMigrateError, *, with_traceback: bool) -> NoReturn:
    """End the program with an error's message and its exit code."""
    say(error, as_json=ctx.params.get("format") == "json", with_traceback=with_traceback)
    ctx.exit(error.exit_code)


def say(error: SchemaMigrateError, *, as_json: bool, with_traceback: bool) -> None:
    """Write an error to standard error: what happened, and what to do next."""
    # A question or a refusal of ours comes from nowhere but the command: its traceback is noise.
    is_of_another = error.__cause__ is not None and not as_json
    if with_traceback or (is_of_another and get_debug_flag()):
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    if as_json:
        facts = {name: value for name, value in vars(error).items() if name not in _UNSAID}
        click.echo(
            json.dumps(
                {
                    "error": type(error).__name__,
                    "message": error.message,
                    "hint": error.hint,
                    "facts": output.plain(facts),
                }
            ),
            err=True,
        )
        return
    # Before there is a group, nobody has looked at https://no-color.org yet.
    colour = False if os.environ.get("NO_COLOR") else None
    label = click.style("Error: ", fg="red", bold=True)
    click.echo(label + error.message, err=True, color=colour)
    if error.hint is not None:
        click.echo(error.hint, err=True)


def _valued(params: Sequence[click.Parameter]) -> set[str]:
    """The options that take what follows them."""
    return {
        spelling
        for param in params
        if isinstance(param, click.Option) and not (param.is_flag or param.count)
        for spelling in (*param.opts, *param.secondary_opts)
    }


def _push_app(ctx: click.Context) -> None:
    """Have the app as the current one, as ``flask`` itself does for an app's commands."""
    if not current_app:
        app = ctx.ensure_object(ScriptInfo).load_app()
        ctx.with_resource(app.app_context())
