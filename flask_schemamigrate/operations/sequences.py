"""Sequences, which count for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..errors.operations import Irreversible
from ..schema import Known, Schema, Sequence, edits
from .base import KEEP, Keep, NamedOperation, Nothing, Operation


@dataclass(frozen=True)
class CreateSequence(Operation):
    """Create a sequence."""

    sequence: Sequence
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.is_done(schema):
            return schema
        sequences = {**schema.sequences, self.sequence.key: self.sequence}
        return replace(schema, sequences=sequences)

    def is_done(self, before: Known) -> bool:
        known = before.sequences if isinstance(before, Schema) else {}
        return self.if_not_exists and self.sequence.key in known

    def reverse(self, before: Known) -> Operation:
        if self.is_done(before):
            return Nothing()
        return DropSequence(self.sequence.name, self.sequence.schema, definition=self.sequence)

    def describe(self) -> str:
        return f"+ sequence {self.sequence.key}"


@dataclass(frozen=True)
class SequenceOperation(NamedOperation):
    """An operation on a sequence that exists. ``definition`` is what it was, for the way back."""

    definition: Sequence | None = field(default=None, compare=False, kw_only=True)

    def was(self, before: Known) -> Sequence:
        """The sequence before this operation. Raises `Irreversible` where that is not known."""
        known = before.sequences.get(self.key) if isinstance(before, Schema) else None
        found = known or self.definition
        if found is None:
            raise Irreversible(self.describe(), "its options are not known.")
        return found


@dataclass(frozen=True)
class DropSequence(SequenceOperation):
    """Drop a sequence."""

    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        return replace(schema, sequences=edits.without(schema.sequences, self.key))

    def is_done(self, before: Known) -> bool:
        return self.if_exists and isinstance(before, Schema) and self.key not in before.sequences

    def reverse(self, before: Known) -> Operation:
        return Nothing() if self.is_done(before) else CreateSequence(self.was(before))

    def describe(self) -> str:
        return f"- sequence {self.key}"


@dataclass(frozen=True)
class AlterSequence(SequenceOperation):
    """Change options of a sequence; it goes on counting from where it is.

    ``None`` is what a sequence has that says nothing.
    """

    start: int | Keep | None = KEEP
    increment: int | Keep | None = KEEP
    minimum: int | Keep | None = KEEP
    maximum: int | Keep | None = KEEP
    cycle: bool | Keep = KEEP
    cache: int | Keep | None = KEEP

    @property
    def changes(self) -> dict[str, Any]:
        """The options that change, by the names that `Sequence` has for them."""
        return {name: value for name in OPTIONS if (value := getattr(self, name)) is not KEEP}

    def apply(self, schema: Schema) -> Schema:
        old = schema.sequences.get(self.key)
        if old is None:
            return schema
        new = replace(old, **self.changes)
        return replace(schema, sequences={**schema.sequences, self.key: new})

    def reverse(self, before: Known) -> Operation:
        old = self.was(before)
        options = {name: getattr(old, name) for name in self.changes}
        if "start" in options:
            options["start"] = old.first
        return AlterSequence(self.name, self.schema, **options)

    def describe(self) -> str:
        words = [
            f"{name} {'by default' if value is None else value}"
            for name, value in self.changes.items()
        ]
        return f"~ sequence {self.key} {', '.join(words)}"


OPTIONS = ("start", "increment", "minimum", "maximum", "cycle", "cache")
"""The options of a `Sequence`."""
