"""The garbage collector is left as it was found."""

from __future__ import annotations

import gc

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


def test_old_objects_are_set_aside_for_a_while():
    with collecting.of_new_objects():
        assert gc.get_freeze_count() > 0

    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("block", [collecting.paused, collecting.of_new_objects])
def test_what_the_app_froze_stays_frozen(block):
    gc.freeze()
    frozen = gc.get_freeze_count()

    with block():
        pass

    assert gc.get_freeze_count() >= frozen
