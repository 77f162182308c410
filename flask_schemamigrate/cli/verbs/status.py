"""``flask db status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import output
from ..frame import verb
from ..options import bind_option

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.looking import Status


@verb("db status", "db status --check", "db status --format json")
@click.option("--check", is_flag=True, help="Exit with 6 unless every database is up to date.")
@bind_option
@output.format_option
@click.pass_context
def command(
    ctx: click.Context, environment: Environment, check: bool, binds: tuple[str, ...], format: str
) -> None:
    """Say how the databases stand to the revisions."""
    from ...commands.looking import status

    found = list(status(environment, binds=binds))
    output.write(found, format=format, text=_text)
    if check and not all(each.is_ready for each in found):
        ctx.exit(6)


def _text(status: Status) -> str:
    facts = {
        "database": status.url,
        "head": ", ".join(status.head) or "<base>",
        "current": ", ".join(status.current) or "<base>",
        "pending": f"{len(status.pending)}: {', '.join(status.pending)}"
        if status.pending
        else "none",
        "alembic": _alembic(status.alembic),
        "unknown": ", ".join(status.unknown),
        "edited": ", ".join(status.edited),
        "late": ", ".join(status.out_of_order),
        "unfinished": "; ".join(f"{stop.revision}: {stop.text}" for stop in status.unfinished),
    }
    lines = [f"  {name:11}{fact}" for name, fact in facts.items() if fact]
    return "\n".join([", ".join([status.label, *status.shared_with]), *lines])


def _alembic(versions: tuple[str, ...] | None) -> str | None:
    if versions is None:
        return None
    said = ", ".join(versions) or "<base>"
    return f"{said}, as its table tells; 'flask db upgrade' says what to do"
