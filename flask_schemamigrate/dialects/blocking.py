"""What a change of a table keeps everybody else from while it goes through the rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Blocking:
    """``what`` others cannot do, ``during`` which work; ``instead`` says what does not do so."""

    what: str
    during: str
    instead: str = ""


CHECKED = "the rows are checked"
INDEXED = "the index is built"
REWRITTEN = "the table is rewritten"
COPIED = "the table is copied"
