"""``flask db list-templates``, which has lost its purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..frame import verb

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db list-templates", name="list-templates")
def command(environment: Environment) -> None:
    """Say how new revisions get their form.

    There are no templates to choose from: one serves every app. SCHEMAMIGRATE_TEMPLATE names your
    own.
    """
    own = environment.config.template
    using = f"new revisions are written with {own}" if own else "new revisions have one form"
    click.echo(f"No templates to choose from: {using}; SCHEMAMIGRATE_TEMPLATE names your own.")
