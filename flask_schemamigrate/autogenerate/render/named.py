"""Sequences, domains and schemas as calls of directives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...operations import (
    AlterDomain,
    AlterSequence,
    CreateDomain,
    CreateNamespace,
    CreateSequence,
    DropDomain,
    DropEnum,
    DropNamespace,
    DropSequence,
)
from ...schema import Check
from .columns import default_node
from .layout import Node, call, flag, literal, optional, quoted
from .types import type_node
from .writing import Writing


def sequence(operation: CreateSequence | AlterSequence | DropSequence) -> Node:
    """``op.create_sequence``, ``op.alter_sequence`` or ``op.drop_sequence``."""
    match operation:
        case CreateSequence():
            made = operation.sequence
            numbers = ("start", "increment", "minimum", "maximum", "cache")
            more: dict[str, Any] = {
                name: repr(value) for name in numbers if (value := getattr(made, name)) is not None
            }
            return call(
                "op.create_sequence",
                quoted(made.name),
                schema=optional(made.schema),
                **more,
                cycle=flag(made.cycle),
                if_not_exists=flag(operation.if_not_exists),
            )
        case AlterSequence():
            changes: dict[str, Any] = {k: repr(v) for k, v in operation.changes.items()}
            schema = optional(operation.schema)
            return call("op.alter_sequence", quoted(operation.name), schema=schema, **changes)
        case DropSequence():
            return dropped("op.drop_sequence", operation)


def domain(operation: CreateDomain | AlterDomain | DropDomain, writing: Writing) -> Node:
    """``op.create_domain``, ``op.alter_domain`` or ``op.drop_domain``. Raises `NotRenderable`."""
    match operation:
        case CreateDomain():
            made = operation.domain
            default = None if made.default is None else default_node(made.default, writing)
            return call(
                "op.create_domain",
                quoted(made.name),
                type_node(made.type, writing),
                schema=optional(made.schema),
                nullable=None if made.nullable else "False",
                default=default,
                checks=_checks(made.checks.values()),
                if_not_exists=flag(operation.if_not_exists),
            )
        case AlterDomain():
            changes: dict[str, Any] = {}
            if "nullable" in operation.changes:
                changes["nullable"] = repr(operation.nullable)
            if "default" in operation.changes:
                said = operation.changes["default"]
                changes["default"] = "None" if said is None else default_node(said, writing)
            return call(
                "op.alter_domain",
                quoted(operation.name),
                schema=optional(operation.schema),
                **changes,
                add_checks=_checks(operation.added),
                drop_checks=literal(list(operation.dropped)) if operation.dropped else None,
            )
        case DropDomain():
            return dropped("op.drop_domain", operation)


def namespace(operation: CreateNamespace | DropNamespace) -> Node:
    """``op.create_schema`` or ``op.drop_schema``."""
    match operation:
        case CreateNamespace():
            return call(
                "op.create_schema",
                quoted(operation.name),
                if_not_exists=flag(operation.if_not_exists),
            )
        case DropNamespace():
            return call(
                "op.drop_schema",
                quoted(operation.name),
                if_exists=flag(operation.if_exists),
                cascade=flag(operation.cascade),
                if_empty=flag(operation.if_empty),
            )


def dropped(directive: str, operation: DropDomain | DropEnum | DropSequence) -> Node:
    """What drops something by its name."""
    schema, if_exists = optional(operation.schema), flag(operation.if_exists)
    return call(directive, quoted(operation.name), schema=schema, if_exists=if_exists)


def _checks(checks: Iterable[Check]) -> Node | None:
    """Checks as a dict of their conditions by name."""
    found = {check.name or check.key: check.condition for check in checks}
    return literal(found) if found else None
