"""Each operation as a call of a directive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CommentTable,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Keep,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetTableOptions,
    ValidateConstraint,
)
from ...schema import Check, Exclude, ForeignKey, PrimaryKey, Type, Unique
from ..light import escaped
from .columns import column_node, computed_node, default_node, identity_node
from .constraints import (
    all_options,
    any_table,
    elements_of,
    in_table,
    index_keys,
    index_keywords,
    keywords,
    name_of,
    names,
)
from .layout import Brackets, Node, call, flag, literal, optional, quoted
from .types import type_node
from .writing import Writing


@dataclass(frozen=True)
class Saying:
    """A directive's call; a table's name goes to ``place`` unless a group has said it already.

    ``schema_word`` is the keyword that takes the table's schema.
    """

    directive: str
    arguments: list[Node]
    keywords: dict[str, Any] = field(default_factory=dict)
    table: str | None = None
    schema: str | None = None
    place: int = 0
    schema_word: str = "schema"
    exploded: bool = False

    def node(self, *, in_group: bool = False) -> Brackets:
        """The call, on ``op`` or in a group on ``batch_op``."""
        arguments, more = list(self.arguments), dict(self.keywords)
        if not in_group:
            if self.table is not None:
                arguments.insert(self.place, quoted(self.table))
            if self.schema is not None:
                more[self.schema_word] = quoted(self.schema)
        speaker = "batch_op" if in_group else "op"
        return call(f"{speaker}.{self.directive}", *arguments, exploded=self.exploded, **more)


# -- tables


def create_table(operation: CreateTable, writing: Writing) -> Saying:
    """``op.create_table``, an item per line; indexes are calls of their own."""
    table = operation.table
    parts = [
        column_node(column, writing, key=table.primary_key) for column in table.columns.values()
    ]
    parts += [in_table(constraint, writing) for constraint in table.constraints]
    mapping = {**table.uncompared, **table.options}
    prefixes = mapping.pop("prefixes", None)
    more: dict[str, Any] = {
        "schema": optional(table.schema),
        "comment": optional(table.comment),
        "prefixes": None if prefixes is None else literal(list(prefixes)),
        "if_not_exists": flag(operation.if_not_exists),
    }
    return Saying(
        "create_table",
        [quoted(table.name), *parts],
        more | all_options(any_table, mapping, writing),
        exploded=True,
    )


def indexes_of(operation: CreateTable) -> list[CreateIndex]:
    """The indexes of a new table as operations of their own."""
    table, guard = operation.table, operation.if_not_exists
    return [
        CreateIndex(table.name, table.schema, index, if_not_exists=guard)
        for index in table.indexes.values()
    ]


def drop_table(operation: DropTable, writing: Writing) -> Saying:
    """``op.drop_table``."""
    return Saying(
        "drop_table",
        [],
        {"if_exists": flag(operation.if_exists)},
        *_place(operation),
    )


def rename_table(operation: RenameTable, writing: Writing) -> Saying:
    """``op.rename_table``."""
    return Saying("rename_table", [quoted(operation.new_name)], {}, *_place(operation))


def comment_table(operation: CommentTable, writing: Writing) -> Saying:
    """``op.create_table_comment`` or ``op.drop_table_comment``."""
    if operation.comment is None:
        return Saying("drop_table_comment", [], {}, *_place(operation))
    return Saying("create_table_comment", [quoted(operation.comment)], {}, *_place(operation))


def set_table_options(operation: SetTableOptions, writing: Writing) -> Saying:
    """``op.set_table_options``; ``None`` takes an option away."""
    more = {writing.option(name): literal(value) for name, value in operation.options.items()}
    return Saying("set_table_options", [], more, *_place(operation))


# -- columns


def add_column(operation: AddColumn, writing: Writing) -> Saying:
    """``op.add_column``; the indexes and constraints it carries are calls of their own."""
    key = next((item for item in operation.constraints if isinstance(item, PrimaryKey)), None)
    column = column_node(operation.column, writing, key=key, own_key=key is not None)
    more = {
        "insert_before": optional(operation.before_column),
        "insert_after": optional(operation.after_column),
        "inline_references": flag(operation.inline),
        "inline_primary_key": quoted(key.name) if key and key.name else flag(key is not None),
        "if_not_exists": flag(operation.if_not_exists),
    }
    return Saying("add_column", [column], more, *_place(operation))


def drop_column(operation: DropColumn, writing: Writing) -> Saying:
    """``op.drop_column``."""
    more = {"if_exists": flag(operation.if_exists)}
    return Saying("drop_column", [quoted(operation.column)], more, *_place(operation))


def alter_column(operation: AlterColumn, writing: Writing) -> Saying:
    """``op.alter_column`` with what changes."""
    more: dict[str, Any] = {}
    if isinstance(operation.type, Type):
        more["type_"] = type_node(operation.type, writing)
    if not isinstance(operation.nullable, Keep):
        more["nullable"] = repr(operation.nullable)
    more |= _generated(operation, writing)
    if not isinstance(operation.comment, Keep):
        more["comment"] = literal(operation.comment)
    if not isinstance(operation.autoincrement, Keep):
        more["autoincrement"] = repr(operation.autoincrement)
    if not isinstance(operation.name, Keep):
        more["new_column_name"] = quoted(operation.name)
    for name, value in operation.options.items():
        more[writing.option(name)] = literal(value)
    if operation.using is not None:
        more["postgresql_using"] = quoted(operation.using)
    more["insert_before"] = optional(operation.before_column)
    more["insert_after"] = optional(operation.after_column)
    return Saying("alter_column", [quoted(operation.column)], more, *_place(operation))


def _generated(operation: AlterColumn, writing: Writing) -> dict[str, Node]:
    """The keyword ``server_default``, which also speaks of computed and identity columns."""
    found: dict[str, Node] = {}
    if not isinstance(operation.default, Keep):
        default = operation.default
        found["server_default"] = "None" if default is None else default_node(default, writing)
    if not isinstance(operation.identity, Keep):
        identity = operation.identity
        found["server_default"] = "None" if identity is None else identity_node(identity)
        if identity is None:
            found["existing_server_default"] = identity_node(operation.existing["identity"])
    if not isinstance(operation.computed, Keep):
        computed = operation.computed
        found["server_default"] = "None" if computed is None else computed_node(computed)
        if computed is None:
            found["existing_server_default"] = computed_node(operation.existing["computed"])
    return found


# -- constraints


def add_constraint(operation: AddConstraint, writing: Writing) -> Saying:
    """``op.create_unique_constraint`` and its kin."""
    constraint = operation.constraint
    more = keywords(constraint, writing)
    if operation.if_not_exists:
        more["if_not_exists"] = "True"
    name, place = name_of(constraint, writing) or "None", _place(operation)
    match constraint:
        case PrimaryKey():
            return Saying(
                "create_primary_key", [name, names(constraint.columns)], more, *place, place=1
            )
        case Unique():
            return Saying(
                "create_unique_constraint", [name, names(constraint.columns)], more, *place, place=1
            )
        case ForeignKey():
            return _foreign_key(operation, constraint, writing, more)
        case Check():
            if not constraint.validated:
                more["validate"] = "False"
            condition = quoted(escaped(constraint.condition))
            return Saying("create_check_constraint", [name, condition], more, *place, place=1)
        case Exclude():
            elements = elements_of(constraint)
            return Saying("create_exclude_constraint", [name, *elements], more, *place, place=1)


def _foreign_key(
    operation: AddConstraint, key: ForeignKey, writing: Writing, more: dict[str, Any]
) -> Saying:
    schema, _, table = key.referent.rpartition(".")
    if not key.validated:
        more["validate"] = "False"
    return Saying(
        "create_foreign_key",
        [
            name_of(key, writing) or "None",
            quoted(table),
            names(key.columns),
            names(key.referent_columns),
        ],
        {"referent_schema": optional(schema or None), **more},
        *_place(operation),
        place=1,
        schema_word="source_schema",
    )


def drop_constraint(operation: DropConstraint, writing: Writing) -> Saying:
    """``op.drop_constraint``, by what it says where it has no name."""
    kind = operation.kind
    name = writing.name(operation.name, "ck" if kind == "check" else "") or "None"
    more: dict[str, Any] = {"type_": optional(kind)}
    definition = operation.definition
    if isinstance(definition, Check):
        more["condition"] = quoted(definition.condition)
    elif isinstance(definition, Unique | ForeignKey):
        more["columns"] = names(definition.columns)
    more["if_exists"] = flag(operation.if_exists)
    return Saying("drop_constraint", [name], more, *_place(operation), place=1)


def rename_constraint(operation: RenameConstraint | RenameIndex, writing: Writing) -> Saying:
    """``op.rename_constraint`` or ``op.rename_index``."""
    directive = "rename_index" if isinstance(operation, RenameIndex) else "rename_constraint"
    arguments: list[Node] = [quoted(operation.name), quoted(operation.new_name)]
    return Saying(directive, arguments, {}, *_place(operation))


def validate_constraint(operation: ValidateConstraint, writing: Writing) -> Saying:
    """``op.validate_constraint``."""
    return Saying("validate_constraint", [quoted(operation.name)], {}, *_place(operation), place=1)


# -- indexes


def create_index(operation: CreateIndex, writing: Writing) -> Saying:
    """``op.create_index``."""
    index = operation.index
    more = index_keywords(index, writing)
    more["concurrently"] = flag(operation.concurrently)
    more["if_not_exists"] = flag(operation.if_not_exists)
    name = optional(index.name) or "None"
    return Saying(
        "create_index", [name, index_keys(index, writing)], more, *_place(operation), place=1
    )


def drop_index(operation: DropIndex, writing: Writing) -> Saying:
    """``op.drop_index``."""
    more = {
        "concurrently": flag(operation.concurrently),
        "if_exists": flag(operation.if_exists),
    }
    table = operation.table or None
    return Saying("drop_index", [quoted(operation.name)], more, table, operation.schema, place=1)


def _place(operation: Any) -> tuple[str, str | None]:
    return operation.table, operation.schema


SAYINGS: dict[type[Any], Callable[[Any, Writing], Saying]] = {
    CreateTable: create_table,
    DropTable: drop_table,
    RenameTable: rename_table,
    CommentTable: comment_table,
    SetTableOptions: set_table_options,
    AddColumn: add_column,
    DropColumn: drop_column,
    AlterColumn: alter_column,
    AddConstraint: add_constraint,
    DropConstraint: drop_constraint,
    RenameConstraint: rename_constraint,
    ValidateConstraint: validate_constraint,
    CreateIndex: create_index,
    DropIndex: drop_index,
    RenameIndex: rename_constraint,
}
"""How each kind of operation on tables is said."""
