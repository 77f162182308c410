"""How much memory it takes to run what is large."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from flask_schemamigrate.operations import BulkInsert
from flask_schemamigrate.runner.fingerprints import fingerprint


@contextmanager
def megabytes() -> Iterator[list[float]]:
    """What a block needs at most; the number is there when it ends."""
    found: list[float] = []
    tracemalloc.start()
    try:
        yield found
        found.append(tracemalloc.get_traced_memory()[1] / 1e6)
    finally:
        tracemalloc.stop()


def test_a_fingerprint_of_many_rows_is_taken_piece_by_piece():
    rows = [{"id": number, "name": f"name {number}"} for number in range(10_000)]
    operation = BulkInsert(sa.table("shop", sa.column("id"), sa.column("name")), rows)
    with megabytes() as taken:
        fingerprint(operation)
    assert taken[0] < 1
