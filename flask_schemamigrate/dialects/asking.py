"""Asking a server in SQL as it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def asked(connection: sa.Connection, sql: str) -> sa.CursorResult[Any]:
    """What the server answers; a percent sign is no parameter."""
    return connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
