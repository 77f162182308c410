"""Connections beside those of the app's pool."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


def apart(engine: sa.Engine) -> sa.Engine:
    """The same engine with a pool of its own; its listeners are those of the app's.

    The app's pool may be of one connection, and then has none left while that one works; or it
    gives the same connection to everybody, who would share its transactions.
    """
    # An engine with options of its own only lends the pool of the one it was made of.
    root = getattr(engine, "_proxied", engine)
    if root is not engine:
        return apart(root).execution_options(**engine.get_execution_options())
    other = copy.copy(engine)
    other.pool = engine.pool.recreate()
    return other


@contextmanager
def connected_apart(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that no pool of the app's knows, which is closed at the end."""
    other = apart(engine)
    try:
        with other.connect() as connection:
            yield connection
    finally:
        other.dispose()
