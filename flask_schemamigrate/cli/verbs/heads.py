"""``flask db heads``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db heads", "db heads --check")
@click.option("-v", "--verbose", is_flag=True, help="Show all about each revision.")
@click.option("--resolve-dependencies", is_flag=True, help="Leave out heads that others depend on.")
@click.option("--check", is_flag=True, help="Exit with 6 if there are several.")
@output.format_option
@click.pass_context
def command(
    ctx: click.Context,
    environment: Environment,
    verbose: bool,
    resolve_dependencies: bool,
    check: bool,
    format: str,
) -> None:
    """Show the newest revision of each branch."""
    from ...commands.looking import heads

    entries = heads(environment, resolve_dependencies=resolve_dependencies)
    output.write(
        entries,
        format=format,
        text=lambda entry: f"{entry.card}\n" if verbose else entry.short,
        nothing=output.NO_REVISIONS,
    )
    # What installed packages bring has heads of its own, and nobody here can merge them.
    if check and sum(not entry.is_foreign for entry in entries) > 1:
        ctx.exit(6)
