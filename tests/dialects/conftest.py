"""An engine for the database that a room's tests share."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.databases.database import Database


@pytest.fixture(scope="module")
def shared_engine(shared: Database) -> sa.Engine:
    """An engine for the module's database."""
    engine = shared.engine()
    with engine.connect():
        pass
    return engine
