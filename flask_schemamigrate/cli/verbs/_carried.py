"""What upgrade and downgrade print: a line for each revision as it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from .. import output

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.carrying import Carried, TakenOver
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
    from ...commands.running import Noticed

    named = output.naming(environment)
    count = 0

    def text(done: Result) -> str:
        bind = named(done.bind)
        if isinstance(done, Noticed):
            return f"{bind}{done.text}"
        # Here and not above: imported by now, unless there was nothing to do.
        from ...commands.carrying import TakenOver

        if isinstance(done, TakenOver):
            at = ", ".join(done.versions)
            number = len(done.revisions)
            noun = "revision" if number == 1 else "revisions"
            return f"{bind}Took over {number} {noun} from {done.table} (at {at})"
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
            count += not isinstance(done, Noticed) and _is_carried(done)
            yield done

    output.write(counted(), format=format, text=text, events=True)
    if not count and format == "text":
        click.echo(nothing)


def _is_carried(done: Carried | TakenOver) -> bool:
    from ...commands.carrying import Carried

    return isinstance(done, Carried)
