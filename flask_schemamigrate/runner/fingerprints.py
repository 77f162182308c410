"""Telling whether an operation of a file is the one that an earlier run carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from ..operations import Operation, text_of

PLAIN = {bool, bytes, float, int, str, type(None)}
"""Kinds of values that nothing else has to be asked about: most are of one."""

EMPTY = {dict, list, tuple}
"""Kinds of values that are left out where there is nothing in them, as ``None`` is."""


def fingerprint(operation: Operation) -> str:
    """A hash of what an operation says, the same in every process."""
    # Piece by piece: the pieces of a million rows are a list of ten million texts.
    said = sha256()
    _spell(operation, lambda text: said.update(text.encode("utf-8", "surrogatepass")))
    return said.hexdigest()


def spelled(value: object) -> str:
    """A value as text that is the same in every process."""
    said: list[str] = []
    _spell(value, said.append)
    return "".join(said)


def _spell(value: object, say: Callable[[str], None]) -> None:
    if type(value) in PLAIN:
        say(repr(value))
    elif isinstance(value, sa.TableClause):
        say(value.fullname)
    elif isinstance(value, sa.ClauseElement):
        say(" ".join(text_of(value).split()))
    elif is_dataclass(value) and not isinstance(value, type):
        say(type(value).__name__)
        for name in _compared(type(value)):
            item = getattr(value, name)
            kind = type(item)
            if item is None or (kind in EMPTY and not item):
                continue
            if kind in PLAIN:
                say(f" {name}={item!r}")
            else:
                say(f" {name}=")
                _spell(item, say)
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            say(f" {key}:")
            _spell(value[key], say)
    elif isinstance(value, Set):
        for text in sorted(map(spelled, value)):
            say(f" {text}")
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for each in value:
            say(" ,")
            _spell(each, say)
    else:
        say(_plain(value))


@cache
def _compared(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass that make two of them differ."""
    return tuple(item.name for item in fields(kind) if item.compare)


def _plain(value: Any) -> str:
    """A value as text; only the kind of what may not look the same twice, such as a generator."""
    if callable(value):
        return f"{getattr(value, '__qualname__', type(value).__name__)}"
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text
