"""What happens while a revision is being carried out, for whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# The revisions' own, said again: an app that hears signals is to import no more than this file,
# and whoever checks their payloads needs the name when it runs.
Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True)
class Queued:
    """Another process holds the migration lock; ``waited`` seconds so far of ``wait``."""

    bind: str | None
    holder: str | None
    waited: float
    wait: float


@dataclass(frozen=True)
class Started:
    """A revision begins; ``resumed`` if an earlier run had begun it."""

    bind: str | None
    revision: str
    message: str
    direction: Direction
    resumed: bool = False


@dataclass(frozen=True)
class Working:
    """A statement begins."""

    bind: str | None
    revision: str
    operation: str
    sql: str


@dataclass(frozen=True)
class Waiting:
    """Another session holds a lock; it is tried again after ``seconds``."""

    bind: str | None
    revision: str
    operation: str
    attempt: int
    seconds: float
    blockers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """A statement of unknown outcome was found done, or not, by looking at the database."""

    bind: str | None
    revision: str
    sql: str
    happened: bool


@dataclass(frozen=True)
class Progress:
    """How far an operation in batches has come; ``total`` is ``None`` where nobody counted."""

    bind: str | None
    revision: str
    operation: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Carried:
    """One revision that was carried out, or taken back, on one bind."""

    bind: str | None
    revision: str
    parents: tuple[str, ...]
    message: str
    direction: Direction
    seconds: float
    out_of_order: bool = False


Event = Queued | Started | Working | Waiting | Settled | Progress | Carried
Watch = Callable[[Event], None]
