"""What steps aside while a column changes its type, because PostgreSQL cannot take it along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ...operations import AddConstraint, CreateIndex
from ...schema import Column, Constraint, Index, Table
from ..standard import StandardStatements
from ..statement import Statement, Step
from .alteration import words_of
from .clauses import PostgreSQLClauses


@dataclass(frozen=True)
class Aside:
    """The generated columns, constraints and indexes of a table that go and come back."""

    table: Table
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...]


def generated_from(table: Table, names: Iterable[str]) -> tuple[Column, ...]:
    """The generated columns whose expressions mention one of these."""
    wanted = set(names)
    return tuple(
        column
        for column in table.columns.values()
        if column.computed is not None
        and not wanted.isdisjoint(words_of(column.computed.expression))
    )


def aside(
    table: Table, columns: tuple[Column, ...], says: Callable[[str], bool] = lambda text: False
) -> Aside:
    """These columns with all that stands on them, and the rules and indexes whose text says so."""
    gone = {column.name for column in columns}
    return Aside(
        table,
        columns,
        tuple(
            item
            for item in table.constraints
            if any(mentions(item, name) for name in gone) or any(map(says, texts_of(item)))
        ),
        tuple(
            item
            for item in table.indexes.values()
            if any(index_mentions(item, name) for name in gone)
            or any(map(says, texts_of_index(item)))
        ),
    )


class AsideStatements(PostgreSQLClauses, StandardStatements):
    """The statements that take something away, and put it back as it was."""

    def taken_away(self, found: Aside) -> Iterator[Step]:
        """Indexes and constraints dropped, then columns."""
        table = found.table
        place = self.place(table.name, table.schema)
        for index in found.indexes:
            yield Statement(f"DROP INDEX {self.place(index.name or '', table.schema)}")
        for constraint in found.constraints:
            name = self.quoted(constraint.name or "")
            yield Statement(f"ALTER TABLE {place} DROP CONSTRAINT {name}")
        for column in found.columns:
            yield Statement(f"ALTER TABLE {place} DROP COLUMN {self.quoted(column.name)}")

    def put_back(self, found: Aside) -> Iterator[Step]:
        """The columns added, then what stands on them."""
        table = found.table
        place = self.place(table.name, table.schema)
        for column in found.columns:
            yield Statement(f"ALTER TABLE {place} ADD COLUMN {self.column(column)}")
            if column.comment is not None:
                yield from self.comment_column(table.name, table.schema, column)
        yield from self.rules_put_back(table, found.constraints, found.indexes)

    def rules_put_back(
        self, table: Table, constraints: Iterable[Constraint], indexes: Iterable[Index]
    ) -> Iterator[Step]:
        """Constraints and indexes that were there before."""
        known = NothingKnown()
        for constraint in constraints:
            yield from self.add_constraint(
                AddConstraint(table.name, table.schema, constraint), known
            )
        for index in indexes:
            yield from self.create_index(CreateIndex(table.name, table.schema, index), known)


class NothingKnown:
    """An answer for statements that would only ask what is known to be gone."""

    def table(self, name: str, schema: str | None = None) -> None:
        return None

    def enum(self, key: str) -> None:
        return None

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        return frozenset()


def texts_of(constraint: Constraint) -> list[str]:
    """The expressions in a constraint."""
    texts = [getattr(constraint, "condition", ""), getattr(constraint, "where", "") or ""]
    return texts + [text for text, _ in getattr(constraint, "elements", ())]


def texts_of_index(index: Index) -> list[str]:
    """The expressions in an index."""
    return [index.where or "", *(key.expression or "" for key in index.keys)]


def mentions(constraint: Constraint, column: str) -> bool:
    """Whether a constraint goes when the column is dropped."""
    names: Iterable[str] = getattr(constraint, "columns", ())
    # A primary key has them among its options.
    options = getattr(constraint, "options", {})
    included = getattr(constraint, "include", options.get("include", ()))
    return column in (*names, *included) or any(
        column in words_of(text) for text in texts_of(constraint)
    )


def index_mentions(index: Index, column: str) -> bool:
    """Whether an index goes when the column is dropped."""
    named = column in (*index.columns, *index.include)
    return named or any(column in words_of(text) for text in texts_of_index(index))
