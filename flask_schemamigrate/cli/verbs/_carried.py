"""What upgrade and downgrade print: a line for each revision as it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from .. import output

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.running import Carried

WORDS = {"upgrade": "Upgraded", "downgrade": "Downgraded"}


def print_carried(
    environment: Environment, results: Iterable[Carried], *, format: str, nothing: str
) -> None:
    """Print each revision when it is done, or that there was nothing to do."""
    several = len(environment.binds) > 1
    count = 0

    def text(done: Carried) -> str:
        bind = f"[{done.bind or 'default'}] " if several else ""
        below = ", ".join(done.parents) or "<base>"
        way = f"{below} -> {done.revision}"
        if done.direction == "downgrade":
            way = f"{done.revision} -> {below}"
        message = f", {done.message}" if done.message else ""
        return f"{bind}{WORDS[done.direction]} {way}{message} ({done.seconds:.2f} s)"

    def counted() -> Iterable[Carried]:
        nonlocal count
        for done in results:
            count += 1
            yield done

    output.write(counted(), format=format, text=text)
    if not count and format == "text":
        click.echo(nothing)
