"""``flask db upgrade``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option, lock_option, sql_options
from ._carried import print_carried

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db upgrade", "db upgrade +1", "db upgrade --sql > upgrade.sql")
@click.argument("revisions", nargs=-1, metavar="[REV]...")
@sql_options
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    revisions: tuple[str, ...],
    sql: bool,
    tag: str | None,
    binds: tuple[str, ...],
    lock_wait: float | None,
    format: str,
) -> None:
    """Carry out the revisions that are pending, up to REV (default: head)."""
    if sql:
        from ...commands.scripting import upgrade_script

        for line in upgrade_script(environment, *revisions, binds=binds, tag=tag):
            click.echo(line)
        return
    from ...commands.running import Manner, upgrade

    manner = Manner(lock_wait=lock_wait, tag=tag)
    results = upgrade(environment, *revisions, binds=binds, manner=manner)
    print_carried(environment, results, format=format, nothing="Nothing to upgrade.")
