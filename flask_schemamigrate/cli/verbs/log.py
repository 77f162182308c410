"""``flask db log``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.logged import Line


@verb("db log", "db log -n 20", "db log ab12cd34")
@click.argument("revision", required=False, metavar="[REV]", shell_complete=completion.revisions)
@click.option("-n", "--limit", type=click.IntRange(min=1), help="Only the latest so many.")
@bind_option
@output.format_option
def command(
    environment: Environment,
    revision: str | None,
    limit: int | None,
    binds: tuple[str, ...],
    format: str,
) -> None:
    """Say what was done to the databases, when, how long it took, and by whom."""
    from ...commands.logged import log

    named = output.naming(environment)

    def text(line: Line) -> str:
        when = "?" if line.at is None else f"{line.at:%Y-%m-%d %H:%M:%S}"
        took = "" if line.seconds is None else f" ({line.seconds:.2f} s)"
        message = f", {line.message}" if line.message else ""
        by = f"by {line.who}@{line.host} with {line.tool}"
        return f"{named(line.bind)}{when}  {line.action} {line.revision}{message}{took} {by}"

    found = log(environment, revision=revision, limit=limit, binds=binds)
    output.write(list(found), format=format, text=text, nothing="Nothing was ever done.")
