"""Signals are heard while a command runs, and left as they were afterwards."""

from __future__ import annotations

import signal

from flask_schemamigrate.cli.verbs._interrupting import Interruption


def test_a_handler_that_is_not_pythons_gives_way_to_the_usual_one(monkeypatch):
    set_: list[tuple[int, object]] = []
    monkeypatch.setattr(signal, "signal", lambda number, handler: set_.append((number, handler)))

    with Interruption(print).listening():
        set_.clear()

    assert set_ == [(signal.SIGINT, signal.SIG_DFL), (signal.SIGTERM, signal.SIG_DFL)]
