"""``flask db list-templates``, which has lost its purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db list-templates", name="list-templates")
def command(environment: Environment) -> None:
    """Say which template new revisions are made from.

    There are none to choose from: one serves every app. SCHEMAMIGRATE_TEMPLATE names your own.
    """
    from ...commands.writing import revision_template

    click.echo(f"Nothing to choose: new revisions are made from {revision_template(environment)}.")
    if environment.config.template is None:
        click.echo("SCHEMAMIGRATE_TEMPLATE names a template of your own.")
