"""What upgrade and downgrade print: a line for each revision as it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from .. import output

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.running import Result

WORDS = {"upgrade": "Upgraded", "downgrade": "Downgraded"}


def print_carried(
    environment: Environment,
    results: Iterable[Result],
    *,
    format: str,
    nothing: str,
) -> None:
    """Print each revision when it is done, or that there was nothing to do."""
    from ...commands.running import Carried, Noticed, TakenOver

    several = len(environment.binds) > 1
    count = 0

    def text(done: Result) -> str:
        bind = f"[{done.bind or 'default'}] " if several else ""
        if isinstance(done, TakenOver):
            at = ", ".join(done.versions)
            return f"{bind}Took over {len(done.revisions)} revisions from {done.table} (at {at})"
        if isinstance(done, Noticed):
            return f"{bind}{done.text}"
        below = ", ".join(done.parents) or "<base>"
        way = f"{below} -> {done.revision}"
        if done.direction == "downgrade":
            way = f"{done.revision} -> {below}"
        message = f", {done.message}" if done.message else ""
        message += " (out of order)" if done.out_of_order else ""
        return f"{bind}{WORDS[done.direction]} {way}{message} ({done.seconds:.2f} s)"

    def counted() -> Iterable[Result]:
        nonlocal count
        for done in results:
            count += isinstance(done, Carried)
            yield done

    output.write(counted(), format=format, text=text)
    if not count and format == "text":
        click.echo(nothing)
