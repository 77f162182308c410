"""``flask db init``, which has lost its purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors.revisions import listed
from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db init")
@click.option("--multidb", is_flag=True, help="Not needed: every bind is migrated.")
@click.option("-t", "--template", metavar="NAME", help="Not needed: there is nothing to copy.")
@click.option("--package", is_flag=True, help="Not needed: revisions are never imported by name.")
def command(
    environment: Environment, *, multidb: bool, template: str | None, package: bool
) -> None:
    """Say where the revisions are.

    There is nothing to set up: the first revision makes its folder. This command and its options
    are here for scripts that were written for Flask-Migrate.
    """
    given = {"--multidb": multidb, "--template": template is not None, "--package": package}
    unneeded = [option for option, is_given in given.items() if is_given]
    also = f", and no {listed(unneeded, 'or')} needed" if unneeded else ""
    click.echo(f"Nothing to set up{also}: revisions are in {environment.locations[0]}.")
