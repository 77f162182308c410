"""How MariaDB spells tables: its JSON is a text that checks itself."""

from __future__ import annotations

from dataclasses import replace

from ...schema import Column
from ..mysql.definition import Definition
from ..mysql.echo import Echo
from .read import is_json


class MariaDBEcho(Echo):
    """Creates tables as temporary ones and reads them back."""

    def column(self, plain: Column, found: Column, definition: Definition) -> Column:
        """A column as the server spells it; a JSON one is known by its check."""
        column = super().column(plain, found, definition)
        condition = definition.column_checks.get(found.name, "")
        if is_json(found.type.text, found.name, condition):
            return replace(column, type=replace(column.type, text="json"))
        return column
