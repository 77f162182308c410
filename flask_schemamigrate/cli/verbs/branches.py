"""``flask db branches``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db branches", "db branches -v")
@click.option("-v", "--verbose", is_flag=True, help="Show all about each revision.")
@output.format_option
def command(environment: Environment, verbose: bool, format: str) -> None:
    """Show where the revisions branch, and into what."""
    from ...commands.looking import branches

    output.write(
        branches(environment),
        format=format,
        text=lambda branch: f"{branch.card if verbose else branch.short}\n",
        nothing="The revisions do not branch.",
    )
