"""Where the events of a connection are listened for."""

from __future__ import annotations

import sqlalchemy as sa


def place_of_events(connection: sa.Connection) -> sa.Connection | sa.Engine:
    """What to listen at for a connection's events: mostly itself, so that others are not heard.

    Until some SQLAlchemy after 2.0.36, a connection of ``Engine.execution_options()`` refuses, and
    only its engine will do.
    """
    try:
        sa.event.contains(connection, "commit", place_of_events)
    except sa.exc.InvalidRequestError:
        return connection.engine
    return connection
