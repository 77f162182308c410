"""``flask db branches``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db branches")
@click.option("-v", "--verbose", is_flag=True, help="Show all about each revision.")
def command(environment: Environment, verbose: bool) -> None:
    """Show where the revisions branch, and into what."""
    from ...commands.looking import branches

    text = branches(environment, verbose=verbose)
    if text:
        click.echo(text)
