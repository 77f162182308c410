"""``flask db revision``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..frame import verb
from ..options import bind_option, message_option, place, place_options
from ._written import print_written
from .migrate import answer_options, migrated

if TYPE_CHECKING:
    from ...commands import Environment


@verb('db revision -m "count visits"', "db revision --autogenerate")
@message_option
@click.option("--autogenerate", is_flag=True, help="Fill it in as 'flask db migrate' does.")
@click.option("--sql", is_flag=True, help="Write to the terminal instead of a file.")
@place_options
@bind_option
@answer_options
@output.format_option
def command(
    environment: Environment,
    /,
    message: str,
    autogenerate: bool,
    sql: bool,
    format: str,
    **given: Any,
) -> None:
    """Write an empty revision, to be filled in by hand."""
    if autogenerate:
        migrated(environment, message, sql=sql, format=format, **given)
        return
    from ...commands.writing import draft, revision

    where = place(given)
    if sql:
        click.echo(draft(environment, message, place=where), nl=False)
        return
    print_written(revision(environment, message, place=where), format=format)
