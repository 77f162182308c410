"""``flask db rebase``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option
from ._written import shown

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.rebasing import Rebased


@verb("db rebase", "db rebase ab12", "db rebase ab12 --onto cd34 --dry-run")
@click.argument("revision", required=False, metavar="[REV]", shell_complete=completion.revisions)
@click.option(
    "--onto",
    metavar="REV",
    shell_complete=completion.revisions,
    help="What to stand on, instead of the other head.",
)
@click.option("--force", is_flag=True, help="Move revisions that are applied, too.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--no-database", is_flag=True, help="Do not ask what is applied; needs REV.")
@bind_option
@output.format_option
def command(
    environment: Environment,
    revision: str | None,
    onto: str | None,
    force: bool,
    dry_run: bool,
    no_database: bool,
    binds: tuple[str, ...],
    format: str,
) -> None:
    """Put the branch of REV on top of the other head.

    After a git merge left two heads, this rewrites what the files of one branch follow, instead of
    joining both by a merge. Without REV, the branch moves of which nothing is applied.
    """
    from ...commands.rebasing import Move, rebase

    move = Move(revision, onto, force=force, database=not no_database)
    rebased = rebase(environment, move, binds=binds, dry_run=dry_run)
    output.write(rebased, format=format, text=_text)
    if dry_run and format == "text":
        click.echo("Nothing was changed.")


def _text(done: Rebased) -> str:
    follows = ", ".join(done.parents)
    was = ", ".join(done.was) or "<base>"
    moved = f"{done.revision} now follows {follows} (was {was})"
    if done.parents == done.was:
        moved = f"{done.revision} still follows {follows}"
    return f"{moved}: {shown(done.path)}"
