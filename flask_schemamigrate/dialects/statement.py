"""What a dialect answers to an operation: the steps to carry out, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..operations import BulkInsert, Execute, Upsert


@dataclass(frozen=True)
class Statement:
    """One SQL text without parameters.

    ``outside`` says it cannot run inside a transaction; ``unguarded`` that it needs foreign keys to
    be switched off from before the transaction began.
    """

    sql: str
    outside: bool = False
    unguarded: bool = False


@dataclass(frozen=True)
class Question:
    """A query whose answer must be empty; ``refusal`` makes the error of the rows it gives."""

    sql: str
    refusal: Callable[[list[Any]], Exception] = field(compare=False)


@dataclass(frozen=True)
class Data:
    """An operation on rows, which the dialect carries out with the connection."""

    operation: Execute | BulkInsert | Upsert


Step = Statement | Question | Data


class BeginUnguarded(BaseException):
    """The transaction must be rolled back and begin again with foreign keys switched off."""
