"""``flask db downgrade``."""

from __future__ import annotations

from collections.abc import Mapping
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


@verb("db downgrade", "db downgrade -2", "db downgrade base", "db downgrade --unknown --plan")
@click.argument("revision", required=False, metavar="[REV]", shell_complete=completion.revisions)
@click.option("--unknown", is_flag=True, help="Take back what no file has, as the history kept it.")
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
    unknown: bool,
    sql: bool,
    binds: tuple[str, ...],
    **how: Any,
) -> None:
    """Take revisions back until the database is at REV (default: -1, the last one)."""
    if unknown:
        _take_back_unknown(environment, revision, sql=sql, binds=binds, **how)
    elif sql:
        from ...commands.scripting import downgrade_script

        way = {"binds": binds, "tag": how["tag"]}
        for line in downgrade_script(environment, revision or "head:-1", **way):
            click.echo(line)
    else:
        take_back(environment, {"revision": revision or "-1", "binds": binds}, **how)


def _take_back_unknown(
    environment: Environment,
    revision: str | None,
    *,
    sql: bool,
    binds: tuple[str, ...],
    **how: Any,
) -> None:
    """Take back what no file has, with files that are there as long as that takes."""
    if revision or sql:
        raise click.UsageError(
            "--unknown says by itself what is taken back, and asks the database."
        )
    from ...commands.restoring import lent

    with lent(environment, binds=binds) as undone:
        if undone:
            take_back(environment, {"undone": undone, "binds": binds}, **how)
        else:
            click.echo("Nothing to downgrade: a file has each applied revision.", err=True)


def take_back(
    environment: Environment,
    what: Mapping[str, Any],
    *,
    format: str,
    plan: bool = False,
    yes: bool = False,
    **how: Any,
) -> None:
    """Take revisions back, or show how that would go; rows are only lost if somebody says so.

    ``what`` are the arguments that `downgrade` and `downgrade_plan` share.
    """
    if plan:
        from ...commands.planning import downgrade_plan
        from ._planned import print_plans

        print_plans(environment, downgrade_plan(environment, **what), format=format)
        return
    if not yes:
        how["seen"] = _ask_about_losses(environment, what, format)
    from ...commands.running import Manner, downgrade
    from ._progress import watching

    with watching(format=format) as (seen, screen):
        manner = Manner(**seen, **how)
        results = screen.beside(downgrade(environment, **what, manner=manner))
        print_carried(environment, results, format=format, nothing="Nothing to downgrade.")


def _ask_about_losses(environment: Environment, what: Mapping[str, Any], format: str) -> Sight:
    """Ask whether rows may be lost; without anybody to ask, refuse. What was in sight then."""
    from ...commands.planning import downgrade_plan, in_sight, refuse_losses

    plans = list(downgrade_plan(environment, **what))
    if format == "text" and on_terminal():
        losses = [loss.text for planned in plans for loss in planned.losses]
        if losses:
            click.confirm(f"This loses {', '.join(losses)}. Go on?", abort=True)
    else:
        refuse_losses(plans)
    return in_sight(plans)
