"""``flask db downgrade``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option, lock_option, sql_options
from ._carried import print_carried

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db downgrade", "db downgrade -2", "db downgrade base")
@click.argument("revision", required=False, metavar="[REV]")
@sql_options
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    revision: str | None,
    sql: bool,
    tag: str | None,
    binds: tuple[str, ...],
    lock_wait: float | None,
    format: str,
) -> None:
    """Take revisions back until the database is at REV (default: -1, the last one)."""
    if sql:
        from ...commands.scripting import downgrade_script

        for line in downgrade_script(environment, revision or "head:-1", binds=binds, tag=tag):
            click.echo(line)
        return
    from ...commands.running import Manner, downgrade

    manner = Manner(lock_wait=lock_wait, tag=tag)
    results = downgrade(environment, revision or "-1", binds=binds, manner=manner)
    print_carried(environment, results, format=format, nothing="Nothing to downgrade.")
