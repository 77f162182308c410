"""A lease that is not renewed is not relied on, and hardly anything keeps it from being renewed."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from flask_schemamigrate.dialects import lease
from flask_schemamigrate.dialects.lease import LeaseLock
from flask_schemamigrate.errors.stopping import LeaseLost


def test_a_holder_that_was_asleep_too_long_stops(database, monkeypatch):
    lock = LeaseLock(database.engine(), "history", lasts=20)
    assert lock.acquire()
    try:
        lock.check()
        later = SimpleNamespace(monotonic=lambda: time.monotonic() + 21)
        monkeypatch.setattr(lease, "time", later)

        with pytest.raises(LeaseLost):
            lock.check()
    finally:
        lock.release()


@pytest.mark.parametrize("doing", ["SELECT '\udcff'", "SELECT '\0'", "SELECT '日本'"])
def test_a_lease_is_renewed_whatever_its_holder_does(database, doing):
    lock = LeaseLock(database.engine(), "history", lasts=0.04)
    assert lock.acquire()
    try:
        lock.tell(doing)
        seen = ""
        for _ in range(1000):
            holder = lock.holder()
            seen = holder.doing if holder is not None else ""
            if seen:
                break
        assert seen.startswith("SELECT")
    finally:
        lock.release()
