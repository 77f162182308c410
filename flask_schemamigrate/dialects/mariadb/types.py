"""How MariaDB prints column types: with display widths, and with a UUID type of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..mysql.types import Types


class MariaDBTypes(Types):
    """The type texts of MariaDB."""

    widths: ClassVar[Mapping[str, tuple[int, int]]] = {
        "tinyint": (4, 3),
        "smallint": (6, 5),
        "mediumint": (9, 8),
        "int": (11, 10),
        "bigint": (20, 20),
    }
    year = "year(4)"
    has_uuid: ClassVar[bool] = True

    def integer(self, word: str, arguments: list[str], modifiers: str) -> str:
        """An integer type with its display width, which MariaDB always prints."""
        if arguments:
            return f"{word}({arguments[0]})"
        signed, unsigned = self.widths[word]
        bare = "unsigned" in modifiers or "zerofill" in modifiers
        return f"{word}({unsigned if bare else signed})"
