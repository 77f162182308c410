"""A sink that carries operations out one by one, without a history around it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from flask_schemamigrate.dialects.base import Dialect, Live
from flask_schemamigrate.dialects.statement import Statement, Step
from flask_schemamigrate.operations import Operation
from flask_schemamigrate.schema.from_sqlalchemy import Spelling


class CarryingOut:
    """What ``op`` speaks to: each operation is carried out as it comes."""

    context: Any = None

    def __init__(
        self, dialect: Dialect, connection: sa.Connection, naming_convention: dict[str, str]
    ) -> None:
        self.connection = connection
        self.naming_convention = naming_convention
        self.done: list[Operation] = []
        self.dialect = dialect.within(self.done)

    @property
    def spelling(self) -> Spelling:
        return self.dialect.spelling

    def take(self, operation: Operation) -> None:
        for step in list(self.dialect.statements(operation, self.known())):
            self._do(step)
        self.done.append(operation)

    def bind(self) -> sa.Connection:
        return self.connection

    def known(self) -> Live:
        """The database before the next operation."""
        return Live(self.dialect, self.connection)

    def finish(self) -> None:
        """What is left to do at the end of a revision."""
        for operation in list(self.dialect.closing(self.done, self.known())):
            self.take(operation)

    def _do(self, step: Step) -> None:
        if isinstance(step, Statement) and step.outside:
            with self.dialect.autocommit(self.connection):
                self.dialect.carry_out(step, self.connection)
        else:
            self.dialect.carry_out(step, self.connection)
