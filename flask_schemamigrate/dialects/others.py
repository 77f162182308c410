"""Databases that nobody wrote a dialect for: the standard's SQL, or a refusal, never a guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from ..errors.operations import NotSupportedHere
from ..operations import (
    AddColumn,
    AlterColumn,
    AlterTable,
    CommentTable,
    CreateIndex,
    DropIndex,
    Operation,
    RenameTable,
)
from ..schema import Index, Known
from .base import Dialect
from .statement import Step

NOT_STANDARD: Mapping[str, tuple[type[Operation], ...]] = {
    "mssql": (AddColumn, AlterColumn, CommentTable, DropIndex, RenameTable),
    "oracle": (AddColumn, AlterColumn),
}
"""What is known to be said otherwise there, as SQLAlchemy calls these databases."""


class Other(Dialect):
    """A database of which only SQLAlchemy's dialect is known."""

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        super().__init__(sqlalchemy_dialect)
        self.title = sqlalchemy_dialect.name

    def statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        refused = NOT_STANDARD.get(self.sqlalchemy.name, ())
        parts = operation.operations if isinstance(operation, AlterTable) else (operation,)
        for part in parts:
            if isinstance(part, refused):
                what = f"'{part.describe()}' in the words of the SQL standard"
                raise NotSupportedHere(what, self.title)
        yield from super().statements(operation, before)

    def create_index(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        for option in unsaid(operation.index):
            raise NotSupportedHere(f"the option '{option}' of an index", self.title)
        yield from super().create_index(operation, before)


def unsaid(index: Index) -> Iterator[str]:
    """The options of an index for which the standard has no words."""
    options = {
        "where": index.where,
        "using": index.using,
        "include": index.include,
        "nulls_not_distinct": index.nulls_not_distinct,
        "length": any(key.length is not None for key in index.keys),
        "ops": any(key.operator_class for key in index.keys),
        **index.options,
    }
    yield from (name for name, value in options.items() if value)
