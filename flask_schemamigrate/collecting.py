"""Sparing the garbage collector work that finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused(*, stays: bool = False) -> Iterator[None]:
    """A block that makes thousands of objects, none of them garbage, without looking for any.

    ``stays`` says that there are millions, most of which will be there for long.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if stays and not gc.get_freeze_count():
                # To take all there is for old saves looking at all of the new ones at once. But
                # garbage that is taken for old lies about for long.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
