"""An engine whose connections are the one a migration holds: another could only wait for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


class Lent:
    """A connection of the driver's that others work with, and whose end they do not decide."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def commit(self) -> None:
        """Leave it to the revision's own transaction."""

    rollback = close = commit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def lend(connection: sa.Connection) -> None:
    """Let ``connection.engine`` lead back to the connection.

    What a revision does by way of ``op.get_bind().engine`` is in its transaction, then.
    """
    if "schemamigrate lent" in connection.info or connection.dialect.is_async:
        return
    connection.info["schemamigrate lent"] = True
    own = connection.engine

    def held() -> Any:
        if not connection.invalidated:
            return Lent(connection.connection.dbapi_connection)
        # The run let it go. What is asked of it afterwards is asked of the app's engine again.
        connection.engine = own
        fresh = own.raw_connection()
        fresh.detach()
        return fresh.dbapi_connection

    # A new one, since the app may have told its own what to do when a transaction begins.
    engine = sa.create_engine(
        own.url,
        creator=held,
        poolclass=sa.NullPool,
    )
    # What is known of the server.
    engine.dialect = connection.dialect
    connection.engine = engine
