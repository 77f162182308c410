"""The garbage collector is left as it was found."""

from __future__ import annotations

import gc
import weakref

import pytest

from flask_schemamigrate import collecting


@pytest.fixture(autouse=True)
def as_it_was():
    """What a test does to the collector ends with it."""
    yield
    gc.unfreeze()
    gc.enable()


def test_a_pause_ends():
    with collecting.paused():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_a_pause_ends_with_an_error():
    with pytest.raises(RuntimeError), collecting.paused():
        raise RuntimeError

    assert gc.isenabled()


def test_what_the_app_switched_off_stays_off():
    gc.disable()

    with collecting.paused():
        pass

    assert not gc.isenabled()


@pytest.mark.parametrize("stays", [True, False])
def test_what_the_app_froze_stays_frozen(stays):
    own: list[object] = []
    gc.freeze()

    with collecting.paused(stays=stays):
        pass

    # The collector lists only what it looks at.
    assert not any(each is own for each in gc.get_objects())


def test_garbage_is_still_found_afterwards():
    class Knot(list[object]):
        """Something in a circle."""

    knot = Knot()
    knot.append(knot)
    gone = weakref.ref(knot)
    with collecting.paused():
        del knot

    gc.collect(0)

    assert gone() is None
