"""Whether the file of heads says what the revisions say."""

from __future__ import annotations

from dataclasses import dataclass

from ..environment import Environment
from ..revisions import headfile


@dataclass(frozen=True)
class StaleHead:
    """A file of heads that names other ones than the project has."""

    file: str
    named: tuple[str, ...]
    heads: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is wrong, and how to mend it."""
        said, line = " ".join(self.named) or "nothing", " ".join(self.heads)
        mend = f"Make {line!r} its only line." if line else "Delete it."
        if len(self.heads) > 1:
            mend = "'flask db merge' and 'flask db rebase' join the heads and write it anew."
        return f"{self.file} says {said!r}, and the revisions end at {line or 'nothing'!r}. {mend}"


def stale_head(environment: Environment) -> StaleHead | None:
    """What is wrong with the file of heads; ``None`` if all is well, or there is none."""
    if not environment.config.head_file:
        return None
    graph, folder = environment.graph(), environment.directory
    if not headfile.is_stale(folder, graph):
        return None
    return StaleHead(str(folder / headfile.NAME), headfile.read(folder) or (), graph.own_heads)
