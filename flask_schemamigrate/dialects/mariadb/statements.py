"""The SQL of each operation where MariaDB says it otherwise than MySQL."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import CreateSequence, DropSequence
from ...schema import Column
from ..mysql.statements import MySQLStatements
from ..standard import StandardStatements
from ..statement import Step


class MariaDBStatements(MySQLStatements):
    """The statements of each operation."""

    title = "MariaDB"
    usual_character_set = "DEFAULT CHARACTER SET=DEFAULT"

    def guard(self, wanted: bool, words: str) -> str:
        """IF EXISTS and IF NOT EXISTS, which MariaDB has nearly everywhere."""
        return words if wanted else ""

    def computed_words(self, column: Column) -> Iterator[str]:
        """A generated column's expression; MariaDB has no NOT NULL for it."""
        yield self.computed(column)

    def create_sequence(self, operation: CreateSequence) -> Iterator[Step]:
        """CREATE SEQUENCE."""
        yield from StandardStatements.create_sequence(self, operation)

    def drop_sequence(self, operation: DropSequence) -> Iterator[Step]:
        """DROP SEQUENCE."""
        yield from StandardStatements.drop_sequence(self, operation)
