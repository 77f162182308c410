"""Adding, dropping and altering columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import UnknownColumn
from ..schema import (
    Column,
    Computed,
    Constraint,
    Enum,
    Identity,
    Index,
    Known,
    PrimaryKey,
    Schema,
    Table,
    Type,
    edits,
)
from .base import KEEP, Keep, Nothing, Operation, TableOperation

NOT_NULL_OPTIONS = {"on_conflict_not_null"}
"""The options of a column that go with its NOT NULL, as SQLite's ON CONFLICT does."""


@dataclass(frozen=True)
class AddColumn(TableOperation):
    """Add a column, with the constraints and indexes that were written on it.

    ``before_column`` and ``after_column`` ask for a place; ``inline`` asks for its foreign key
    to be written inside the column's own clause. ``is_key`` makes it the primary key of a table
    that has none.
    """

    column: Column = field(default_factory=lambda: Column("", Type("")))
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    enums: tuple[Enum, ...] = ()
    before_column: str | None = None
    after_column: str | None = None
    inline: bool = False
    if_not_exists: bool = False
    is_key: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        before = self.before(schema)
        table = edits.with_column(
            before, self.column, before=self.before_column, after=self.after_column
        )
        for constraint in self.keyed(before).constraints:
            table = edits.with_constraint(table, constraint)
        for index in self.indexes:
            table = edits.with_index(table, index)
        return edits.with_enums(edits.with_table(schema, table), self.enums)

    def keyed(self, table: Table) -> AddColumn:
        """The same with the primary key that it brings to this table."""
        if not self.is_key or table.primary_key is not None:
            return self
        key = PrimaryKey((self.column.name,))
        return replace(self, constraints=(key, *self.constraints), is_key=False)

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_not_exists else None
        return table is not None and self.column.name in table.columns

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropColumn(self.table, self.schema, column=self.column.name)

    def describe(self) -> str:
        return f"+ {self.key}.{self.column.name}"


@dataclass(frozen=True)
class DropColumn(TableOperation):
    """Drop a column and its values, with the constraints and indexes that stand on it."""

    column: str = ""
    if_exists: bool = False

    @property
    def destructive(self) -> bool:
        return True

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        table = self.before(schema)
        column_of(table, self.column)
        return edits.with_table(schema, edits.without_column(table, self.column))

    def is_done(self, before: Known) -> bool:
        table = before.table(self.table, self.schema) if self.if_exists else None
        return table is not None and self.column not in table.columns

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        table = self.before(before)
        column = column_of(table, self.column)
        names = list(table.columns)
        enum = before.enum(column.type.enum) if column.type.enum else None
        return AddColumn(
            self.table,
            self.schema,
            column=column,
            constraints=tuple(
                item for item in table.constraints if self.column in getattr(item, "columns", ())
            ),
            indexes=tuple(item for item in table.indexes.values() if self.column in item.columns),
            enums=() if enum is None else (enum,),
            **({} if self.column == names[-1] else _place(table, self.column)),
        )

    def describe(self) -> str:
        return f"- {self.key}.{self.column}"


@dataclass(frozen=True)
class AlterColumn(TableOperation):
    """Change some attributes of a column and leave the others as they are.

    ``existing`` is what the revision says of the column before, for a database that must restate
    it and cannot be asked: keys ``type``, ``nullable``, ``default``, ``comment``,
    ``autoincrement``. ``using`` is the expression that turns old values into new ones.
    """

    column: str = ""
    type: Type | Keep = KEEP
    nullable: bool | Keep = KEEP
    default: str | Keep | None = KEEP
    comment: str | Keep | None = KEEP
    name: str | Keep = KEEP
    computed: Computed | Keep | None = KEEP
    identity: Identity | Keep | None = KEEP
    autoincrement: bool | Keep = KEEP
    options: Mapping[str, Any] = field(default_factory=dict)
    using: str | None = None
    enums: tuple[Enum, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    dropped_constraints: tuple[Constraint, ...] = ()
    existing: Mapping[str, Any] = field(default_factory=dict)
    before_column: str | None = None
    after_column: str | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The attributes that change, by the names that `Column` has for them."""
        names = (
            "type",
            "nullable",
            "default",
            "comment",
            "name",
            "computed",
            "identity",
            "autoincrement",
        )
        return {name: value for name in names if (value := getattr(self, name)) is not KEEP}

    def changed(self, column: Column) -> Column:
        """The column after the change."""
        changes = self.changes
        if self.options:
            changes["options"] = {**column.options, **self.options}
        return replace(column, **changes)

    def apply(self, schema: Schema) -> Schema:
        table = self.before(schema)
        new = self.changed(column_of(table, self.column))
        table = edits.changed_column(table, self.column, new)
        if self.before_column or self.after_column:
            table = edits.with_column(
                replace(table, columns=edits.without(table.columns, new.name)),
                new,
                before=self.before_column,
                after=self.after_column,
            )
        for dropped in self.dropped_constraints:
            table = edits.without_constraint(table, dropped)
        for constraint in self.constraints:
            table = edits.with_constraint(table, constraint)
        schema = edits.with_table(schema, table)
        if new.name != self.column:
            tables = {
                key: edits.referring_column(item, self.key, self.column, new.name)
                for key, item in schema.tables.items()
            }
            schema = replace(schema, tables=tables)
        return edits.with_enums(schema, self.enums)

    def reverse(self, before: Known) -> Operation:
        old = column_of(self.before(before), self.column)
        new = self.changed(old)
        backwards = {name: getattr(old, name) for name in self.changes}
        if "computed" in backwards and old.default is not None:
            backwards["default"] = old.default  # a generated column cannot keep it
        enum = before.enum(old.type.enum) if old.type.enum else None
        moved = self.before_column is not None or self.after_column is not None
        options = {name: old.options.get(name) for name in self.options}
        if new.nullable and not old.nullable:
            options |= {what: old.options[what] for what in NOT_NULL_OPTIONS & old.options.keys()}
        return AlterColumn(
            self.table,
            self.schema,
            column=new.name,
            **backwards,
            **(_place(self.before(before), self.column) if moved else {}),
            options=options,
            enums=() if enum is None else (enum,),
            constraints=self.dropped_constraints,
            dropped_constraints=self.constraints,
            existing={
                "type": new.type,
                "nullable": new.nullable,
                "default": new.default,
                "comment": new.comment,
                "autoincrement": new.autoincrement,
            },
        )

    def describe(self) -> str:
        return self.told()

    def told(self, was: Column | None = None) -> str:
        """The change for people, with the type and the default of the column as it was."""
        changes = self.changes
        name = changes.pop("name", None)
        words = [f"{what} {_before(was, what, value)}" for what, value in changes.items()]
        words += [f"{what} {_shown(value)}" for what, value in self.options.items()]
        place = f"{self.key}.{self.column}"
        if name is not None and not words:
            return f"{place} -> {name}"
        renamed = f" -> {name}" if name is not None else ""
        return f"~ {place}{renamed} {', '.join(words)}"


def column_of(table: Table, name: str) -> Column:
    """A table's column. Raises `UnknownColumn`."""
    try:
        return table.columns[name]
    except KeyError:
        raise UnknownColumn(table.key, name, table.columns) from None


def _place(table: Table, column: str) -> dict[str, Any]:
    """Where a column stands: after which other one, or before which if it is the first."""
    names = list(table.columns)
    place = names.index(column)
    if place:
        return {"after_column": names[place - 1]}
    return {"before_column": names[1]} if len(names) > 1 else {}


def _before(was: Column | None, what: str, value: Any) -> str:
    """A changed attribute for people, behind what it was where that tells something."""
    shown = _shown(value)
    old = _shown(getattr(was, what)) if was is not None and what in {"type", "default"} else shown
    return shown if old == shown else f"{old} -> {shown}"


def _shown(value: Any) -> str:
    """A changed attribute for people."""
    if isinstance(value, Type):
        return value.text
    if isinstance(value, Computed):
        return value.expression
    if isinstance(value, Identity):
        return numbered(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def numbered(identity: Identity) -> str:
    """An identity for people: when it gives the number, and what is said of its sequence."""
    words = ["always" if identity.always else "by default"]
    for option in ("start", "increment", "minimum", "maximum", "cache"):
        value = getattr(identity, option)
        words += [] if value is None else [f"{option} {value}"]
    return " ".join([*words, "cycle"] if identity.cycle else words)
