"""Letting an app's engine lead to another database for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass
class Redirected:
    """An engine that is elsewhere; ``was_asked`` once it has opened a connection there."""

    was_asked: bool = False


@contextmanager
def redirected(engine: sa.Engine, url: sa.URL) -> Iterator[Redirected]:
    """Let the engine open its connections at ``url``, and in the end where it did before.

    The engine object stays, because sessions, listeners and the app's own variables know it.
    """
    before = engine.url, engine.pool, engine.dialect
    is_akin = url.get_backend_name() == engine.url.get_backend_name()
    with _akin(engine, url) if is_akin else _another(engine, url) as state:
        engine.url = url
        try:
            yield state
        finally:
            # An asyncio driver's connections can only be closed in the loop they were opened in.
            engine.dispose(close=not engine.dialect.is_async)
    elsewhere, dialect = url.database, before[2]
    engine.url, engine.pool, engine.dialect = before
    # MySQL's default schema is the database, and nobody would ask for it a second time.
    if dialect.default_schema_name == elsewhere:
        dialect.default_schema_name = engine.url.database


@contextmanager
def _akin(engine: sa.Engine, url: sa.URL) -> Iterator[Redirected]:
    """The same driver with other arguments: what listens to the pool goes on listening."""
    url = url.set(drivername=engine.url.drivername)
    arguments, named = engine.dialect.create_connect_args(url)
    state = Redirected()

    def connect(dialect: Any, record: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        state.was_asked = True
        return dialect.connect(*arguments, **{**kwargs, **named})

    engine.pool = engine.pool.recreate()
    sa.event.listen(engine, "do_connect", connect)
    try:
        yield state
    finally:
        sa.event.remove(engine, "do_connect", connect)


@contextmanager
def _another(engine: sa.Engine, url: sa.URL) -> Iterator[Redirected]:
    """The inside of an engine for another kind of database."""
    other = sa.create_engine(url, echo=engine.echo)
    engine.pool, engine.dialect = other.pool, other.dialect
    yield Redirected(was_asked=True)
