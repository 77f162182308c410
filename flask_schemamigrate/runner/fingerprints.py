"""Telling whether an operation of a file is the one that an earlier run carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from ..operations import Operation


def fingerprint(operation: Operation) -> str:
    """A hash of what an operation says, the same in every process."""
    return sha256(spelled(operation).encode("utf-8", "surrogatepass")).hexdigest()


def spelled(value: object) -> str:
    """A value as text that is the same in every process."""
    return "".join(_spelled(value))


def _spelled(value: object) -> Iterator[str]:
    if isinstance(value, sa.TableClause):
        yield value.fullname
    elif isinstance(value, sa.ClauseElement):
        yield " ".join(str(value).split())
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for item in fields(value):
            if item.compare:
                yield f" {item.name}="
                yield from _spelled(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield f" {key}:"
            yield from _spelled(value[key])
    elif isinstance(value, Set):
        for text in sorted("".join(_spelled(each)) for each in value):
            yield f" {text}"
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for each in value:
            yield " ,"
            yield from _spelled(each)
    else:
        yield _plain(value)


def _plain(value: Any) -> str:
    """A value as text; only the kind of what may not look the same twice, such as a generator."""
    if callable(value):
        return f"{getattr(value, '__qualname__', type(value).__name__)}"
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text
