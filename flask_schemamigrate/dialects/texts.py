"""Texts as every database can keep them."""

from __future__ import annotations

from typing import Any

LONGEST = 4000
"""Characters of an error; the whole of it was told to whoever ran the migration."""

ALPHABET: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in {"charset": "utf8mb4", "collate": "utf8mb4_bin"}.items()
}
"""Has a table keep what a database of another alphabet cannot, and tell ``A`` from ``a``."""


def storable(text: str) -> str:
    """A text without what has no place in UTF-8, or ends a text in PostgreSQL; cut off if long."""
    known = text[:LONGEST].encode("utf-8", "backslashreplace").decode()
    return known.replace("\0", "\\0")
