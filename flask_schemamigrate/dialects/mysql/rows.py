"""Inserting rows: multi-row VALUES through the driver, in statements the server will take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from ...operations import Upsert
from ..rows import Rows

CHUNK = 5000


class MySQLRows(Rows):
    """Rows for MySQL and MariaDB."""

    def upserting(self, operation: Upsert, row: Mapping[str, Any]) -> sa.sql.Executable:
        """INSERT ... ON DUPLICATE KEY UPDATE."""
        insert = mysql.insert(operation.table)
        names = self.updated(operation, row) or list(operation.key)
        return insert.on_duplicate_key_update({name: insert.inserted[name] for name in names})
