"""What one revision file says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

Direction = Literal["upgrade", "downgrade"]
"""Which way a revision is carried out."""


# There may be thousands, and a tuple is made ten times as quickly as a frozen dataclass.
class Revision(NamedTuple):
    """The header of one revision file; the code below the header is not looked at.

    ``depends_on`` is kept as written: an id, the beginning of one, or a label; the graph knows
    which revision is meant. ``created`` is the date in the docstring, as text, for sorting;
    ``digest`` is the same for as long as the file is.
    """

    id: str
    parents: tuple[str, ...]
    depends_on: tuple[str, ...]
    labels: tuple[str, ...]
    doc: str
    file: str
    created: str | None = None
    digest: str = ""

    @property
    def path(self) -> Path:
        """The file, as it was found."""
        # Made on demand, because making thousands takes as long as finding the files.
        return Path(self.file)

    @property
    def message(self) -> str:
        """The first line of the docstring."""
        return self.doc.strip().partition("\n")[0].rstrip()

    @property
    def is_base(self) -> bool:
        """Whether it follows nothing."""
        return not self.parents

    @property
    def is_merge(self) -> bool:
        """Whether it joins branches."""
        return len(self.parents) > 1
