"""Databases that serve a whole module, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from tests.autogenerate.room import Room
from tests.databases import temporary
from tests.databases.plugin import server_url
from tests.databases.servers import KINDS


@pytest.fixture(scope="module")
def rooms(pytestconfig) -> Iterator[dict[str, sa.Engine]]:
    """Engines by the kind of database, filled as they are asked for."""
    engines: dict[str, sa.Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="module")
def undoing() -> Iterator[ExitStack]:
    """What is to be done at the end of the module."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def new_room(rooms, undoing, pytestconfig, tmp_path):
    """An empty database of a kind: ``new_room("postgresql")``."""

    def new(kind: str) -> Room:
        if kind == "sqlite":
            return Room(kind, sa.create_engine(f"sqlite:///{tmp_path / 'room.db'}"))
        if kind not in rooms:
            server = server_url(kind, pytestconfig)
            url = undoing.enter_context(temporary.database(server))
            rooms[kind] = sa.create_engine(url)
            undoing.callback(rooms[kind].dispose)
        room = Room(kind, rooms[kind])
        room.clear()
        return room

    return new


@pytest.fixture(params=KINDS)
def room(request, new_room) -> Room:
    """An empty database, once of each kind."""
    return new_room(request.param)
