"""Sparing the garbage collector work that finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """A block that makes thousands of objects, none of them garbage, without looking for any."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                # To take all there is for old saves looking at all of the new ones at once.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@contextmanager
def of_new_objects() -> Iterator[None]:
    """A block in which garbage is looked for only among what is made in it.

    What an app has imported is much, and takes the longest to look through.
    """
    if gc.get_freeze_count():
        # The app has done so for itself, and its objects are not ours to thaw.
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
