"""Flask's signals for what happens to an app's databases.

The sender is the app. Each receiver gets one typed value as ``payload``::

    @migration_applied.connect_via(app)
    def tell(app, payload):
        app.logger.info("%s took %.1f s", payload.revision, payload.seconds)

A receiver that raises is logged and breaks nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from blinker import NamedSignal, Namespace

from .runner.events import Carried, Direction, Started

__all__ = [
    "Carried",
    "Failed",
    "Started",
    "migration_applied",
    "migration_failed",
    "migration_started",
]

logger = logging.getLogger(__name__)

_signals = Namespace()

migration_started = _signals.signal("schemamigrate-started", "A revision begins: `Started`.")
migration_applied = _signals.signal("schemamigrate-applied", "A revision is done: `Carried`.")
migration_failed = _signals.signal("schemamigrate-failed", "A revision failed: `Failed`.")


@dataclass(frozen=True)
class Failed:
    """A revision that stopped, and why."""

    bind: str | None
    revision: str
    direction: Direction
    error: BaseException


def send(signal: NamedSignal, sender: Any, payload: Started | Carried | Failed) -> None:
    """Tell every receiver; what they raise is logged."""
    for receiver in signal.receivers_for(sender):
        try:
            receiver(sender, payload=payload)
        except Exception:
            logger.exception("A receiver of %s raised", signal.name)
