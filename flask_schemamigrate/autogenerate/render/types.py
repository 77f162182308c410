"""SQLAlchemy types as Python source."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from copy import copy
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from ...errors.autogenerate import NotRenderable
from ...schema import Type
from .layout import Chain, Labelled, Node, call, literal
from .writing import Writing

VARIADIC = {"Enum", "ENUM", "SET"}
"""Types whose values are positional arguments."""


NOT_WRITTEN = {"create_type", "create_constraint", "inherit_schema", "metadata", "quote"}
"""Parameters that say how SQLAlchemy is to treat a type, not what the type is."""

WRITTEN_AS = {"spatial_index": False, "use_N_D_index": False}
"""Parameters about what is made besides the type, which a revision writes on its own.

GeoAlchemy2's types put an index on their table: https://geoalchemy-2.readthedocs.io/.
"""


def type_node(type_: Type, writing: Writing) -> Node:
    """A type as it stands in a column. Raises `NotRenderable`."""
    python = type_.python or enum_type(type_, writing) or writing.dialect.python_type(type_)
    hooked = writing.hooked("type", _alone(python))
    if hooked is not None:
        return hooked
    for candidate in candidates(python, writing):
        found = spelled(candidate, writing)
        if found is not None and _says_the_same(candidate, python, writing):
            return found
    bare = Type(type_.text, enum=type_.enum)
    other = enum_type(bare, writing) or writing.dialect.python_type(bare)
    found = spelled(other, writing)
    if found is None:
        raise NotRenderable(f"The type {python!r}")
    return found


def _alone(python: Any) -> Any:
    """The type without what it would make besides itself, for the app to write."""
    besides = {name: value for name, value in WRITTEN_AS.items() if getattr(python, name, value)}
    if not besides:
        return python
    alone = copy(python)
    for name, value in besides.items():
        setattr(alone, name, value)
    return alone


def enum_type(type_: Type, writing: Writing) -> sa.types.TypeEngine[Any] | None:
    """The type of a column that was read and uses a named enum type, with its values."""
    enum = writing.enums.get(type_.enum or "")
    if enum is None:
        return None
    made = sa.Enum(*enum.values, name=enum.name, schema=enum.schema)
    return sa.ARRAY(made) if type_.text.endswith("[]") else made


def candidates(python: Any, writing: Writing) -> Iterator[Any]:
    """The type itself, or for one of the project's own, what it is made of."""
    if not _has_a_word(type(python)):
        return
    is_own = exported(type(python)) is None
    if not is_own or (writing.options.render_types_as == "custom" and not _is_hidden(python)):
        yield python
        return
    if isinstance(python, sa.types.TypeDecorator):
        yield from candidates(python.impl_instance, writing)
        yield from candidates(python.load_dialect_impl(writing.dialect.sqlalchemy), writing)
    else:
        base = _plain_base(python)
        if base is not None:
            yield base
    yield python


def _is_hidden(python: Any) -> bool:
    """Whether a type is one of those that SQLAlchemy makes for itself."""
    return type(python).__module__.startswith("sqlalchemy.")


def _has_a_word(kind: type[Any]) -> bool:
    """Whether a database can have a word for this; for ``TypeEngine`` itself none has."""
    return hasattr(kind, "__visit_name__")


def _plain_base(python: Any) -> Any:
    """A subclass of one of SQLAlchemy's types as that type, with the same arguments."""
    for kind in type(python).__mro__[1:]:
        if _has_a_word(kind) and exported(kind):
            arguments = dict(_arguments(python, kind))
            values = tuple(arguments.pop("", ()))
            try:
                return kind(*values, **arguments)
            except TypeError:
                return None
    return None


def _says_the_same(candidate: Any, python: Any, writing: Writing) -> bool:
    """Whether this database has the same word for both."""
    if candidate is python:
        return True
    spelling = writing.dialect.spelling
    try:
        return spelling.type(candidate).text == spelling.type(python).text
    except sa.exc.CompileError:
        return False


def spelled(python: Any, writing: Writing) -> Node | None:
    """A call that makes the type, or ``None`` for one that cannot be named."""
    kind = type(python)
    name = _name(kind, writing)
    if name is None:
        return None
    arguments = dict(_arguments(python, kind))
    positional: list[Node] = [literal(value) for value in arguments.pop("", ())]
    keywords = [Labelled(f"{key}=", _value(value, writing)) for key, value in arguments.items()]
    made = call(name, *positional, *keywords)
    links = []
    for dialect, variant in dict(getattr(python, "_variant_mapping", None) or {}).items():
        node = spelled(next(iter(candidates(variant, writing))), writing)
        if node is not None:
            links.append(call(".with_variant", node, literal(dialect)))
    return Chain(made, tuple(links)) if links else made


def exported(kind: type[Any]) -> tuple[str, str] | None:
    """The module and the name under which SQLAlchemy hands a type out."""
    if getattr(sa, kind.__name__, None) is kind:
        return "sqlalchemy", kind.__name__
    parts = kind.__module__.split(".")
    if parts[:2] == ["sqlalchemy", "dialects"] and len(parts) > 2:
        module = f"sqlalchemy.dialects.{parts[2]}"
        if getattr(import_module(module), kind.__name__, None) is kind:
            return module, kind.__name__
    return None


def _name(kind: type[Any], writing: Writing) -> str | None:
    place = exported(kind)
    if place is None:
        if "<locals>" in kind.__qualname__ or kind.__module__ in {"__main__", "builtins"}:
            return None
        writing.needs(f"import {kind.__module__}")
        return f"{kind.__module__}.{kind.__qualname__}"
    module, name = place
    if module == "sqlalchemy":
        return f"sa.{name}"
    dialect = module.rpartition(".")[2]
    writing.needs(f"from sqlalchemy.dialects import {dialect}")
    return f"{dialect}.{name}"


def _arguments(python: Any, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """The arguments that make an equal type, without those that are what they are by default.

    Positional values stand under an empty name.
    """
    if isinstance(python, sa.Enum):
        yield from _enum_arguments(python)
        return
    if kind.__name__ == "DOMAIN":
        # Its rules are its own operations' business.
        yield from ((name, getattr(python, name)) for name in ("name", "data_type"))
        yield from [("schema", python.schema)] if python.schema else []
        return
    if kind.__name__ in VARIADIC:
        yield "", list(python.values)
    for name, default in _parameters(kind):
        value = WRITTEN_AS.get(name, getattr(python, name, default))
        # Flags are compared by identity, for 0 == False.
        differs = value is not default and (type(value) is not type(default) or value != default)
        if differs and _is_plain(value):
            yield name, value


def _is_plain(value: Any) -> bool:
    """Whether a value can be written down; what cannot is no part of a column's form."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, type):
        return issubclass(value, sa.types.TypeEngine)
    return value is None or isinstance(value, str | int | float | sa.types.TypeEngine)


def _enum_arguments(python: sa.Enum) -> Iterator[tuple[str, Any]]:
    """An enum by its values; a CHECK it brings is written on the table, not here."""
    yield "", list(python.enums)
    if python.name:
        yield "name", str(python.name)
    if python.schema:
        yield "schema", python.schema
    if not python.native_enum:
        yield "native_enum", False
        if python.length:
            yield "length", python.length
    for name in ("charset", "collation", "ascii", "unicode", "binary"):
        if value := getattr(python, name, None):
            yield name, value


def _parameters(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """The parameters of a type's ``__init__``, and of those it hands keywords on to."""
    seen: set[str] = set()
    for base in kind.__mro__:
        if "__init__" not in base.__dict__ or base is object:
            continue
        parameters = list(inspect.signature(base.__dict__["__init__"]).parameters.values())[1:]
        for parameter in parameters:
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            if parameter.name not in seen | NOT_WRITTEN and parameter.name[0] != "_":
                seen.add(parameter.name)
                default = parameter.default
                yield parameter.name, None if default is parameter.empty else default
        if not any(item.kind is item.VAR_KEYWORD for item in parameters):
            return


def _value(value: Any, writing: Writing) -> Node:
    if isinstance(value, type) and issubclass(value, sa.types.TypeEngine):
        value = value()
    if isinstance(value, sa.types.TypeEngine):
        return type_node(Type("", value), writing)
    return literal(value)
