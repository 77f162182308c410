"""The clauses of SQLite's CREATE TABLE and CREATE INDEX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...errors.operations import NotSupportedHere
from ...operations import (
    AlterSequence,
    CommentTable,
    CreateIndex,
    CreateNamespace,
    CreateSequence,
    CreateTable,
    DropNamespace,
    DropSequence,
    Operation,
)
from ...schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexKey,
    Known,
    PrimaryKey,
    Table,
    Unique,
)
from ..base import Dialect
from ..statement import Statement, Step
from .spelled import bare_type, default_text, is_constant, spelled_table
from .tokens import tokens


class Writing(Dialect):
    """Spells what SQLite spells otherwise than the standard."""

    # -- columns

    def column_words(self, column: Column, table: Table | None) -> Iterator[str]:
        declared, collation = bare_type(column.type.text)
        yield declared
        if collation:
            yield f"COLLATE {self.quoted(collation)}"
        if column.default is not None and column.computed is None:
            yield self.default_clause(column.default)
        if not column.nullable:
            yield self.not_null(column)
        if table is not None and self.is_numbered(column, table):
            conflict = table.primary_key and table.primary_key.options.get("on_conflict")
            yield "PRIMARY KEY" + (f" ON CONFLICT {conflict}" if conflict else "")
            yield "AUTOINCREMENT"
        if column.computed is not None:
            yield self.computed(column)

    def is_numbered(self, column: Column, table: Table) -> bool:
        """Whether a column is the table's key and asks for AUTOINCREMENT."""
        key = table.primary_key
        return bool(table.options.get("autoincrement")) and (
            key is not None and key.columns == (column.name,)
        )

    def not_null(self, column: Column) -> str:
        """NOT NULL, with what happens to rows that are against it."""
        conflict = column.options.get("on_conflict_not_null")
        return f"NOT NULL ON CONFLICT {conflict}" if conflict else "NOT NULL"

    def default_clause(self, default: str) -> str:
        """DEFAULT and the default, or nothing where it is NULL."""
        text = default_text(default)
        return "" if text is None else f"DEFAULT {self.default(text)}"

    def default(self, default: str) -> str:
        found = tokens(default)
        bare = is_constant(default) or (len(found) == 1 and found[0].kind == "word")
        return default if bare else f"({default})"

    # -- constraints

    def rule(self, constraint: Constraint) -> str:
        words = super().rule(constraint)
        terms = constraint.options.get("terms")
        if terms and isinstance(constraint, PrimaryKey | Unique):
            pairs = zip(constraint.columns, terms, strict=True)
            keys = [f"{self.quoted(column)} {term}".strip() for column, term in pairs]
            words = words.partition("(")[0] + f"({', '.join(keys)})"
        conflict = constraint.options.get("on_conflict")
        return f"{words} ON CONFLICT {conflict}" if conflict else words

    def referent(self, key: str) -> str:
        # A foreign key cannot leave its schema, and REFERENCES takes no schema's name.
        return self.quoted(key.rpartition(".")[2])

    def unique(self, unique: Unique) -> str:
        # SQLite has no UNIQUE that could be deferred.
        return f"UNIQUE ({self.names(unique.columns)})"

    def written_constraints(self, table: Table) -> Iterable[Constraint]:
        automatic = bool(table.options.get("autoincrement"))
        return [
            item
            for item in table.constraints
            if not (automatic and isinstance(item, PrimaryKey) and len(item.columns) == 1)
        ]

    def inline(self, constraint: Check | ForeignKey) -> str:
        """A constraint's clause as it stands inside a column's."""
        if isinstance(constraint, Check):
            return self.constraint(constraint)
        name = "" if constraint.name is None else f"CONSTRAINT {self.quoted(constraint.name)} "
        return name + self.references(constraint)

    def table_options(self, table: Table) -> str:
        words = ["WITHOUT ROWID"] if table.options.get("with_rowid") is False else []
        words += ["STRICT"] if table.options.get("strict") else []
        return " " + ", ".join(words) if words else ""

    # -- tables and indexes

    def create_table(self, operation: CreateTable, before: Known) -> Iterator[Step]:
        """CREATE TABLE and its indexes."""
        table = spelled_table(operation.table)
        prefixes = {"prefixes": operation.table.options.get("prefixes", ())}
        written = replace(operation, table=replace(table, options={**table.options, **prefixes}))
        yield Statement(self.table_text(written.table, written.if_not_exists))
        for index in table.indexes.values():
            guard = operation.if_not_exists
            yield Statement(self.index_text(index, table.name, table.schema, guard))

    def table_text(self, table: Table, if_not_exists: bool = False) -> str:
        """The CREATE TABLE of a table."""
        guard = "IF NOT EXISTS " if if_not_exists else ""
        place = self.place(table.name, table.schema)
        return f"CREATE {self.prefixes(table)}TABLE {guard}{place} {self.table(table)}"

    def index_text(
        self, index: Index, table: str, schema: str | None, if_not_exists: bool = False
    ) -> str:
        """The CREATE INDEX of an index."""
        unique = "UNIQUE " if index.unique else ""
        guard = "IF NOT EXISTS " if if_not_exists else ""
        self.index_name(index, table)
        # The schema stands before the index's name; the table is looked for in the same one.
        place = self.place(index.name or "", schema)
        keys = ", ".join(self.index_key(key) for key in index.keys)
        where = f" WHERE {index.where}" if index.where else ""
        return f"CREATE {unique}INDEX {guard}{place} ON {self.quoted(table)} ({keys}){where}"

    def index_key(self, key: IndexKey) -> str:
        collation = self.quoted(key.collation) if key.collation else ""
        plain = replace(key, collation=collation, operator_class="", length=None)
        return super().index_key(plain)

    def create_index(self, operation: CreateIndex, before: Known) -> Iterator[Step]:
        """CREATE INDEX."""
        yield Statement(
            self.index_text(
                operation.index, operation.table, operation.schema, operation.if_not_exists
            )
        )

    # -- what there is not

    def other_statements(self, operation: Operation, before: Known) -> Iterator[Step]:
        """Sequences and schemas are refused; SQLite has neither."""
        match operation:
            case CreateSequence() | DropSequence() | AlterSequence():
                raise NotSupportedHere("sequences", self.title)
            case CreateNamespace() | DropNamespace():
                hint = "A schema is a file here: attach it whenever the app connects."
                raise NotSupportedHere("creating and dropping schemas", self.title, hint=hint)
        yield from super().other_statements(operation, before)

    def comment_table(self, operation: CommentTable, before: Known) -> Iterator[Step]:
        """SQLite keeps no comments."""
        yield from ()

    def comment_column(self, table: str, schema: str | None, column: Column) -> Iterator[Step]:
        """SQLite keeps no comments."""
        yield from ()
