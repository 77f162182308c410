"""``flask db graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment


@verb("db graph", "db graph --no-database --format mermaid", "db graph --format dot | dot -Tsvg")
@click.option(
    "--format",
    type=click.Choice(["text", "mermaid", "dot"]),
    default="text",
    show_default=True,
    help="How to draw: as text, as a Mermaid flowchart, or in Graphviz's language.",
)
@click.option("--no-database", is_flag=True, help="Do not ask what is applied.")
@bind_option
def command(
    environment: Environment, format: str, no_database: bool, binds: tuple[str, ...]
) -> None:
    """Draw the revisions, the latest on top; * is applied and o is pending.

    Of several databases, what is applied in all of them counts. Where none answers, nothing is
    marked.
    """
    from ...commands.looking import graph

    drawn = graph(environment, format=format, binds=binds, database=not no_database)
    if drawn.text:
        click.echo(drawn.text)
    else:
        click.echo(output.NO_REVISIONS, err=True)
    if drawn.unmarked is not None:
        click.echo(f"What is applied is not shown. {drawn.unmarked}", err=True)
