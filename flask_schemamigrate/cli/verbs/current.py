"""``flask db current``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.looking import Current


@verb("db current", "db current -v", "db current --check-heads")
@click.option("-v", "--verbose", is_flag=True, help="Show all about the revision.")
@click.option(
    "-c", "--check-heads", is_flag=True, help="Exit with 6 if a database is not at the heads."
)
@bind_option
@output.format_option
@click.pass_context
def command(
    ctx: click.Context,
    environment: Environment,
    verbose: bool,
    check_heads: bool,
    binds: tuple[str, ...],
    format: str,
) -> None:
    """Show the revision that each database is at."""
    from ...commands.looking import current

    several = len(environment.binds) > 1
    found = list(current(environment, binds=binds))

    def text(where: Current) -> str | None:
        lines = list(where.cards if verbose else where.lines)
        lines += [f"{id} (no file has it)" for id in where.unknown]
        lines += [f"{stop.revision} (unfinished) {stop.text}" for stop in where.unfinished]
        head = f"Current revision(s) for {where.url}:"
        if verbose:
            lines.insert(0, head)
        elif several:
            lines = [f"[{where.label}] {line}" for line in lines or ["<base>"]]
        return "\n".join(lines) if lines else None

    output.write(found, format=format, text=text)
    if format == "text" and not any(map(text, found)):
        click.echo("No revision is applied.", err=True)
    if check_heads and not all(where.is_at_heads for where in found):
        ctx.exit(6)
