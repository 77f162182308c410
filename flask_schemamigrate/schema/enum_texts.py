"""What tables say of an enum type and of its values, when one of those gets another name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from . import edits
from .values import Column, Enum, Table, Type

_NAME = r'(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)'
# What is no cast matters too: a string may hold what looks like one.
_CAST = re.compile(
    rf"(?P<value>'(?:[^']|'')*')?::(?P<type>(?:{_NAME}\.)?{_NAME})(?P<array>\[\])?|'(?:[^']|'')*'"
)
_QUALIFIED = re.compile(rf"^{_NAME}\.")
_CONSTANT = re.compile(r"'(?:[^']|'')*'")
_ELEMENT = re.compile(r'"(?:[^"\\]|\\.)*"|[^{},"]+')
_PLAIN_ELEMENT = re.compile(r'(?!(?i:null)$)[^{}",\\\s]+')

Cast = re.Match[str]


def with_renamed_enum(table: Table, old: Enum, new: Enum) -> Table:
    """The table with its columns of an enum type, and its texts, following the type's new name.

    A schema that the new one has not is left out.
    """

    def spelled(type_: str) -> str:
        bare = type_ if new.schema == old.schema else _QUALIFIED.sub("", type_)
        return edits.with_renamed_word(bare, old.name, new.name)

    def renamed(cast: Cast) -> str:
        return f"{cast['value'] or ''}::{spelled(cast['type'])}{cast['array'] or ''}"

    def of(column: Column) -> Column:
        if column.type.enum != old.key:
            return column
        return replace(column, type=Type(spelled(column.type.text), enum=new.key))

    if not _uses(table, old):
        return table
    spoken = _with_default_texts(table, lambda text: _with_casts(text, old, renamed))
    return replace(spoken, columns={name: of(item) for name, item in spoken.columns.items()})


def with_renamed_values(table: Table, enum: Enum, names: Mapping[str, str]) -> Table:
    """The table with its texts saying values of an enum by their new names."""

    def of(column: Column) -> Column:
        # A model's own spelling needs no cast.
        if column.type.enum != enum.key or not _CONSTANT.fullmatch(column.default or ""):
            return column
        array = column.type.text.endswith("[]")
        return replace(column, default=_renamed(column.default or "", names, array=array))

    if not _uses(table, enum):
        return table
    spoken = _with_default_texts(table, lambda text: with_values(text, enum, names))
    return replace(spoken, columns={name: of(item) for name, item in spoken.columns.items()})


def with_values(text: str, enum: Enum, names: Mapping[str, str]) -> str:
    """The SQL text with other values of the enum in place of those that are named."""

    def renamed(cast: Cast) -> str:
        value, array = cast["value"], cast["array"] or ""
        if value is None:
            return cast[0]
        return f"{_renamed(value, names, array=bool(array))}::{cast['type']}{array}"

    return _with_casts(text, enum, renamed)


def says(text: str, enum: Enum, value: str) -> bool:
    """Whether the SQL text says this value of the enum."""
    return with_values(text, enum, {value: f"{value}?"}) != text


def _uses(table: Table, enum: Enum) -> bool:
    return any(column.type.enum == enum.key for column in table.columns.values())


def _with_default_texts(table: Table, spoken: Callable[[str], str]) -> Table:
    table = edits.with_texts(table, spoken)
    columns = {
        name: item if item.default is None else replace(item, default=spoken(item.default))
        for name, item in table.columns.items()
    }
    return replace(table, columns=columns)


def _with_casts(text: str, enum: Enum, changed: Callable[[Cast], str]) -> str:
    def of(cast: Cast) -> str:
        return changed(cast) if cast["type"] and _is(cast["type"], enum) else cast[0]

    return _CAST.sub(of, text)


def _is(type_: str, enum: Enum) -> bool:
    """Whether the name of a type, as it stands in SQL, is this enum's."""
    names = [
        name[1:-1].replace('""', '"') if name.startswith('"') else name
        for name in re.findall(_NAME, type_)
    ]
    return names == ([enum.name] if enum.schema is None else [enum.schema, enum.name])


def _renamed(constant: str, names: Mapping[str, str], *, array: bool) -> str:
    value = constant[1:-1].replace("''", "'")
    if array:
        value = _ELEMENT.sub(lambda item: _renamed_element(item[0], names), value)
    else:
        value = names.get(value, value)
    return "'" + value.replace("'", "''") + "'"


def _renamed_element(element: str, names: Mapping[str, str]) -> str:
    plain = re.sub(r"\\(.)", r"\1", element[1:-1]) if element.startswith('"') else element
    if plain not in names:
        return element
    new = names[plain]
    if _PLAIN_ELEMENT.fullmatch(new):
        return new
    return '"' + re.sub(r'(["\\])', r"\\\1", new) + '"'
