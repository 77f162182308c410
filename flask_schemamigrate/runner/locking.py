"""Waiting for the migration lock, politely and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import uniform

from ..dialects.locks import Holder, MigrationLock
from ..errors.stopping import LockNotObtained
from .bystanders import go_on

SHORTEST, LONGEST = 0.05, 1.0  # seconds between two tries
FIRST_WORD, NEXT_WORD = 1.0, 10.0  # seconds until it is told who is waited for, and again

Tell = Callable[[float, str | None], None]


@contextmanager
def held(
    lock: MigrationLock,
    *,
    bind: str,
    wait: float,
    tell: Tell = lambda waited, holder: None,
    stop: Callable[[], None] = go_on,
) -> Iterator[None]:
    """Hold the lock for the length of the block, after waiting ``wait`` seconds at most.

    It is tried again and again rather than waited for: a session that waits inside the server's
    own lock function deadlocks with CREATE INDEX CONCURRENTLY. ``tell`` is called from time to time
    with the seconds waited so far and the holder; ``stop`` is asked before each try. Raises
    `LockNotObtained`.
    """
    try:
        _wait(lock, bind=bind, wait=wait, tell=tell, stop=stop)
        yield
    finally:
        # Also where it was never obtained: asking for it has opened a connection.
        lock.release()


def _wait(
    lock: MigrationLock, *, bind: str, wait: float, tell: Tell, stop: Callable[[], None]
) -> None:
    start = time.monotonic()
    pause = SHORTEST
    word = FIRST_WORD
    while not lock.acquire():
        waited = time.monotonic() - start
        if waited >= wait:
            raise LockNotObtained(bind, waited=wait, holder=described(lock.holder()))
        if waited >= word:
            tell(waited, described(lock.holder()))
            word = waited + NEXT_WORD
        stop()
        time.sleep(uniform(pause / 2, pause))
        pause = min(pause * 2, LONGEST)


def described(holder: Holder | None) -> str | None:
    """A lock's holder, for people."""
    if holder is None:
        return None
    who = [f"process {holder.pid}"] if holder.pid else []
    who += [f"session {holder.session}"] if holder.session else []
    words = [f"{who[0]} ({who[1]})" if len(who) == 2 else "".join(who) or "another process"]
    words += [f"on {holder.host}"] if holder.host else []
    words += [f"since {holder.since}"] if holder.since else []
    words += [f"running: {holder.doing}"] if holder.doing else []
    return " ".join(words)
