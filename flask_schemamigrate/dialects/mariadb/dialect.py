"""MariaDB: reads, echoes, states, carries out, locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import sqlalchemy as sa

from ...operations import Operation
from ...schema import Table
from ..blocking import Blocking
from ..mysql.blocking import blocking
from ..mysql.definition import text_of
from ..mysql.dialect import MySQL
from .canonical import MariaDBCanonical
from .echo import MariaDBEcho
from .plain import plain_table
from .read import MariaDBCatalogue, MariaDBReader
from .rows import MariaDBRows
from .statements import MariaDBStatements


class MariaDB(MariaDBStatements, MariaDBRows, MySQL):
    """MariaDB 10.5 and later. Each DDL statement commits by itself."""

    title = "MariaDB"
    script_note = ""
    name_spaces: ClassVar = {**MySQL.name_spaces, "check": ("check", False)}
    catalogue = MariaDBCatalogue
    reader = MariaDBReader
    canonical = MariaDBCanonical
    echoing = MariaDBEcho

    def blocking(self, operation: Operation, table: Table) -> Blocking | None:
        return blocking(operation, table, is_mysql=False)

    def read_table(
        self, connection: sa.Connection, name: str, schema: str | None = None
    ) -> Table | None:
        """One table as it is now, by its own text where that is plain."""
        if schema is None and (text := text_of(connection, self.quoted(name))):
            ((_, collation, _),) = self.catalogue(connection).databases(())
            if table := plain_table(name, text, collation):
                self._own_collations[None] = collation
                return table
        return super().read_table(connection, name, schema)

    def statement_timeout_statements(self, seconds: float) -> Iterator[str]:
        """End a statement that takes longer.

        https://mariadb.com/kb/en/server-system-variables/#max_statement_time
        """
        yield f"SET SESSION max_statement_time = {max(0, round(seconds, 3))}"
