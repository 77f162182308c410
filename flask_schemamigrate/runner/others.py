"""The app's other connections, which a revision may ask on past the one of its run."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ..dialects.base import Dialect


def is_of_another(connection: sa.Connection, error: BaseException) -> bool:
    """Whether an error was raised by another connection than the one of the run."""
    asked = (frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(isinstance(each, sa.Connection) and each is not connection for each in asked)


@contextmanager
def kept_polite(dialect: Dialect, connection: sa.Connection, seconds: float) -> Iterator[None]:
    """A block in which the transactions of those in this thread wait so long for a lock.

    They may wait for one that the run itself holds, and no server would ever notice.
    """
    if dialect.local_words is None:
        yield
        return
    here, pool, words = threading.get_ident(), connection.engine.pool, dialect.local_words
    statements = [sql.replace(*words, 1) for sql in dialect.lock_timeout_statements(seconds)]

    def begin(other: sa.Connection) -> None:
        # Those that look after the run's lock have a pool of their own.
        is_the_apps = other is not connection and other.engine.pool is pool
        if is_the_apps and threading.get_ident() == here:
            cursor = other.connection.cursor()
            for sql in statements:
                cursor.execute(sql)
            cursor.close()

    # An engine with options hears less than the one that it was made of.
    engine = getattr(connection.engine, "_proxied", connection.engine)
    sa.event.listen(engine, "begin", begin)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", begin)
