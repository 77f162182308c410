"""Domains: named types with rules of their own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import Irreversible
from ..schema import Check, Domain, Known, Schema, edits
from .base import KEEP, Keep, NamedOperation, Nothing, Operation


@dataclass(frozen=True)
class CreateDomain(Operation):
    """Create a domain."""

    domain: Domain
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        return replace(schema, domains={**schema.domains, self.domain.key: self.domain})

    def is_done(self, before: Known) -> bool:
        known = before.domains if isinstance(before, Schema) else {}
        return self.if_not_exists and self.domain.key in known

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropDomain(self.domain.name, self.domain.schema, definition=self.domain)

    def describe(self) -> str:
        return f"+ domain {self.domain.key}"


@dataclass(frozen=True)
class DomainOperation(NamedOperation):
    """An operation on a domain that exists. ``definition`` is what it was, for the way back."""

    definition: Domain | None = field(default=None, compare=False, kw_only=True)

    def was(self, before: Known) -> Domain:
        """The domain before this operation. Raises `Irreversible` where that is not known."""
        known = before.domains.get(self.key) if isinstance(before, Schema) else None
        found = known or self.definition
        if found is None:
            raise Irreversible(self.describe(), "what it was is not known.")
        return found


@dataclass(frozen=True)
class DropDomain(DomainOperation):
    """Drop a domain that no column uses any more."""

    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        return replace(schema, domains=edits.without(schema.domains, self.key))

    def is_done(self, before: Known) -> bool:
        return self.if_exists and isinstance(before, Schema) and self.key not in before.domains

    def reverse(self, before: Known) -> Operation:
        return Nothing() if self.is_done(before) else CreateDomain(self.was(before))

    def describe(self) -> str:
        return f"- domain {self.key}"


@dataclass(frozen=True)
class AlterDomain(DomainOperation):
    """Change some rules of a domain; rows that are there already must keep to the new ones.

    ``dropped`` are the names of checks; they go before the ``added`` ones come.
    """

    nullable: bool | Keep = KEEP
    default: str | Keep | None = KEEP
    added: tuple[Check, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        """The attributes that change, by the names that `Domain` has for them."""
        names = ("nullable", "default")
        return {name: value for name in names if (value := getattr(self, name)) is not KEEP}

    def apply(self, schema: Schema) -> Schema:
        old = schema.domains.get(self.key)
        if old is None:
            return schema
        checks = {key: check for key, check in old.checks.items() if key not in self.dropped}
        checks |= {check.key: check for check in self.added}
        new = replace(old, checks=checks, **self.changes)
        return replace(schema, domains={**schema.domains, self.key: new})

    def reverse(self, before: Known) -> Operation:
        old = self.was(before)
        return AlterDomain(
            self.name,
            self.schema,
            **{name: getattr(old, name) for name in self.changes},
            added=tuple(old.checks[name] for name in self.dropped if name in old.checks),
            dropped=tuple(check.key for check in self.added),
        )

    def describe(self) -> str:
        words = [f"{name} {value}" for name, value in self.changes.items()]
        words += [f"- {name}" for name in self.dropped]
        words += [f"+ {check.key}" for check in self.added]
        return f"~ domain {self.key} {', '.join(words)}"
