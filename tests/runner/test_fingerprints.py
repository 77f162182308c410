"""What an operation says is spelled so that another process spells it the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask_schemamigrate.runner.fingerprints import spelled


@dataclass(frozen=True)
class Pair:
    """Two fields that hold the same kind of thing."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


def test_the_same_in_another_place_is_something_else():
    assert spelled(Pair(first=("a",))) != spelled(Pair(second=("a",)))


def test_a_set_is_spelled_by_what_it_holds_and_not_by_its_order():
    # Eight and zero share a place in a small set, so the one that came first stands first.
    one, other = {0, 8}, {8, 0}
    assert list(one) != list(other)

    assert spelled(one) == spelled(other)
    assert spelled(one) != spelled({0, 16})
