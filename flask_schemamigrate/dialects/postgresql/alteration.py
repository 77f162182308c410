"""Changes to one table that PostgreSQL carries out in one ALTER TABLE, and so in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from ..statement import Statement, Step


class Turn(IntEnum):
    """When PostgreSQL carries an action out, whatever place it has in the ALTER TABLE.

    The order is that of the passes in src/backend/commands/tablecmds.c.
    """

    DROP = 0
    TYPE = 1
    ADD_COLUMN = 2
    EXPRESSION = 3
    ATTRIBUTE = 4
    CONSTRAINT = 5
    LAST = 6


@dataclass(frozen=True)
class Alteration(Statement):
    """One action of an ALTER TABLE, with the names it is about."""

    place: str = ""
    action: str = ""
    turn: Turn = Turn.LAST
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Beforehand(Statement):
    """A statement that alterations need and that needs none of them."""


@dataclass(frozen=True)
class Afterwards(Statement):
    """A statement that may wait until the alterations around it are done."""


def alteration(place: str, action: str, turn: Turn, names: Iterable[str]) -> Alteration:
    """An ALTER TABLE with this action alone."""
    return Alteration(
        f"ALTER TABLE {place} {action}",
        place=place,
        action=action,
        turn=turn,
        names=frozenset(names),
    )


def words_of(text: str) -> frozenset[str]:
    """The words of an expression, which may be names of columns, and what stands in quotes."""
    quoted = [name.replace('""', '"') for name in re.findall(r'"((?:[^"]|"")*)"', text)]
    return frozenset([*re.findall(r"[^\W\d]\w*", text), *quoted])


def merged(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, with alterations that are next to each other in one ALTER TABLE."""
    batch: list[Alteration] = []
    waiting: list[Step] = []
    for step in steps:
        match step:
            case Alteration() if fits(step, batch, waiting):
                batch.append(step)
            case Alteration():
                yield from together(batch, waiting)
                batch, waiting = [step], []
            case Beforehand():
                yield step
            case Afterwards() if batch:
                waiting.append(step)
            case _:
                yield from together(batch, waiting)
                batch, waiting = [], []
                yield step
    yield from together(batch, waiting)


def fits(step: Alteration, batch: list[Alteration], waiting: list[Step]) -> bool:
    """Whether an action means the same inside the ALTER TABLE as after it."""
    if step.turn < Turn.ADD_COLUMN and any(mentions(item, step.names) for item in waiting):
        return False
    return all(
        step.place == other.place
        and (
            step.names.isdisjoint(other.names)
            or step.turn > other.turn
            or (step.turn == other.turn and step.turn is not Turn.TYPE)
        )
        for other in batch
    )


def mentions(step: Step, names: frozenset[str]) -> bool:
    """Whether a statement has to do with one of these names."""
    return isinstance(step, Statement) and not names.isdisjoint(words_of(step.sql))


def together(batch: list[Alteration], waiting: list[Step]) -> Iterator[Step]:
    """One ALTER TABLE, then what waited for it."""
    if len(batch) == 1:
        yield Statement(batch[0].sql)
    elif batch:
        actions = ",\n    ".join(step.action for step in batch)
        yield Statement(f"ALTER TABLE {batch[0].place}\n    {actions}")
    for step in waiting:
        yield Statement(step.sql) if isinstance(step, Statement) else step
