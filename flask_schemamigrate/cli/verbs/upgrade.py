"""``flask db upgrade``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option, lock_option, sql_options
from ._carried import print_carried

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db upgrade", "db upgrade +1", "db upgrade --plan", "db upgrade --sql > upgrade.sql")
@click.argument("revisions", nargs=-1, metavar="[REV]...", shell_complete=completion.revisions)
@click.option("--plan", "--dry-run", is_flag=True, help="Only show what would be done.")
@sql_options
@click.option("--atomic", is_flag=True, help="All revisions in one transaction, or none.")
@click.option(
    "--allow-unknown",
    is_flag=True,
    help="Exit with 0 though the database has revisions that no file has, if nothing is to do.",
)
@click.option("--strict-order", is_flag=True, help="Refuse revisions older than an applied one.")
@click.option("--seed", is_flag=True, help="Run the app's seeds afterwards.")
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    /,
    revisions: tuple[str, ...],
    plan: bool,
    sql: bool,
    tag: str | None,
    binds: tuple[str, ...],
    format: str,
    seed: bool,
    **how: Any,
) -> None:
    """Carry out the revisions that are pending, up to REV (default: head)."""
    if sql:
        from ...commands.scripting import upgrade_script

        for line in upgrade_script(environment, *revisions, binds=binds, tag=tag):
            click.echo(line)
        return
    if plan:
        from ...commands.planning import upgrade_plan
        from ._planned import print_plans

        print_plans(environment, upgrade_plan(environment, *revisions, binds=binds), format=format)
        return
    from ...commands.running import Manner, upgrade
    from ._progress import watching

    with watching(format=format) as (seen, screen):
        manner = Manner(tag=tag, **seen, **how)
        results = screen.beside(upgrade(environment, *revisions, binds=binds, manner=manner))
        print_carried(environment, results, format=format, nothing="Nothing to upgrade.")
    if seed:
        from .seed import print_seeded

        print_seeded(environment, lock_wait=how["lock_wait"], format=format)
