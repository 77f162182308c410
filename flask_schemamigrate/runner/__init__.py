"""Carrying revisions out and remembering it; floor 3 of the house."""

from .history import Applied, History
from .locking import held
from .run import Carried, Runner

__all__ = ["Applied", "Carried", "History", "Runner", "held"]
