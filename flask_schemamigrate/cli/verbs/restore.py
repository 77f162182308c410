"""``flask db restore``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import output
from ..frame import verb
from ..options import bind_option
from ._written import shown

if TYPE_CHECKING:
    from ...commands import Environment
    from ...commands.restoring import Restored


@verb("db restore")
@bind_option
@output.format_option
def command(environment: Environment, binds: tuple[str, ...], format: str) -> None:
    """Write the files of applied revisions that are gone, as they were when they ran."""
    from ...commands.restoring import restore

    def text(done: Restored) -> str:
        return f"Wrote {shown(done.path)}, {done.text}"

    nothing = "Nothing to restore: a file has each applied revision."
    output.write(restore(environment, binds=binds), format=format, text=text, nothing=nothing)
