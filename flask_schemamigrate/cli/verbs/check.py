"""``flask db check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option
from ._written import coloured

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.migrating import Change


@verb("db check", "db check --format json")
@bind_option
@output.format_option
@click.pass_context
def command(
    ctx: click.Context, /, environment: Environment, binds: tuple[str, ...], format: str
) -> None:
    """Say whether the models and the databases differ; exit with 6 if they do.

    Also exits with 6 if the file 'head' is not what the revisions say, as after a hasty merge in
    git.
    """
    from ...commands.migrating import check
    from ...commands.stale import stale_head

    # First, because a database that does not stand at these heads cannot be compared.
    stale = stale_head(environment)
    if stale is not None:
        output.write([stale], format=format, text=lambda stale: stale.text)
    several = len(environment.binds) > 1
    changes = check(environment, binds=binds)

    def text(change: Change) -> str:
        prefix = f"[{change.label}] " if several else ""
        return "\n".join(prefix + coloured(line) for line in change.lines)

    output.write(changes, format=format, text=text)
    if format == "text":
        differ = "Write a revision for this with 'flask db migrate'."
        click.echo(differ if changes else "The models and the database agree.")
    if changes or stale is not None:
        ctx.exit(6)
