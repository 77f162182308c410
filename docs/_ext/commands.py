"""The page about commands, made from what Click knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from docs._ext.markdown import table
from flask_schemamigrate.cli import Commands, shared_options
from flask_schemamigrate.cli.verbs import SECTIONS


def page() -> str:
    """All commands under their headings, and the options that each has."""
    return "\n".join(lines())


def lines() -> Iterator[str]:
    """The page in pieces."""
    group = Commands("db")
    context = click.Context(group, info_name="db")
    yield table(
        ["Command", ""],
        (
            [f"[`{name}`](#flask-db-{name})", text]
            for verbs in SECTIONS.values()
            for name, text in verbs.items()
        ),
    )
    yield "## Options of every command\n"
    yield "They may stand before the command or behind it.\n"
    yield options(shared_options())
    for heading, verbs in SECTIONS.items():
        yield f"## {heading}\n"
        for name in verbs:
            command = group.get_command(context, name)
            assert command is not None, name
            yield from entry(name, command)


def entry(name: str, command: Any) -> Iterator[str]:
    """One command: its usage, help, options and examples."""
    context = click.Context(command, info_name=f"flask db {name}")
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"### flask db {name}\n"
    yield f"```text\nflask db {name} {pieces}\n```\n"
    yield f"{command.help.strip()}\n"
    shared = getattr(command, "shared", [])
    own = [param for param in command.params if param not in shared]
    if any(isinstance(param, click.Option) for param in own):
        yield options(own)
    examples = [line.strip() for line in (command.epilog or "").splitlines()[2:]]
    if examples:
        yield "For example:\n"
        yield "```text\n" + "\n".join(examples) + "\n```\n"


def options(parameters: list[click.Parameter]) -> str:
    """A table of options."""
    return table(
        ["Option", ""], (row(each) for each in parameters if isinstance(each, click.Option))
    )


def row(option: click.Option) -> list[str]:
    """How an option is written, and what it does."""
    names = ", ".join(f"`{spelling}`" for spelling in [*option.opts, *option.secondary_opts])
    if isinstance(option.type, click.Choice):
        value = " or ".join(f"`{choice}`" for choice in option.type.choices)
        names = f"{names} {value}"
    elif not option.is_flag:
        names = f"{names} *{option.make_metavar(click.Context(click.Command('x')))}*"
    default = f" Default: `{option.default}`." if option.show_default else ""
    return [names, f"{option.help}{default}"]
