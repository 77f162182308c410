"""``flask db history``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db history", "db history -r -3:current", "db history -i")
@click.option(
    "-r",
    "--rev-range",
    metavar="A:B",
    shell_complete=completion.ends,
    help="Only from A to B; either may be left out.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show all about each revision.")
@click.option("-i", "--indicate-current", is_flag=True, help="Mark where the databases are.")
@bind_option
@output.format_option
def command(
    environment: Environment,
    rev_range: str | None,
    verbose: bool,
    indicate_current: bool,
    binds: tuple[str, ...],
    format: str,
) -> None:
    """List the revisions, newest first."""
    from ...commands.looking import history

    entries = history(
        environment, rev_range=rev_range, indicate_current=indicate_current, binds=binds
    )
    output.write(
        entries,
        format=format,
        text=lambda entry: f"{entry.card}\n" if verbose else entry.line,
        nothing=output.NO_REVISIONS if rev_range is None else "No revision is in that range.",
    )
