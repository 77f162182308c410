"""What ``--plan`` prints: revisions, their operations, the SQL, and what would be lost."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent
from typing import TYPE_CHECKING

import click

from .. import output

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.planning import Planned


MOST = 20


def print_plans(environment: Environment, plans: Iterable[Planned], *, format: str) -> None:
    """Print each revision that would be carried out."""
    named = output.naming(environment)
    found = list(plans)

    def text(planned: Planned) -> str:
        message = f", {planned.message}" if planned.message else ""
        lines = [f"{named(planned.bind)}{planned.direction} {planned.revision}{message}"]
        for step in planned.steps:
            lines.append(indent(step.operation, "  "))
            shown = step.statements[:MOST]
            lines += [indent(f"{sql.rstrip(';')};", "      ") for sql in shown]
            if more := len(step.statements) - len(shown):
                lines.append(f"      ... and {more} more")
        if planned.partial:
            lines.append(f"  ... and what cannot be told beforehand: {planned.partial}")
        lines += [f"  BLOCKS: {block.text}" for block in planned.blocks]
        lines += [f"  LOST: {loss.text}" for loss in planned.losses]
        return "\n".join(lines)

    output.write(found, format=format, text=text)
    if not found and format == "text":
        click.echo("Nothing to do.")
