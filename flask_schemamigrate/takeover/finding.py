"""Something that a person must look at, by file and line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A place in a file, and what is there."""

    file: str
    line: int
    text: str
