"""The changes of sequences and domains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..operations import (
    KEEP,
    AlterColumn,
    AlterDomain,
    AlterSequence,
    CreateDomain,
    CreateSequence,
    DropDomain,
    Operation,
)
from ..operations.sequences import OPTIONS
from ..schema import Domain, Schema


def sequences(state: Schema, wanted: Schema) -> Iterator[Operation]:
    """Sequences created and altered."""
    for key, new in sorted(wanted.sequences.items()):
        old = state.sequences.get(key)
        if old is None:
            yield CreateSequence(new)
        elif old != new:
            pairs = {name: (getattr(old, name), getattr(new, name)) for name in OPTIONS}
            changes: dict[str, Any] = {
                name: value for name, (was, value) in pairs.items() if value != was
            }
            changes.pop("start", None)
            if old.first != new.first:
                changes["start"] = new.first
            yield AlterSequence(new.name, new.schema, definition=old, **changes)


def domains(state: Schema, wanted: Schema, said: Schema) -> Iterator[Operation]:
    """Domains created and altered, before the tables that use them."""
    for key, new in sorted(wanted.domains.items()):
        old = state.domains.get(key)
        if old is None:
            yield CreateDomain(said.domains.get(key, new))
        elif old.type != new.type:
            yield from _made_anew(state, old, said.domains.get(key, new))
        elif old != new:
            yield altered(old, new, said.domains.get(key, new))


def altered(old: Domain, new: Domain, said: Domain) -> AlterDomain:
    """What changes of a domain, its new conditions as the model says them."""
    return AlterDomain(
        old.name,
        old.schema,
        definition=old,
        nullable=KEEP if old.nullable == new.nullable else new.nullable,
        default=KEEP if old.default == new.default else said.default,
        added=tuple(
            said.checks.get(key, check)
            for key, check in new.checks.items()
            if old.checks.get(key) != check
        ),
        dropped=tuple(key for key, check in old.checks.items() if new.checks.get(key) != check),
    )


def _made_anew(state: Schema, old: Domain, new: Domain) -> Iterator[Operation]:
    """Another base type, which no ALTER DOMAIN gives: the columns step aside meanwhile."""
    found = [
        (table, column)
        for table in state.tables.values()
        for column in table.columns.values()
        if column.type.text == old.key
    ]
    defaults: list[dict[str, Any]] = [
        {} if column.default is None else {"default": column.default} for _, column in found
    ]
    # A default would be cast to and fro, and keep the casts.
    for (table, column), default in zip(found, defaults, strict=True):
        without: dict[str, Any] = dict.fromkeys(default)
        place = table.name, table.schema
        yield AlterColumn(*place, column=column.name, type=old.type, **without)
    yield DropDomain(old.name, old.schema, definition=old)
    yield CreateDomain(new)
    for (table, column), default in zip(found, defaults, strict=True):
        place = table.name, table.schema
        yield AlterColumn(*place, column=column.name, type=column.type, **default)


def changed_types(before: Schema, wanted: Schema) -> frozenset[str]:
    """The domains that get another base type, for which their columns have to be known."""
    return frozenset(
        key
        for key, domain in before.domains.items()
        if key in wanted.domains and wanted.domains[key].type != domain.type
    )


def users(schema: Schema, domains: frozenset[str]) -> set[str]:
    """The tables with a column of one of these domains."""
    if not domains:
        return set()
    return {
        key
        for key, table in schema.tables.items()
        if any(column.type.text in domains for column in table.columns.values())
    }


def used(schema: Schema) -> set[str]:
    """The texts of all columns' types, which for a column of a domain are the domain's key."""
    return {
        column.type.text for table in schema.tables.values() for column in table.columns.values()
    }
