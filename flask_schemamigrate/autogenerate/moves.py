"""Columns in the order that models have them, where somebody wants that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..dialects.base import Dialect
from ..operations import AddColumn, AlterColumn, Operation
from ..schema import Column, Schema, Table, Type
from .table import Pair


def can_move(dialect: Dialect) -> bool:
    """Whether columns can be moved here: a database that cannot has nothing to say to a move."""
    columns = {name: Column(name, Type("INTEGER")) for name in ("a", "b")}
    move = AlterColumn("_", column="b", before_column="a")
    return bool(list(dialect.statements(move, Schema({"_": Table("_", columns)}))))


def in_place(added: AddColumn, pair: Pair) -> AddColumn:
    """The new column where its model has it."""
    names = list(pair.new.columns)
    place = names.index(added.column.name)
    if place:
        return replace(added, after_column=names[place - 1])
    first = next(iter(pair.old.columns))
    return replace(added, before_column=first)


def moves(pair: Pair) -> Iterator[Operation]:
    """The moves that put columns into their model's order, each after the one before it."""
    order = list(pair.old.columns)
    for place, name in enumerate(pair.new.columns):
        if order[place] == name:
            continue
        order.remove(name)
        if place:
            yield AlterColumn(*pair.place, column=name, after_column=order[place - 1])
        else:
            yield AlterColumn(*pair.place, column=name, before_column=order[0])
        order.insert(place, name)
