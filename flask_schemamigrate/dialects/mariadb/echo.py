"""How MariaDB spells tables: its JSON is a text that checks itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ...schema import Column, Table
from ..mysql.definition import Definition
from ..mysql.echo import AT_ONCE, Echo
from .read import is_json


class MariaDBEcho(Echo):
    """Creates tables as temporary ones and reads them back, many by one statement."""

    def texts(self, tables: Sequence[Table]) -> Iterator[str | None]:
        """What the server says of scratch tables; one that it refuses has each tried alone."""
        for start in range(0, len(tables), AT_ONCE):
            some = tables[start : start + AT_ONCE]
            try:
                found: list[str | None] = [*self.together(some)]
            except sa.exc.DBAPIError:
                self.drop(some)
                found = [*super().texts(some)]
            yield from found

    def together(self, tables: Sequence[Table]) -> Iterator[str]:
        """What the server says of tables that it creates, all or none.

        https://mariadb.com/kb/en/begin-end/ answers with the result of each query in it.
        """
        statements = [text for table in tables for text in self.creating(table)]
        statements += map(self.showing, tables)
        result = self.execute("BEGIN NOT ATOMIC\n" + ";\n".join(statements) + ";\nEND")
        cursor: Any = result.cursor
        for _ in tables:
            yield str(cursor.fetchone()[1])
            cursor.nextset()
        result.close()

    def column(self, plain: Column, found: Column, definition: Definition) -> Column:
        """A column as the server spells it; a JSON one is known by its check."""
        column = super().column(plain, found, definition)
        condition = definition.column_checks.get(found.name, "")
        if is_json(found.type.text, found.name, condition):
            return replace(column, type=replace(column.type, text="json"))
        return column
