"""``flask db show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db show", "db show current", "db show ab12")
@click.argument("revision", default="head", metavar="[REV]", shell_complete=completion.revisions)
@bind_option
@output.format_option
def command(environment: Environment, revision: str, binds: tuple[str, ...], format: str) -> None:
    """Show all about a revision (default: head)."""
    from ...commands.looking import show

    entries = show(environment, revision, binds=binds)
    output.write(
        entries,
        format=format,
        text=lambda entry: f"{entry.card}\n",
        nothing=f"'{revision}' names no revision.",
    )
