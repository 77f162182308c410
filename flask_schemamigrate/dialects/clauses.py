"""The clauses that SQL statements are made of, in the standard's form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.engine import Dialect as SQLAlchemyDialect

from ..errors.operations import NameNeeded, NotSupportedHere
from ..operations import AlterSequence
from ..schema import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    IndexKey,
    PrimaryKey,
    Sequence,
    Table,
    Unique,
)
from ..schema.from_sqlalchemy import Spelling


class Clauses:
    """Spells columns, constraints and names; dialects override what they spell otherwise."""

    title = "This database"
    """What it is called in messages."""

    def __init__(self, sqlalchemy_dialect: SQLAlchemyDialect) -> None:
        self.sqlalchemy = sqlalchemy_dialect
        self.spelling = Spelling(sqlalchemy_dialect)

    # -- names and literals

    def quoted(self, name: str) -> str:
        """An identifier, in quotes where it needs them."""
        return self.sqlalchemy.identifier_preparer.quote(name)

    def names(self, names: Iterable[str]) -> str:
        """A list of identifiers."""
        return ", ".join(self.quoted(name) for name in names)

    def place(self, name: str, schema: str | None) -> str:
        """A table's full name."""
        return f"{self.quoted(schema)}.{self.quoted(name)}" if schema else self.quoted(name)

    def referent(self, key: str) -> str:
        """The full name of the table a foreign key leads to."""
        schema, _, name = key.rpartition(".")
        return self.place(name, schema or None)

    def literal(self, text: str) -> str:
        """A string literal."""
        return "'" + text.replace("'", "''") + "'"

    # -- columns

    def touched(self, table: Table) -> list[str]:
        """The columns that an UPDATE changes without naming them."""
        return []

    def column(self, column: Column, table: Table | None = None) -> str:
        """A column's clause in CREATE TABLE or ADD COLUMN."""
        words = [self.quoted(column.name), *self.column_words(column, table)]
        return " ".join(word for word in words if word)

    def column_words(self, column: Column, table: Table | None) -> Iterator[str]:
        """The words after a column's name, in their order."""
        yield column.type.text
        if column.computed is not None:
            yield self.computed(column)
        elif column.identity is not None:
            yield self.identity(column.identity)
        elif column.default is not None:
            yield f"DEFAULT {self.default(column.default)}"
        if not column.nullable:
            yield "NOT NULL"

    def default(self, default: str) -> str:
        """A default's expression as it stands after DEFAULT."""
        return default

    def computed(self, column: Column) -> str:
        """The clause of a generated column."""
        assert column.computed is not None
        stored = "" if column.computed.stored is None else " VIRTUAL"
        stored = " STORED" if column.computed.stored else stored
        return f"GENERATED ALWAYS AS ({column.computed.expression}){stored}"

    def identity(self, identity: Identity) -> str:
        """The clause of an identity column."""
        how = "ALWAYS" if identity.always else "BY DEFAULT"
        options = " ".join(self.sequence_options(identity))
        return f"GENERATED {how} AS IDENTITY" + (f" ({options})" if options else "")

    def sequence_options(self, sequence: Identity | Sequence) -> Iterator[str]:
        """The options that sequences and identity columns share."""
        if sequence.start is not None:
            yield f"START WITH {sequence.start}"
        if sequence.increment is not None:
            yield f"INCREMENT BY {sequence.increment}"
        if sequence.minimum is not None:
            yield f"MINVALUE {sequence.minimum}"
        if sequence.maximum is not None:
            yield f"MAXVALUE {sequence.maximum}"
        if sequence.cache is not None:
            yield f"CACHE {sequence.cache}"
        if sequence.cycle:
            yield "CYCLE"

    usual_cache = 1
    """How many numbers a sequence fetches at once that says nothing."""
    no_cycle = "NO CYCLE"

    def altered_options(self, operation: AlterSequence) -> Iterator[str]:
        """The options of a sequence that change; one that is none becomes what is usual."""
        changes = operation.changes
        said = Sequence(operation.name, **{k: v for k, v in changes.items() if v is not None})
        yield from self.sequence_options(said)
        gone = {name for name, value in changes.items() if value is None or value is False}
        if "start" in gone:
            yield f"START WITH {said.first}"
        usual = {
            "increment": "INCREMENT BY 1",
            "minimum": "NO MINVALUE",
            "maximum": "NO MAXVALUE",
            "cache": f"CACHE {self.usual_cache}",
            "cycle": self.no_cycle,
        }
        yield from (words for name, words in usual.items() if name in gone)

    # -- constraints

    def constraint(self, constraint: Constraint) -> str:
        """A constraint's clause, with its name if it has one."""
        name = "" if constraint.name is None else f"CONSTRAINT {self.quoted(constraint.name)} "
        return name + self.rule(constraint)

    def rule(self, constraint: Constraint) -> str:
        """A constraint's clause without its name."""
        match constraint:
            case PrimaryKey():
                return f"PRIMARY KEY ({self.names(constraint.columns)})"
            case Unique():
                return self.unique(constraint)
            case ForeignKey():
                return self.foreign_key(constraint)
            case Check():
                return f"CHECK ({constraint.condition})"
            case Exclude():
                return self.exclude(constraint)

    def unique(self, unique: Unique) -> str:
        """A unique constraint's clause."""
        words = f"UNIQUE ({self.names(unique.columns)})"
        return words + self.deferring(unique.deferrable, unique.initially)

    def foreign_key(self, key: ForeignKey) -> str:
        """A foreign key's clause."""
        return f"FOREIGN KEY ({self.names(key.columns)}) {self.references(key)}"

    def references(self, key: ForeignKey) -> str:
        """A foreign key's clause from REFERENCES on."""
        words = f"REFERENCES {self.referent(key.referent)}"
        if key.referent_columns:
            words += f" ({self.names(key.referent_columns)})"
        if key.match:
            words += f" MATCH {key.match}"
        if key.ondelete:
            words += f" ON DELETE {key.ondelete}"
        if key.onupdate:
            words += f" ON UPDATE {key.onupdate}"
        return words + self.deferring(key.deferrable, key.initially)

    def deferring(self, deferrable: bool, initially: str | None) -> str:
        """When a constraint is checked, if not at once."""
        if not deferrable:
            return ""
        return " DEFERRABLE" + (f" INITIALLY {initially}" if initially else "")

    def exclude(self, exclude: Exclude) -> str:
        """An exclusion constraint's clause, which only some databases have."""
        raise NotSupportedHere("exclusion constraints", self.title)

    # -- tables and indexes

    def table(self, table: Table) -> str:
        """Everything of CREATE TABLE between, and after, its parentheses."""
        parts = [self.column(column, table) for column in table.columns.values()]
        parts += [self.constraint(constraint) for constraint in self.written_constraints(table)]
        lines = ",\n    ".join(parts)
        return f"(\n    {lines}\n){self.table_options(table)}"

    def written_constraints(self, table: Table) -> Iterable[Constraint]:
        """The constraints that CREATE TABLE writes after the columns."""
        return table.constraints

    def table_options(self, table: Table) -> str:
        """What stands after CREATE TABLE's closing parenthesis."""
        return ""

    def prefixes(self, table: Table) -> str:
        """What stands between CREATE and TABLE."""
        return "".join(f"{prefix} " for prefix in table.options.get("prefixes", ()))

    def index_key(self, key: IndexKey) -> str:
        """One key of an index."""
        text = self.quoted(key.column) if key.column is not None else self.indexed(key)
        words = [text, key.collation and f"COLLATE {key.collation}", key.operator_class, key.order]
        return " ".join(word for word in words if word)

    def indexed(self, key: IndexKey) -> str:
        """An expression as a key of an index."""
        return key.expression or ""

    def index_name(self, index: Index, table: str) -> str:
        """The index's name, quoted. Raises `NameNeeded`."""
        return self.named(index.name, "An index", table)

    def constraint_name(self, name: str | None, table: str) -> str:
        """A constraint's name, quoted. Raises `NameNeeded`."""
        return self.named(name, "A constraint", table)

    def named(self, name: str | None, what: str, table: str) -> str:
        """A name that must be there, quoted. Raises `NameNeeded`."""
        if name is None:
            raise NameNeeded(what, table)
        return self.quoted(name)

    def option(self, options: Any, name: str) -> Any:
        """One of the dialect's options, whatever the case of its letters."""
        return next((value for key, value in options.items() if key.lower() == name), None)
