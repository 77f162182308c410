"""``flask db downgrade``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import completion, output
from ..asking import on_terminal
from ..frame import verb
from ..options import bind_option, lock_option, sql_options
from ._carried import print_carried

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.deciding import Sight


@verb("db downgrade", "db downgrade -2", "db downgrade base", "db downgrade --plan")
@click.argument("revision", required=False, metavar="[REV]", shell_complete=completion.revisions)
@click.option("--plan", "--dry-run", is_flag=True, help="Only show what would be done and lost.")
@click.option("-y", "--yes", is_flag=True, help="Lose the rows that are lost by it.")
@sql_options
@click.option("--atomic", is_flag=True, help="All revisions in one transaction, or none.")
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    /,
    revision: str | None,
    plan: bool,
    yes: bool,
    sql: bool,
    tag: str | None,
    binds: tuple[str, ...],
    format: str,
    **how: Any,
) -> None:
    """Take revisions back until the database is at REV (default: -1, the last one)."""
    if sql:
        from ...commands.scripting import downgrade_script

        for line in downgrade_script(environment, revision or "head:-1", binds=binds, tag=tag):
            click.echo(line)
        return
    target = revision or "-1"
    if plan:
        from ...commands.planning import downgrade_plan
        from ._planned import print_plans

        print_plans(environment, downgrade_plan(environment, target, binds=binds), format=format)
        return
    take_back(environment, target, binds, format=format, yes=yes, tag=tag, **how)


def take_back(
    environment: Environment,
    target: str,
    binds: tuple[str, ...] = (),
    *,
    format: str,
    yes: bool = False,
    **how: Any,
) -> None:
    """Take revisions back; rows are only lost if somebody says so."""
    if not yes:
        how["seen"] = _ask_about_losses(environment, target, binds, format)
    from ...commands.running import Manner, downgrade
    from ._progress import watching

    with watching(format=format) as (seen, screen):
        manner = Manner(**seen, **how)
        results = screen.beside(downgrade(environment, target, binds=binds, manner=manner))
        print_carried(environment, results, format=format, nothing="Nothing to downgrade.")


def _ask_about_losses(
    environment: Environment, target: str, binds: tuple[str, ...], format: str
) -> Sight:
    """Ask whether rows may be lost; without anybody to ask, refuse. What was in sight then."""
    from ...commands.planning import downgrade_plan, in_sight, refuse_losses

    plans = list(downgrade_plan(environment, target, binds=binds))
    if format == "text" and on_terminal():
        losses = [loss.text for planned in plans for loss in planned.losses]
        if losses:
            click.confirm(f"This loses {', '.join(losses)}. Go on?", abort=True)
    else:
        refuse_losses(plans)
    return in_sight(plans)
