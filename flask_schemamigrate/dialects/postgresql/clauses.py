"""Columns, constraints, indexes and table options in PostgreSQL's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...schema import (
    Check,
    Column,
    Constraint,
    Enum,
    Exclude,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Table,
    Unique,
)
from ..clauses import Clauses
from .index_keys import parted, stands_alone
from .literals import string
from .types import SERIALS, spelled_type


class PostgreSQLClauses(Clauses):
    """Spells what PostgreSQL has beyond the standard."""

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version; 15 where no server was asked."""
        return tuple(getattr(self.sqlalchemy, "server_version_info", None) or (15,))

    @property
    def stores_by_default(self) -> bool:
        """Whether a generated column that does not say so is stored.

        PostgreSQL 18 has virtual ones and prefers them; SQLAlchemy follows it since 2.1.
        """
        follows = getattr(self.sqlalchemy, "supports_virtual_generated_columns", False)
        return self.version < (18,) or not follows

    # -- columns

    def column_words(self, column: Column, table: Table | None) -> Iterator[str]:
        serial = SERIALS.get(spelled_type(column.type.text))
        if column.autoincrement and serial and not (column.identity or column.computed):
            yield serial
            yield "NOT NULL"
            return
        yield from super().column_words(column, table)

    def computed(self, column: Column) -> str:
        assert column.computed is not None
        stored = column.computed.stored
        is_stored = self.stores_by_default if stored is None else stored
        how = "STORED" if is_stored or self.version < (18,) else "VIRTUAL"
        return f"GENERATED ALWAYS AS ({column.computed.expression}) {how}"

    # -- constraints

    def rule(self, constraint: Constraint) -> str:
        words = super().rule(constraint)
        match constraint:
            case PrimaryKey(options=options):
                if options.get("without_overlaps"):
                    words = f"PRIMARY KEY ({self.names(constraint.columns)} WITHOUT OVERLAPS)"
                words += self.including(options.get("include", ()))
                words += self.storage(options, "USING INDEX TABLESPACE")
                initially = options.get("initially")
                words += self.deferring(bool(options.get("deferrable")), initially)
            case Check(options=options) if options.get("no_inherit"):
                words += " NO INHERIT"
        return words + self.unenforced(constraint)

    def unenforced(self, constraint: Constraint) -> str:
        """What says that nothing is held to a rule, which PostgreSQL 18 can."""
        return " NOT ENFORCED" if constraint.options.get("enforced") is False else ""

    def foreign_key(self, key: ForeignKey) -> str:
        """A foreign key's clause; the last column may be a period, as that of the key it leads to.

        https://www.postgresql.org/docs/18/sql-createtable.html
        """
        words = super().foreign_key(key)
        if not key.options.get("period"):
            return words
        for columns in (key.columns, key.referent_columns):
            *first, period = map(self.quoted, columns)
            said = ", ".join([*first, f"PERIOD {period}"])
            words = words.replace(f"({self.names(columns)})", f"({said})", 1)
        return words

    def unique(self, unique: Unique) -> str:
        nulls = "NULLS NOT DISTINCT " if unique.nulls_not_distinct else ""
        overlaps = " WITHOUT OVERLAPS" if unique.options.get("without_overlaps") else ""
        return (
            f"UNIQUE {nulls}({self.names(unique.columns)}{overlaps})"
            + self.including(unique.include)
            + self.storage(unique.options, "USING INDEX TABLESPACE")
            + self.deferring(unique.deferrable, unique.initially)
        )

    def exclude(self, exclude: Exclude) -> str:
        elements = ", ".join(f"{text} WITH {operator}" for text, operator in exclude.elements)
        condition = f" WHERE ({exclude.where})" if exclude.where else ""
        using = f"EXCLUDE USING {exclude.using} ({elements}){condition}"
        return using + self.deferring(exclude.deferrable, exclude.initially)

    def written_constraints(self, table: Table) -> Iterable[Constraint]:
        """Without those that CREATE TABLE would not make as they are said."""
        apart = added_apart(table)
        return [item for item in table.constraints if item not in apart]

    def including(self, columns: Iterable[str]) -> str:
        """The columns that an index carries along."""
        names = self.names(columns)
        return f" INCLUDE ({names})" if names else ""

    def storage(self, options: Mapping[str, Any], tablespace: str) -> str:
        """The clauses WITH (...) and TABLESPACE, the latter in the words that fit here."""
        parameters = self.parameters(self.option(options, "with"))
        words = f" WITH ({parameters})" if parameters else ""
        name = self.option(options, "tablespace")
        return words + (f" {tablespace} {self.quoted(name)}" if name else "")

    def parameters(self, parameters: Mapping[str, Any] | str | None) -> str:
        """Storage parameters as they stand in WITH (...)."""
        if isinstance(parameters, str):
            return parameters.strip("() ")
        return ", ".join(f"{name} = {value}" for name, value in (parameters or {}).items())

    # -- tables and indexes

    def table_options(self, table: Table) -> str:
        """The clauses in the order in which PostgreSQL wants them."""
        options = table.options
        inherits = self.option(options, "inherits")
        parents = (inherits,) if isinstance(inherits, str) else tuple(inherits or ())
        partition = self.option(options, "partition_by")
        using = self.option(options, "using")
        on_commit = self.option(options, "on_commit")
        words = ""
        if parents:
            words += f"\nINHERITS ({', '.join(self.referent(name) for name in parents)})"
        if partition:
            words += f"\nPARTITION BY {partition}"
        if using:
            words += f"\nUSING {self.quoted(using)}"
        words += self.storage({"with": self.option(options, "with")}, "").replace(" ", "\n", 1)
        if on_commit:
            words += f"\nON COMMIT {str(on_commit).replace('_', ' ').upper()}"
        return words + self.storage(
            {"tablespace": self.option(options, "tablespace")}, "TABLESPACE"
        ).replace(" ", "\n", 1)

    def index(self, index: Index) -> str:
        """What stands in CREATE INDEX behind the table's name."""
        keys = ", ".join(self.index_key(key) for key in index.keys)
        words = f" USING {index.using}" if index.using else ""
        words += f" ({keys}){self.including(index.include)}"
        if index.nulls_not_distinct:
            words += " NULLS NOT DISTINCT"
        words += self.storage(index.options, "TABLESPACE")
        return words + (f" WHERE {index.where}" if index.where else "")

    def index_key(self, key: IndexKey) -> str:
        return super().index_key(parted(key))

    def indexed(self, key: IndexKey) -> str:
        """An expression in parentheses, unless it is a function call or has some around it."""
        expression = key.expression or ""
        return expression if stands_alone(expression) else f"({expression})"

    def enum_values(self, enum: Enum) -> str:
        """CREATE TYPE for an enum."""
        values = ", ".join(self.literal(value) for value in enum.values)
        return f"CREATE TYPE {self.place(enum.name, enum.schema)} AS ENUM ({values})"

    def literal(self, text: str) -> str:
        return string(text)


def added_apart(table: Table) -> list[Constraint]:
    """The constraints that are added once the table is there.

    CREATE TABLE would call validated what shall not look at rows. And of what is unique in the
    same columns it makes one only, under the name of the other where it has none itself.
    """
    found = [item for item in table.constraints if not is_validated(item)]
    taken: set[tuple[str, ...]] = set()
    for item in table.constraints:
        if isinstance(item, PrimaryKey | Unique):
            if item.columns in taken:
                found.append(item)
            taken.add(item.columns)
    return found


def is_validated(constraint: Constraint) -> bool:
    """Whether all rows, and not only new ones, keep to the constraint."""
    return constraint.validated if isinstance(constraint, Check | ForeignKey) else True
