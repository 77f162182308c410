"""The options of sequences and identity columns, without those that go without saying."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ...schema import Identity, Sequence

LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}

Counter = TypeVar("Counter", Identity, Sequence)


@dataclass(frozen=True)
class Rule:
    """What PostgreSQL takes where a sequence over this type says nothing."""

    type: str = "bigint"

    def unsaid(self, counter: Counter) -> Counter:
        """The sequence without the options that say what would be anyway."""
        largest = LARGEST.get(self.type, LARGEST["bigint"])
        upwards = counter.increment is None or counter.increment > 0
        minimum, maximum = (1, largest) if upwards else (-largest - 1, -1)
        return replace(
            counter,
            start=None if counter.start == counter.usual_start else counter.start,
            increment=None if counter.increment == 1 else counter.increment,
            minimum=None if counter.minimum == minimum else counter.minimum,
            maximum=None if counter.maximum == maximum else counter.maximum,
            cache=None if counter.cache == 1 else counter.cache,
        )


def identity_of(always: bool, options: Many[Any]) -> Identity:
    """The identity whose sequence is (type, start, increment, min, max, cache, cycle)."""
    type_, start, increment, minimum, maximum, cache, cycle = options
    return Rule(type_).unsaid(Identity(always, start, increment, minimum, maximum, cycle, cache))


def sequence_of(name: str, schema: str | None, options: Many[Any]) -> Sequence:
    """The sequence that is (type, start, increment, min, max, cache, cycle)."""
    type_, start, increment, minimum, maximum, cache, cycle = options
    sequence = Sequence(name, schema, start, increment, minimum, maximum, cycle, cache)
    return Rule(type_).unsaid(sequence)
