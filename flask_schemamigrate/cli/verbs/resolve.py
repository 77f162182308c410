"""``flask db resolve``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import completion, output
from ..frame import verb
from ..options import bind_option, lock_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.resolving import Resolved

WAYS = {
    "applied": "All that it makes is there: count it as applied.",
    "rolled-back": "Nothing of it is there: count it as not applied.",
    "retry": "The statement it was cut off at did not happen: repeat it.",
    "skip": "The statement it was cut off at did happen: go on behind it.",
    "accept": "Take the file of an applied revision as it is now.",
}


@verb("db resolve ab12 --applied", "db resolve ab12 --retry", "db resolve ab12 --accept")
@click.argument("revision", metavar="REV", shell_complete=completion.revisions)
@click.option("--applied", "how", flag_value="applied", help=WAYS["applied"])
@click.option("--rolled-back", "how", flag_value="rolled-back", help=WAYS["rolled-back"])
@click.option("--retry", "how", flag_value="retry", help=WAYS["retry"])
@click.option("--skip", "how", flag_value="skip", help=WAYS["skip"])
@click.option("--accept", "how", flag_value="accept", help=WAYS["accept"])
@bind_option
@lock_option
@output.format_option
def command(
    environment: Environment,
    revision: str,
    how: Any,
    binds: tuple[str, ...],
    lock_wait: float | None,
    format: str,
) -> None:
    """Settle by hand how a revision that stopped midway, or was edited, is to be taken."""
    from ...commands.resolving import resolve

    if how is None:
        ways = ", ".join(f"--{way}" for way in WAYS)
        raise click.UsageError(f"Say what is the case with one of {ways}.")
    named = output.naming(environment)

    def text(done: Resolved) -> str:
        return f"{named(done.bind)}Resolved {done.revision}: {done.text}"

    results = resolve(environment, revision, how, binds=binds, lock_wait=lock_wait)
    output.write(results, format=format, text=text)
