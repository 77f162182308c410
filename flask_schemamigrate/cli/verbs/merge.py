"""``flask db merge``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completion, output
from ..frame import verb
from ..options import message_option
from ._written import shown

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.writing import Merged


@verb("db merge", 'db merge ab12 cd34 -m "join orders and stock"')
@click.argument("revisions", nargs=-1, metavar="[REV]...", shell_complete=completion.revisions)
@message_option
@click.option("--branch-label", metavar="LABEL", help="Give the branch a name.")
@click.option("--rev-id", metavar="ID", help="The revision's id, instead of a random one.")
@click.option("--splice", is_flag=True, help="Let REV be revisions that others stand on already.")
@output.format_option
def command(
    environment: Environment,
    revisions: tuple[str, ...],
    message: str,
    branch_label: str | None,
    rev_id: str | None,
    splice: bool,
    format: str,
) -> None:
    """Write a revision that joins several (default: all heads).

    Says which tables several of the branches touch: whether they agree is for you to see.
    """
    from ...commands.writing import Place, merge

    place = Place(branch_label=branch_label, rev_id=rev_id, splice=splice)
    written = merge(environment, *revisions, message=message, place=place)
    output.write([written], format=format, text=_text)


def _text(written: Merged) -> str:
    lines = [f"Joined {', '.join(written.parents)} in {written.revision}"]
    lines += [
        f"Several branches touch {table}: {', '.join(revisions)}"
        for table, revisions in written.shared.items()
    ]
    if not written.shared:
        lines.append("No table is touched by several of the branches.")
    return "\n".join([*lines, f"Wrote {shown(written.path)}"])
