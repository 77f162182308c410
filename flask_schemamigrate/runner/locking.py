"""Waiting for the migration lock, politely and not for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import uniform

from ..dialects.base import Holder, MigrationLock
from ..errors.runs import LockNotObtained

SHORTEST, LONGEST = 0.05, 1.0  # seconds between two tries


@contextmanager
def held(lock: MigrationLock, *, bind: str, wait: float) -> Iterator[None]:
    """Hold the lock for the length of the block, after waiting ``wait`` seconds at most.

    It is tried again and again rather than waited for: a session that waits inside the server's
    own lock function deadlocks with CREATE INDEX CONCURRENTLY. Raises `LockNotObtained`.
    """
    try:
        _wait(lock, bind=bind, wait=wait)
        yield
    finally:
        # Also where it was never obtained: asking for it has opened a connection.
        lock.release()


def _wait(lock: MigrationLock, *, bind: str, wait: float) -> None:
    start = time.monotonic()
    pause = SHORTEST
    while not lock.acquire():
        if time.monotonic() - start >= wait:
            raise LockNotObtained(bind, waited=wait, holder=described(lock.holder()))
        time.sleep(uniform(pause / 2, pause))
        pause = min(pause * 2, LONGEST)


def described(holder: Holder | None) -> str | None:
    """A lock's holder, for people."""
    if holder is None:
        return None
    words = [f"process {holder.pid}" if holder.pid else "another process"]
    words += [f"on {holder.host}"] if holder.host else []
    words += [f"since {holder.since}"] if holder.since else []
    words += [f"running: {holder.doing}"] if holder.doing else []
    return " ".join(words)
