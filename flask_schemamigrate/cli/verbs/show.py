"""``flask db show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db show", "db show current", "db show ab12")
@click.argument("revision", default="head", metavar="[REV]")
@output.format_option
def command(environment: Environment, revision: str, format: str) -> None:
    """Show all about a revision (default: head)."""
    from ...commands.looking import show

    output.write(show(environment, revision), format=format, text=lambda entry: entry.card)
