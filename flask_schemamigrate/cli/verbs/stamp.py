"""``flask db stamp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option, lock_option, sql_options

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.stamping import Stamped


@verb("db stamp", "db stamp ab12", "db stamp --purge head", "db stamp --verify")
@click.argument("revisions", nargs=-1, metavar="[REV]...", shell_complete=completion.revisions)
@sql_options
@click.option(
    "--purge", is_flag=True, help="Forget all else that was recorded, even what no file has."
)
@click.option(
    "--verify",
    is_flag=True,
    help="Refuse if the database does not look like what the revisions lead to.",
)
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    revisions: tuple[str, ...],
    sql: bool,
    tag: str | None,
    purge: bool,
    verify: bool,
    binds: tuple[str, ...],
    lock_wait: float | None,
    format: str,
) -> None:
    """Record the database as being at REV (default: head) without carrying anything out."""
    if sql and verify:
        raise click.UsageError("--sql and --verify do not go together: a script looks at nothing.")
    if sql:
        from ...commands.scripting import stamp_script

        for line in stamp_script(environment, *revisions, binds=binds, purge=purge):
            click.echo(line)
        return
    from ...commands.stamping import stamp

    named = output.naming(environment)

    def text(done: Stamped) -> str:
        at = ", ".join(done.current) or "base"
        changes = f"{len(done.added)} recorded, {len(done.removed)} removed"
        unsure = "".join(f"\n  not verified: {line}" for line in done.unverified)
        return f"{named(done.bind)}Stamped {at} ({changes}){unsure}"

    results = stamp(
        environment, *revisions, purge=purge, verify=verify, binds=binds, lock_wait=lock_wait
    )
    output.write(results, format=format, text=text)
