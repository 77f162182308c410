"""``flask db edit``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db edit", "db edit current")
@click.argument("revision", default="head", metavar="[REV]", shell_complete=completion.revisions)
def command(environment: Environment, revision: str) -> None:
    """Open a revision (default: head) in your editor."""
    from ...commands.writing import editable

    click.edit(filename=str(editable(environment, revision)))
