"""A case: what a revision says, and what it does to rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KINDS = ("postgresql", "mariadb", "sqlite")

Say = Callable[[Any, str], object]
"""Takes ``op``, and the name of the other schema."""


@dataclass(frozen=True)
class Case:
    """What is said to ``op``.

    ``loses`` are the tables or columns whose values do not come back; ``one_way`` says that there
    is no reverse, ``leaves`` that the reverse does not lead to the very same schema; ``first`` is
    said beforehand.
    """

    say: Say
    loses: frozenset[str] = field(default=frozenset())
    one_way: str = ""
    leaves: str = ""
    first: Say | None = None


def case(
    say: Say, *, loses: str = "", one_way: str = "", leaves: str = "", first: Say | None = None
) -> Case:
    """A case; ``loses`` are names with spaces between them."""
    return Case(say, frozenset(loses.split()), one_way, leaves, first)


def batch(say: Callable[[Any], object], table: str = "pet", **how: Any) -> Say:
    """What is said to the batch of a table."""

    def said(op: Any, other: str) -> None:
        with op.batch_alter_table(table, **how) as batch:
            say(batch)

    return said
