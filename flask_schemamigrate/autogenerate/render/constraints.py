"""Constraints and index keys as Python source, on a new table and for themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from ...schema import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Unique,
)
from ...schema.texts import IN_INFO, LATER
from ..light import escaped
from .layout import Node, call, flag, listing, literal, optional, quoted
from .writing import Writing

CONVENTIONS = {PrimaryKey: "pk", Unique: "uq", ForeignKey: "fk", Check: "ck", Exclude: "ex"}
"""What a naming convention calls each kind of constraint."""

SAID = ("with_parser",)
"""The uncompared options of an index that SQLAlchemy takes."""


def options(mapping: Mapping[str, Any], writing: Writing) -> dict[str, Node]:
    """Dialect options as keyword arguments."""
    return {writing.option(name): literal(_plain(value)) for name, value in mapping.items()}


def all_options(
    make: Callable[..., Any], mapping: Mapping[str, Any], writing: Writing
) -> dict[str, Node | None]:
    """Dialect options as keyword arguments, and in ``info`` those that SQLAlchemy has none for."""
    told = {
        writing.option(name): _plain(value)
        for name, value in mapping.items()
        if name in IN_INFO or (name in LATER and not takes(make, writing.option(name)))
    }
    said = {name: value for name, value in mapping.items() if writing.option(name) not in told}
    return {"info": literal(told) if told else None, **options(said, writing)}


@cache
def takes(make: Callable[..., Any], keyword: str) -> bool:
    """Whether the SQLAlchemy that is installed has the keyword argument for this construct."""
    try:
        make(**{keyword: None})
    except sa.exc.ArgumentError:
        return False
    return True


def any_table(**kw: Any) -> sa.Table:
    """A table of which only the keyword arguments matter."""
    return sa.Table("_", sa.MetaData(), **kw)


def _made(constraint: Constraint) -> Callable[..., Any]:
    return sa.PrimaryKeyConstraint if isinstance(constraint, PrimaryKey) else sa.UniqueConstraint


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def names(columns: tuple[str, ...]) -> Node:
    """A list of names."""
    return listing([quoted(column) for column in columns])


def keywords(constraint: Constraint, writing: Writing) -> dict[str, Any]:
    """What a constraint says besides its name and columns."""
    found: dict[str, Any] = {}
    if isinstance(constraint, Unique | ForeignKey | Exclude):
        found["deferrable"] = flag(constraint.deferrable)
        found["initially"] = optional(constraint.initially)
    if isinstance(constraint, ForeignKey):
        found |= {
            "onupdate": optional(constraint.onupdate),
            "ondelete": optional(constraint.ondelete),
            "match": optional(constraint.match),
        }
    if isinstance(constraint, Unique) and constraint.nulls_not_distinct:
        found[writing.option("nulls_not_distinct")] = "True"
    if isinstance(constraint, Exclude):
        found["using"] = None if constraint.using == "gist" else quoted(constraint.using)
        found["where"] = None if constraint.where is None else writing.text(constraint.where)
    included = {"include": include} if (include := getattr(constraint, "include", ())) else {}
    return found | all_options(_made(constraint), {**included, **constraint.options}, writing)


def name_of(constraint: Constraint, writing: Writing) -> Node | None:
    """A constraint's name, if it has one."""
    return writing.name(constraint.name, CONVENTIONS[type(constraint)])


def in_table(constraint: Constraint, writing: Writing) -> Node:
    """A constraint among the columns of ``op.create_table``."""
    more = keywords(constraint, writing)
    name = name_of(constraint, writing)
    match constraint:
        case PrimaryKey():
            return call(
                "sa.PrimaryKeyConstraint", *map(quoted, constraint.columns), name=name, **more
            )
        case Unique():
            return call("sa.UniqueConstraint", *map(quoted, constraint.columns), name=name, **more)
        case ForeignKey():
            targets = tuple(f"{constraint.referent}.{item}" for item in constraint.referent_columns)
            columns = names(constraint.columns)
            if not constraint.validated:
                more[writing.option("not_valid")] = "True"
            return call("sa.ForeignKeyConstraint", columns, names(targets), name=name, **more)
        case Check():
            if not constraint.validated:
                more[writing.option("not_valid")] = "True"
            condition = quoted(escaped(constraint.condition))
            return call("sa.CheckConstraint", condition, name=name, **more)
        case Exclude():
            writing.needs("from sqlalchemy.dialects import postgresql")
            elements = elements_of(constraint)
            return call("postgresql.ExcludeConstraint", *elements, name=name, **more)


def elements_of(constraint: Exclude) -> list[Node]:
    """The (expression, operator) pairs of an exclusion constraint."""
    return [
        f"(sa.text({quoted(escaped(text))}), {quoted(operator)})"
        for text, operator in constraint.elements
    ]


def index_keys(index: Index, writing: Writing) -> Node:
    """The keys of an index as ``op.create_index`` takes them."""
    return listing([_key(key, writing) for key in index.keys])


def _key(key: IndexKey, writing: Writing) -> Node:
    if key.column is not None and not key.collation:
        node: Node = quoted(key.column) if not key.order else call("sa.column", quoted(key.column))
    else:
        text = key.expression or writing.dialect.quoted(key.column or "")
        node = writing.text(f"{text} COLLATE {key.collation}" if key.collation else text)
    for word, function in ORDERS:
        if word in key.order:
            node = call(function, node)
    return node


ORDERS = (
    ("DESC", "sa.desc"),
    ("NULLS FIRST", "sa.nulls_first"),
    ("NULLS LAST", "sa.nulls_last"),
)


def index_keywords(index: Index, writing: Writing) -> dict[str, Any]:
    """What an index says besides its name and keys."""
    found: dict[str, Any] = {"unique": flag(index.unique)}
    where = index.where
    if where is not None:
        found[writing.option("where")] = writing.text(where)
    if index.using is not None:
        found[writing.option("using")] = quoted(index.using)
    if index.include:
        found[writing.option("include")] = names(index.include)
    if index.nulls_not_distinct:
        found[writing.option("nulls_not_distinct")] = "True"
    classes = {key.text: key.operator_class for key in index.keys if key.operator_class}
    if classes:
        found[writing.option("ops")] = literal(classes)
    lengths = {key.column: key.length for key in index.keys if key.length is not None}
    if lengths:
        found[writing.option("length")] = literal(lengths)
    uncompared = {name: index.uncompared[name] for name in SAID if name in index.uncompared}
    return found | options({**uncompared, **index.options}, writing)
