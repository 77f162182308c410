"""SQLAlchemy objects made from values, for hooks that want to look at something."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..schema import Check, Column, ForeignKey, Index, Table, Unique

_PARAMETER = re.compile(r"(?<![:\w$\\]):(?=[\w$]+(?![:\w$]))")


class Light:
    """Makes and keeps SQLAlchemy objects for what was read."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._tables: dict[int, tuple[Table, sa.Table]] = {}

    def column(self, column: Column) -> sa.Column[Any]:
        """A column."""
        default = None if column.default is None else sa.text(escaped(column.default))
        return sa.Column(
            column.name,
            self.dialect.python_type(column.type),
            nullable=column.nullable,
            server_default=default,
            comment=column.comment,
        )

    def table(self, table: Table) -> sa.Table:
        """A table with its columns, constraints and indexes."""
        known = self._tables.get(id(table))
        if known is None:
            made = sa.Table(
                table.name,
                sa.MetaData(),
                *map(self.column, table.columns.values()),
                schema=table.schema,
                comment=table.comment,
            )
            for constraint in table.constraints:
                append(made, constraint)
            for index in table.indexes.values():
                append(made, index)
            # The value is kept too, so that its id stays its own.
            known = self._tables[id(table)] = (table, made)
        return known[1]

    def item(self, table: Table, kind: str, item: Any) -> Any:
        """A column, constraint or index that was read."""
        if kind == "column":
            made = sa.Table(table.name, sa.MetaData(), self.column(item), schema=table.schema)
            return next(iter(made.columns))
        names = dict.fromkeys([*getattr(item, "columns", ()), *getattr(item, "include", ())])
        bare = [sa.Column(name, sa.types.NULLTYPE) for name in names]
        made = sa.Table(table.name, sa.MetaData(), *bare, schema=table.schema)
        return append(made, item)

    def items(self, table: Table, model: sa.Table | None) -> Items:
        """The model's own objects, to be found by their values."""
        return Items(self, table, model)


class Items:
    """What stands on a model's table, as SQLAlchemy objects."""

    def __init__(self, light: Light, table: Table, model: sa.Table | None) -> None:
        self.light = light
        self.table = table
        self.model = model

    def find(self, kind: str, item: Any) -> Any:
        """The model's own object, or one made for the purpose."""
        if self.model is not None:
            for made in self._of_kind(kind):
                if str(made.name) == item.name or _columns(made) == getattr(item, "columns", None):
                    return made
        return self.light.item(self.table, kind, item)

    def _of_kind(self, kind: str) -> list[Any]:
        assert self.model is not None
        if kind == "column":
            return list(self.model.columns)
        if kind == "index":
            return sorted(self.model.indexes, key=lambda index: str(index.name))
        return [item for item in self.model.constraints if item.__visit_name__ == kind]


def _columns(made: Any) -> tuple[str, ...] | None:
    if isinstance(made, sa.Column):
        return None
    return tuple(column.name for column in made.columns) or None


def append(table: sa.Table, item: Any) -> Any:
    """Put a constraint or an index on an SQLAlchemy table; returns it."""
    made: Any = None
    match item:
        case Unique():
            made = sa.UniqueConstraint(*item.columns, name=item.name)
        case ForeignKey():
            # Not to be resolved: the other table is in another MetaData.
            made = sa.ForeignKeyConstraint(
                item.columns,
                [f"{item.referent}.{name}" for name in item.referent_columns],
                name=item.name,
                link_to_name=True,
            )
        case Check():
            made = sa.CheckConstraint(escaped(item.condition), name=item.name)
        case Index():
            keys = [
                table.c[key.column] if key.column else sa.text(escaped(key.text))
                for key in item.keys
            ]
            made = sa.Index(item.name, *keys, unique=item.unique)
    # An index of columns found its table already.
    if made is not None and not (isinstance(made, sa.Index) and made.table is not None):
        table.append_constraint(made)
    return made


def escaped(text: str) -> str:
    """SQL text for `sqlalchemy.text`, which would take ``:name`` for a parameter."""
    if ":" not in text:
        return text
    return _PARAMETER.sub(r"\:", text.replace("\\:", "\\\\:"))
