"""``flask db show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db show", "db show current", "db show ab12 --diff")
@click.argument("revision", default="head", metavar="[REV]", shell_complete=completion.revisions)
@click.option("--diff", is_flag=True, help="What was edited in the file since it was applied.")
@bind_option
@output.format_option
def command(
    environment: Environment, revision: str, diff: bool, binds: tuple[str, ...], format: str
) -> None:
    """Show all about a revision (default: head)."""
    if diff:
        _show_edits(environment, revision, binds, format)
        return
    from ...commands.looking import show

    entries = show(environment, revision, binds=binds)
    output.write(
        entries,
        format=format,
        text=lambda entry: f"{entry.card}\n",
        nothing=f"'{revision}' names no revision.",
    )


def _show_edits(
    environment: Environment, revision: str, binds: tuple[str, ...], format: str
) -> None:
    from ...commands.restoring import edits

    found = edits(environment, revision, binds=binds)
    nothing = "No file was edited since it was applied."
    output.write(found, format=format, text=lambda edit: edit.diff, nothing=nothing)
