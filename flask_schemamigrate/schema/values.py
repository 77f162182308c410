"""What a database looks like, as frozen values that compare with ``==``.

Every text in here (a type, a default, a condition) is spelled as one database spells it, so that
two schemas of the same database can be compared without knowing any SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine


def key_of(name: str, schema: str | None = None) -> str:
    """The key under which a table, an enum or a sequence is filed: ``name`` or ``schema.name``."""
    return name if schema is None else f"{schema}.{name}"


@dataclass(frozen=True, slots=True)
class Type:
    """A column's type: its text, and the SQLAlchemy type where one is known.

    Only the text takes part in ``==``. ``enum`` is the key of the named enum type it uses, if any.
    """

    text: str
    python: TypeEngine[Any] | None = field(default=None, compare=False, repr=False)
    enum: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Computed:
    """A generated column's expression; ``stored`` is ``None`` where the database decides."""

    expression: str
    stored: bool | None = None


class Counter:
    """What counts by itself: an identity or a sequence."""

    __slots__ = ()

    start: int | None
    increment: int | None
    minimum: int | None
    maximum: int | None

    @property
    def usual_start(self) -> int:
        """The number it begins with if it says nothing of that."""
        if self.increment is not None and self.increment < 0:
            return -1 if self.maximum is None else self.maximum
        return 1 if self.minimum is None else self.minimum

    @property
    def first(self) -> int:
        """The number it begins with, whether it says so or not."""
        return self.usual_start if self.start is None else self.start


@dataclass(frozen=True, slots=True)
class Identity(Counter):
    """The standard's ``GENERATED ... AS IDENTITY``; ``None`` leaves an option to the database."""

    always: bool = False
    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cycle: bool = False
    cache: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``default`` is SQL text; ``autoincrement`` says the database numbers it.

    ``kept`` are words of its clause that no model can say, for a database that must restate them.
    """

    name: str
    type: Type
    nullable: bool = True
    default: str | None = None
    computed: Computed | None = None
    identity: Identity | None = None
    autoincrement: bool = False
    comment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """A primary key; its columns in the key's order."""

    columns: tuple[str, ...]
    name: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.name or "primary key"


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint (not a unique index)."""

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool = False
    initially: str | None = None
    nulls_not_distinct: bool = False
    include: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.name or f"unique ({', '.join(self.columns)})"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; ``referent`` is the other table's key, ``None`` actions mean NO ACTION.

    ``index`` names the index that the database made for it by itself, where it does that.
    """

    columns: tuple[str, ...]
    referent: str
    referent_columns: tuple[str, ...]
    name: str | None = None
    onupdate: str | None = None
    ondelete: str | None = None
    deferrable: bool = False
    initially: str | None = None
    match: str | None = None
    validated: bool = True
    index: str | None = field(default=None, compare=False, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.name or (
            f"foreign key ({', '.join(self.columns)}) -> "
            f"{self.referent} ({', '.join(self.referent_columns)})"
        )


@dataclass(frozen=True, slots=True)
class Check:
    """A check constraint; ``type_bound`` says that a Boolean or Enum type brought it along.

    ``column`` names the column whose own clause it stands in, where the database keeps that apart.
    """

    condition: str
    name: str | None = None
    validated: bool = True
    type_bound: bool = field(default=False, compare=False)
    column: str | None = field(default=None, compare=False, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.name or f"check ({self.condition})"


@dataclass(frozen=True, slots=True)
class Exclude:
    """PostgreSQL's exclusion constraint: elements are (expression, operator) pairs."""

    elements: tuple[tuple[str, str], ...]
    name: str | None = None
    using: str = "gist"
    where: str | None = None
    deferrable: bool = False
    initially: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        elements = ", ".join(f"{text} WITH {operator}" for text, operator in self.elements)
        return self.name or f"exclude ({elements})"


Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclude


@dataclass(frozen=True, slots=True)
class IndexKey:
    """One key of an index: a column or an expression, and how it is sorted and compared."""

    column: str | None = None
    expression: str | None = None
    order: str = ""
    operator_class: str = ""
    collation: str = ""
    length: int | None = None

    @property
    def text(self) -> str:
        """The column's name or the expression, for people."""
        return self.column or self.expression or ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index. ``options`` hold what only some databases know, without a dialect's prefix.

    ``uncompared`` are options that a model cannot say, or says otherwise, for the way back.
    """

    name: str | None
    keys: tuple[IndexKey, ...]
    unique: bool = False
    where: str | None = None
    using: str | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    uncompared: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        return self.name or f"index ({', '.join(key.text for key in self.keys)})"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the plain columns among the keys."""
        return tuple(key.column for key in self.keys if key.column is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its dicts are keyed by name, or by the definition where there is no name.

    ``uncompared`` are options that a model cannot say, or says otherwise, for the way back.
    """

    name: str
    columns: Mapping[str, Column]
    schema: str | None = None
    primary_key: PrimaryKey | None = None
    uniques: Mapping[str, Unique] = field(default_factory=dict)
    foreign_keys: Mapping[str, ForeignKey] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    excludes: Mapping[str, Exclude] = field(default_factory=dict)
    indexes: Mapping[str, Index] = field(default_factory=dict)
    comment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    uncompared: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        return key_of(self.name, self.schema)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """All constraints: primary key, uniques, checks, excludes, then foreign keys."""
        primary = () if self.primary_key is None else (self.primary_key,)
        return (
            *primary,
            *self.uniques.values(),
            *self.checks.values(),
            *self.excludes.values(),
            *self.foreign_keys.values(),
        )


@dataclass(frozen=True, slots=True)
class Enum:
    """A named enum type; its values in their order."""

    name: str
    values: tuple[str, ...]
    schema: str | None = None

    @property
    def key(self) -> str:
        return key_of(self.name, self.schema)


@dataclass(frozen=True, slots=True)
class Domain:
    """A named type with a base type and rules."""

    name: str
    type: Type
    schema: str | None = None
    nullable: bool = True
    default: str | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return key_of(self.name, self.schema)


@dataclass(frozen=True, slots=True)
class Sequence(Counter):
    """A sequence that no column owns."""

    name: str
    schema: str | None = None
    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cycle: bool = False
    cache: int | None = None

    @property
    def key(self) -> str:
        return key_of(self.name, self.schema)


@dataclass(frozen=True, slots=True)
class Schema:
    """All that a database holds, or all that models ask for.

    ``unmanaged`` are tables nobody here may touch, with the reason: an extension owns it, say.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    enums: Mapping[str, Enum] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    views: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    unmanaged: Mapping[str, str] = field(default_factory=dict, compare=False)

    def table(self, name: str, schema: str | None = None) -> Table | None:
        """The table of that name, or ``None``."""
        return self.tables.get(key_of(name, schema))

    def enum(self, key: str) -> Enum | None:
        """The enum type filed under ``key``, or ``None``."""
        return self.enums.get(key)

    def enum_users(self, key: str) -> frozenset[tuple[str, str]]:
        """The (table key, column name) pairs whose type is the enum filed under ``key``."""
        return frozenset(
            (table.key, column.name)
            for table in self.tables.values()
            for column in table.columns.values()
            if column.type.enum == key
        )
