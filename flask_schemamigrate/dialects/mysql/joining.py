"""Adjacent changes of one table as few ALTER TABLE statements as the server can take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..statement import Statement, Step


@dataclass(frozen=True)
class Change:
    """What stands after ALTER TABLE and its table.

    ``touches`` are the columns and indexes it says anew; two changes of one thing need two
    statements. ``gone`` are names that mean something else afterwards, so that no other change of
    the statement may use them; ``uses`` are the names it uses itself. ``adds`` and ``drops`` name a
    constraint, ``anew`` those that it drops and adds again. ``in_place`` tells that the server
    does it only so, as it does with some changes of a column of a foreign key. ``alone`` is the
    statement that says the same by itself, where people know it better.
    """

    text: str
    touches: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    adds: str | None = None
    drops: str | None = None
    anew: frozenset[str] = frozenset()
    adds_key: bool = False
    drops_key: str | None = None
    in_place: bool = False
    alone: str | None = None

    def fits(self, others: list[Change]) -> bool:
        """Whether it may join these others in one statement."""
        for other in others:
            if self.touches & other.touches or self.uses & other.gone or other.uses & self.gone:
                return False
            # The server drops before it adds, wherever the two stand.
            if self._taken_away & other._brought:
                return False
            # What needs a copy of the table, as another type does, cannot join such a change.
            if self.in_place != other.in_place:
                return False
            # InnoDB adds foreign keys before it drops any, so that one name would be there twice.
            if self.adds_key and other.drops_key is not None:
                return False
        return True

    @property
    def _taken_away(self) -> frozenset[str]:
        return self.anew | ({self.drops} if self.drops is not None else frozenset())

    @property
    def _brought(self) -> frozenset[str]:
        return self.anew | ({self.adds} if self.adds is not None else frozenset())


def used(text: str) -> frozenset[str]:
    """The names that an expression may speak of."""
    quoted = [name.replace("``", "`") for name in re.findall(r"`((?:[^`]|``)*)`", text)]
    return frozenset([*re.findall(r"\w+", text), *quoted])


def joined(place: str, changes: Iterable[Change | Step]) -> Iterator[Step]:
    """The changes of a table in their order, each statement taking as many as fit."""
    pending: list[Change] = []
    for change in changes:
        if not isinstance(change, Change):
            yield from _statement(place, pending)
            pending = []
            yield change
        elif change.fits(pending):
            pending.append(change)
        elif change.in_place and all(other.drops == "PRIMARY" for other in pending):
            # A column that numbers rows cannot be without a key for as long as a statement.
            yield from _statement(place, [change])
        else:
            yield from _statement(place, pending)
            pending = [change]
    yield from _statement(place, pending)


def _statement(place: str, changes: list[Change]) -> Iterator[Statement]:
    if not changes:
        return
    if len(changes) == 1 and changes[0].alone is not None:
        yield Statement(changes[0].alone)
    else:
        texts = dict.fromkeys(change.text for change in changes)
        yield Statement(f"ALTER TABLE {place} {', '.join(texts)}")
