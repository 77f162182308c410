"""MariaDB: reads, echoes, states, carries out, locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..mysql.dialect import MySQL
from .canonical import MariaDBCanonical
from .echo import MariaDBEcho
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

    def statement_timeout_statements(self, seconds: float) -> Iterator[str]:
        """End a statement that takes longer.

        https://mariadb.com/kb/en/server-system-variables/#max_statement_time
        """
        yield f"SET SESSION max_statement_time = {max(0, round(seconds, 3))}"
