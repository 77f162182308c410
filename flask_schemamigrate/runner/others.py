"""The app's other connections, which a revision may ask on past the one of its run."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect


def is_of_another(connection: sa.Connection, error: BaseException) -> bool:
    """Whether an error was raised by another connection than the one of the run."""
    asked = (frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(isinstance(each, sa.Connection) and each is not connection for each in asked)


@contextmanager
def kept_polite(dialect: Dialect, connection: sa.Connection, seconds: float) -> Iterator[None]:
    """A block in which those that this thread takes from the app's pool wait so long for a lock.

    They may wait for one that the run itself holds, and no server would ever notice.
    """
    if dialect.local_words is None:
        yield
        return
    here, words = threading.get_ident(), dialect.local_words
    statements = [sql.replace(*words, 1) for sql in dialect.lock_timeout_statements(seconds)]

    def lent(driver_connection: Any, *_: Any) -> None:
        if threading.get_ident() == here:
            cursor = driver_connection.cursor()
            for sql in statements:
                cursor.execute(sql)
            cursor.close()

    pool = connection.engine.pool
    sa.event.listen(pool, "checkout", lent)
    try:
        yield
    finally:
        sa.event.remove(pool, "checkout", lent)
