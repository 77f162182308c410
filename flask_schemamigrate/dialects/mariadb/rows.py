"""Inserting rows: how MariaDB names the new row of an upsert."""

from __future__ import annotations

from ..mysql.rows import MySQLRows


class MariaDBRows(MySQLRows):
    """Rows for MariaDB."""

    new_row = ""

    def new_value(self, name: str) -> str:
        """The value that the row to be inserted has for a column.

        https://mariadb.com/kb/en/values-value/
        """
        return f"VALUES({self.quoted(name)})"
