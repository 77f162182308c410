"""Where operations go: carried out, written as SQL, or collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..errors.operations import NotMigrating
from .base import Operation

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..schema.from_sqlalchemy import Spelling


class Sink(Protocol):
    """What ``op`` hands its operations to."""

    @property
    def spelling(self) -> Spelling:
        """How the database at hand spells SQLAlchemy's constructs."""

    @property
    def naming_convention(self) -> Any:
        """The naming convention for constraints that a revision leaves without a name."""

    @property
    def context(self) -> Any:
        """What ``op.get_context()`` answers."""

    def take(self, operation: Operation) -> None:
        """Do with the operation whatever this sink is for."""

    def bind(self) -> sa.Connection:
        """The connection, after everything taken so far was carried out.

        Raises `NeedsDatabase` where there is none.
        """


class NoSink:
    """The sink outside of any run: every use says so."""

    @property
    def spelling(self) -> Spelling:
        raise NotMigrating

    @property
    def naming_convention(self) -> Any:
        raise NotMigrating

    @property
    def context(self) -> Any:
        raise NotMigrating

    def take(self, operation: Operation) -> None:
        raise NotMigrating

    def bind(self) -> sa.Connection:
        raise NotMigrating


class Collector:
    """A sink that keeps what it is given, spelled and named as another sink would."""

    def __init__(self, like: Sink) -> None:
        self._like = like
        self.operations: list[Operation] = []

    @property
    def spelling(self) -> Spelling:
        return self._like.spelling

    @property
    def naming_convention(self) -> Any:
        return self._like.naming_convention

    @property
    def context(self) -> Any:
        return self._like.context

    def take(self, operation: Operation) -> None:
        self.operations.append(operation)

    def bind(self) -> sa.Connection:
        return self._like.bind()
