"""Asking a connection in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

Ask = Callable[[str], Sequence[Any]]


def asking(connection: sa.Connection) -> Ask:
    """Asks a connection in SQL."""

    def ask(sql: str) -> list[Any]:
        result = connection.exec_driver_sql(sql)
        return list(result.fetchall()) if result.returns_rows else []

    return ask


def looking(connection: sa.Connection) -> Ask:
    """Asks a connection only what is there, by the driver's own means, which are quicker."""

    def look(sql: str) -> list[Any]:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(sql)
            return list(cursor.fetchall())
        except Exception:
            # SQLAlchemy knows best how to say what went wrong.
            return list(asking(connection)(sql))
        finally:
            cursor.close()

    return look
