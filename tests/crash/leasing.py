"""What the tests of a lease share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_schemamigrate.commands.running import Manner, upgrade
from flask_schemamigrate.dialects.lease import LeaseLock
from flask_schemamigrate.environment import Environment
from flask_schemamigrate.errors.stopping import LockNotObtained

HISTORY = "schemamigrate_history"


def one_revision(folder: Path, text: str) -> Path:
    """A folder of migrations with one revision, ``a``."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "a.py").write_text(text)
    return versions.parent


def assert_it_keeps_others_out(engine: sa.Engine, folder: Path) -> None:
    """While a lease is held, an upgrade waits for it, and says who holds it."""
    environment = Environment.without_app(folder, engines=engine)
    lease = LeaseLock(engine, HISTORY)
    assert lease.acquire()
    try:
        with pytest.raises(LockNotObtained, match=f"process {os.getpid()}"):
            list(upgrade(environment, manner=Manner(lock_wait=0)))
    finally:
        lease.release()
