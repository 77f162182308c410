"""The command line: a group whose commands are loaded when they are typed."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask


class Commands(click.Group):
    """The group ``flask db``, under whatever name the app gives it.

    What it lists and says in its help comes from a table; a verb's module is imported when the
    verb is typed.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, help="Migrate the app's databases.", short_help="Migrate databases.")
        self.params += shared_options()

    def join(self, app: Flask) -> None:
        """Add the group to an app; raises :exc:`CommandClash` if the app has one of that name."""
        name = str(self.name)
        other = app.cli.commands.get(name)
        if other is not None:
            from ..errors import CommandClash

            raise CommandClash(name, origin(other))
        app.cli.add_command(self)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        # https://no-color.org; without it Click colours what goes to a terminal and nothing else.
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        return super().make_context(info_name, args, parent=parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of the help, then what others added to the group."""
        from .verbs import HELP

        return [*HELP, *(name for name in super().list_commands(ctx) if name not in HELP)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; one that was added to the group goes before a verb."""
        from .verbs import HELP

        if cmd_name in self.commands or cmd_name not in HELP:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"{__package__}.verbs.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What was typed, or its likeness: older releases of Click offer none."""
        name = args[0]
        if self.get_command(ctx, name) is None and not (ctx.resilient_parsing or name[:1] == "-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            ctx.fail(f"No such command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under headings, from the table alone."""
        from .verbs import HELP, SECTIONS

        added = {}
        for name, command in self.commands.items():
            if name not in HELP and not command.hidden:
                added[name] = command.get_short_help_str()
        width = max(map(len, [*HELP, *added]))
        for heading, verbs in [*SECTIONS.items(), ("Added", added)]:
            if verbs:
                with formatter.section(heading):
                    # One column for all the sections.
                    formatter.write_dl([(f"{name:{width}}", text) for name, text in verbs.items()])


def origin(command: click.Command) -> str:
    """The package that a command comes from, as far as it can be told."""
    functions = [command.callback]
    if isinstance(command, click.Group):
        functions += [each.callback for each in command.commands.values()]
    modules = [function.__module__ for function in functions if function is not None]
    module = modules[0] if modules else type(command).__module__
    return module.partition(".")[0]


def shared_options() -> list[click.Parameter]:
    """The options of the group, which may also follow the verb."""
    return [
        click.Option(
            ["-d", "--directory"],
            metavar="PATH",
            help="The folder of the revisions, instead of the configured one.",
        ),
        click.Option(
            ["-x", "--x-arg"],
            metavar="TEXT",
            multiple=True,
            help="For revisions, which read it with context.get_x_argument(); may be given "
            "several times.",
        ),
        click.Option(["--traceback"], is_flag=True, help="Show where an error comes from."),
    ]
