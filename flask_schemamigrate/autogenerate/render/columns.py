"""Columns, defaults and what generates values, as Python source."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from ...schema import Column, Computed, Identity, PrimaryKey, Type
from ..light import escaped
from .layout import Node, call, flag, literal, optional, quoted
from .types import type_node
from .writing import Writing

_STRING = re.compile(r"'(?:[^']|'')*'")
_NOW = re.compile(r"\(?(now\(\)|current_timestamp(\(\))?)\)?", re.IGNORECASE)


def column_node(
    column: Column, writing: Writing, *, key: PrimaryKey | None = None, own_key: bool = False
) -> Node:
    """``sa.Column(...)``; ``own_key`` says that the column itself is the primary key."""
    parts: list[Node] = [quoted(column.name), type_node(column.type, writing)]
    if column.computed is not None:
        parts.append(computed_node(column.computed))
    elif column.identity is not None:
        parts.append(identity_node(column.identity))
    options = dict(column.options)
    # SQLAlchemy has no word of its own for what a MySQL column becomes with each update.
    moment = options.pop("on_update", None)
    default = None
    if moment is not None:
        default = writing.text(f"{column.default or 'NULL'} ON UPDATE {moment}")
    elif column.default is not None and column.computed is None:
        default = default_node(column.default, writing, type_=column.type)
    keywords: dict[str, Any] = {
        "server_default": default,
        "primary_key": flag(own_key),
        "autoincrement": _autoincrement(column, key),
        "nullable": None if own_key else repr(column.nullable),
        "comment": optional(column.comment),
    }
    for name, value in options.items():
        keywords[writing.option(name)] = literal(value)
    return call("sa.Column", *parts, **keywords)


def _autoincrement(column: Column, key: PrimaryKey | None) -> Node | None:
    """``autoincrement=``, where SQLAlchemy would guess otherwise."""
    if key is None or column.name not in key.columns or column.identity is not None:
        return None
    guessed = len(key.columns) == 1 and is_integer(column) and column.default is None
    if guessed == column.autoincrement:
        return None
    return repr(column.autoincrement)


def is_integer(column: Column) -> bool:
    """Whether SQLAlchemy would take the column for one that counts."""
    python = column.type.python
    if python is None:
        return bool(re.match(r"(small|big|tiny|medium)?int(eger|\b)", column.type.text.lower()))
    return python._type_affinity is not None and issubclass(
        python._type_affinity, sa.Integer | sa.Numeric
    )


def default_node(default: str, writing: Writing, *, type_: Type | None = None) -> Node:
    """A server default: a plain string where SQLAlchemy makes the same text of it.

    The present moment and a boolean are written as what SQLAlchemy says to each database in its
    own way, so that the revision runs on others too.
    """
    hooked = writing.hooked("server_default", default)
    if hooked is not None:
        return hooked
    if _NOW.fullmatch(default):
        return "sa.func.now()"
    if type_ is not None and isinstance(type_.python, sa.Boolean):
        for said, truth in (("sa.true()", sa.true()), ("sa.false()", sa.false())):
            switch: Any = sa.Column("_", sa.Boolean(), server_default=truth)
            if writing.dialect.spelling.default(switch) == default:
                return said
    if _STRING.fullmatch(default):
        value = default[1:-1].replace("''", "'")
        column: Any = sa.Column("_", sa.String(), server_default=value)
        if writing.dialect.spelling.default(column) == default:
            return quoted(value)
    return writing.text(default)


def computed_node(computed: Computed) -> Node:
    """``sa.Computed(...)``."""
    stored = None if computed.stored is None else repr(computed.stored)
    return call("sa.Computed", quoted(escaped(computed.expression)), persisted=stored)


def identity_node(identity: Identity) -> Node:
    """``sa.Identity(...)``."""
    return call(
        "sa.Identity",
        always=flag(identity.always),
        start=_number(identity.start),
        increment=_number(identity.increment),
        minvalue=_number(identity.minimum),
        maxvalue=_number(identity.maximum),
        cycle=flag(identity.cycle),
        cache=_number(identity.cache),
    )


def _number(number: int | None) -> str | None:
    return None if number is None else repr(number)
