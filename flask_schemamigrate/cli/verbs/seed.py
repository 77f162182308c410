"""``flask db seed``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import lock_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.seeding import Seeded


@verb("db seed", "db seed countries", "db seed countries --force")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--force", is_flag=True, help="Run them although they ran already.")
@lock_option
@output.format_option
def command(
    environment: Environment,
    names: tuple[str, ...],
    force: bool,
    lock_wait: float | None,
    format: str,
) -> None:
    """Run the app's seeds (all, or those named) that did not run yet as they are now."""
    print_seeded(environment, names, force=force, lock_wait=lock_wait, format=format)


def print_seeded(
    environment: Environment,
    names: tuple[str, ...] = (),
    *,
    force: bool = False,
    lock_wait: float | None = None,
    format: str,
) -> None:
    """Run seeds and print each when it is done."""
    from ...commands.seeding import seed

    count = 0

    def text(done: Seeded) -> str:
        nonlocal count
        count += 1
        return f"Seeded {done.name} ({done.seconds:.2f} s)"

    results = seed(environment, *names, force=force, lock_wait=lock_wait)
    output.write(results, format=format, text=text, events=True)
    if not count and format == "text":
        click.echo("Nothing to seed.")
