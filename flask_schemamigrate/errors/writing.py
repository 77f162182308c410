"""What can go wrong once a revision file is written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from .root import SetupError


class HookFailed(SetupError):
    """A post-write hook ended with an error; the file it was run on stays."""

    def __init__(self, command: Sequence[str], path: Path, *, output: str, status: object) -> None:
        self.command = tuple(command)
        self.path = path
        self.output = output
        said = f":\n{output.strip()}" if output.strip() else "."
        super().__init__(
            f"The post-write hook '{shlex.join(command)}' failed ({status}){said}",
            hint=f"{path} was written. Mend SCHEMAMIGRATE_POST_WRITE_HOOKS, and run it again.",
        )
