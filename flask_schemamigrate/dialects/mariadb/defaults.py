"""MariaDB's column defaults: its catalogue holds them as SQL text."""

from __future__ import annotations

from typing import ClassVar

from ..mysql.defaults import Defaults


class MariaDBDefaults(Defaults):
    """The defaults of MariaDB, the same in the catalogue and in SHOW CREATE TABLE."""

    now: ClassVar[str] = "current_timestamp()"

    def from_catalogue(self, text: str | None, type_text: str, extra: str) -> str | None:
        """A default as information_schema holds it, which is how SHOW CREATE TABLE prints it."""
        return None if text is None or text == "NULL" else text

    def from_definition(self, text: str, type_text: str) -> str | None:
        """A default as SHOW CREATE TABLE prints it."""
        return self.from_catalogue(text, type_text, "")

    def expression(self, text: str) -> str:
        """An expression, which MariaDB prints the same wherever it prints it."""
        return text

    def binary(self, text: str, value: str, word: str) -> str:
        """A literal of bytes, which MariaDB's catalogue holds as it was written."""
        return text

    def moment(self, text: str) -> str:
        """The current time; its digits stand in the parentheses that are always there."""
        found = super().moment(text)
        digits = found.removeprefix(self.now)
        return f"current_timestamp{digits}" if digits else self.now
