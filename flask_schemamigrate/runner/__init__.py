"""Carrying revisions out and remembering it; floor 3 of the house."""

from .events import Carried, Event, Watch, nobody
from .history import Applied, History
from .locking import held
from .log import Logged
from .politeness import Manners
from .run import Runner

__all__ = [
    "Applied",
    "Carried",
    "Event",
    "History",
    "Logged",
    "Manners",
    "Runner",
    "Watch",
    "held",
    "nobody",
]
