"""Who watches and stops a run where nobody wants to; other files are heavier to import."""

from __future__ import annotations


def nobody(event: object) -> None:
    """Watch nothing."""


def go_on() -> None:
    """What a run asks before each statement; raises `Stopped` where somebody asked for that."""
