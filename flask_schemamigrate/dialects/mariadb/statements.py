"""The SQL of each operation where MariaDB says it otherwise than MySQL."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors.operations import NotSupportedHere
from ...operations import AlterColumn
from ...schema import Column, Constraint, IndexKey, Known, Table
from ..mysql.defaults import clause
from ..mysql.indexes import COLUMN_TEXT
from ..mysql.joining import Change
from ..mysql.statements import MySQLStatements
from ..statement import Step


class MariaDBStatements(MySQLStatements):
    """The statements of each operation."""

    has_sequences = True
    usual_cache = 1000
    unused_index = "IGNORED"
    no_cycle = "NOCYCLE"
    narrows_keys_in_place = False

    def guard(self, wanted: bool, words: str) -> str:
        """IF EXISTS and IF NOT EXISTS, which MariaDB has nearly everywhere."""
        return words if wanted else ""

    def default_value(self, default: str, type_text: str) -> str:
        """What stands after DEFAULT; MariaDB takes a literal for every type."""
        return clause(default)

    def renaming(self, operation: AlterColumn, change: Change, before: Known) -> Iterator[Change]:
        """The change that renames; MariaDB carries the new name into every expression."""
        yield change

    def usual_collation(self, table: Table) -> Iterator[Change | Step]:
        """The character set of the table's database, which MariaDB has a word for."""
        yield Change("DEFAULT CHARACTER SET=DEFAULT")

    def computed_words(self, column: Column) -> Iterator[str]:
        """A generated column's expression; MariaDB has no NOT NULL for it."""
        yield self.computed(column)

    def indexed(self, key: IndexKey) -> str:
        """A column that is said as text; MariaDB indexes no expressions."""
        text = (key.expression or "").strip()
        if not COLUMN_TEXT.match(text):
            raise NotSupportedHere(f"an index on the expression {text}", self.title)
        return text

    def unenforced(self, constraint: Constraint) -> str:
        """Nothing, because MariaDB holds everybody to every check."""
        return ""
