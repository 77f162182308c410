"""The changes of named enum types, and of what says a value that goes."""

from __future__ import annotations

from collections.abc import Iterator

from ..operations import (
    AddEnumValue,
    AlterColumn,
    DropIndex,
    Operation,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
)
from ..schema import Enum, Schema, enum_texts
from . import table
from .decisions import Decisions
from .script import Script


def change(script: Script, decisions: Decisions) -> None:
    """Say how the enum types that stay come to their names and values."""
    for old, new in _renamed(script.state, script.wanted):
        script.say(RenameEnum(old.name, old.schema, new_name=new.name))
    for (key, value), new_value in sorted(decisions.values.items()):
        enum = script.state.enums[key]
        script.say(RenameEnumValue(enum.name, enum.schema, value=value, new_value=new_value))
    for key in sorted(script.state.enums):
        wanted = script.wanted.enums.get(key)
        if wanted is not None:
            old = script.state.enums[key]
            script.say(*_without_mention(script.state, old, {*old.values} - {*wanted.values}))
            script.say(*_changed_values(old, wanted))


def _renamed(state: Schema, wanted: Schema) -> Iterator[tuple[Enum, Enum]]:
    """Enum types that differ in their names only, which loses nothing and needs no question."""
    come = [enum for key, enum in sorted(wanted.enums.items()) if key not in state.enums]
    for key, enum in sorted(state.enums.items()):
        if key in wanted.enums:
            continue
        for new in come:
            if (new.values, new.schema) == (enum.values, enum.schema):
                come.remove(new)
                yield enum, new
                break


def _changed_values(old: Enum, new: Enum) -> Iterator[Operation]:
    """Values added one by one in their places; anything else sets them all."""
    kept = tuple(value for value in new.values if value in old.values)
    if kept != old.values:
        yield SetEnumValues(new.name, new.schema, values=new.values)
        return
    for place, value in enumerate(new.values):
        if value in old.values:
            continue
        if place:
            yield AddEnumValue(new.name, new.schema, value, after=new.values[place - 1])
        else:
            first = old.values[0] if old.values else None
            yield AddEnumValue(new.name, new.schema, value, before=first)


def _without_mention(state: Schema, enum: Enum, gone: set[str]) -> Iterator[Operation]:
    """What says a value that goes, dropped: no type without the value could take it over."""

    def mentioned(*texts: str | None) -> bool:
        return any(enum_texts.says(text, enum, value) for text in texts if text for value in gone)

    for owner in state.tables.values() if gone else ():
        for column in owner.columns.values():
            if mentioned(column.default):
                yield AlterColumn(owner.name, owner.schema, column=column.name, default=None)
        for check in owner.checks.values():
            if mentioned(check.condition):
                yield table.drop(owner, check)
        for exclude in owner.excludes.values():
            if mentioned(exclude.where, *(text for text, _ in exclude.elements)):
                yield table.drop(owner, exclude)
        for index in owner.indexes.values():
            if mentioned(index.where, *(key.expression for key in index.keys)):
                yield DropIndex(owner.name, owner.schema, name=index.name or "")
