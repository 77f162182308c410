"""Constraints without a name, found by the one that a naming convention would give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from ...schema import Check, Constraint, ForeignKey, PrimaryKey, Table, Unique


def conventional(table: Table, name: str, convention: Mapping[str, str]) -> Constraint | None:
    """The constraint of a table that has no name and would have this one."""
    for constraint in table.constraints:
        if constraint.name is None and _named(table, constraint, convention) == name:
            return constraint
    return None


def names(table: Table, convention: Mapping[str, str]) -> Iterator[tuple[Constraint, str]]:
    """The keys of a table that have no name, and those that the convention gives them."""
    taken = {constraint.name for constraint in table.constraints}
    for constraint in table.constraints:
        if constraint.name is None and not isinstance(constraint, Check):
            name = _named(table, constraint, convention)
            if name is not None and name not in taken:
                taken.add(name)
                yield constraint, name


def _named(table: Table, constraint: Constraint, convention: Mapping[str, str]) -> str | None:
    metadata = sa.MetaData(naming_convention=dict(convention))
    columns = [sa.Column(column, sa.types.NULLTYPE) for column in table.columns]
    made = _made(constraint, metadata)
    if made is None:
        return None
    try:
        sa.Table(table.name, metadata, *columns, made, schema=table.schema)
    except sa.exc.InvalidRequestError:
        # A pattern with %(constraint_name)s in it makes no name out of none.
        return None
    return str(made.name) if made.name else None


def _made(constraint: Constraint, metadata: sa.MetaData) -> sa.Constraint | None:
    match constraint:
        case PrimaryKey():
            return sa.PrimaryKeyConstraint(*constraint.columns)
        case Unique():
            return sa.UniqueConstraint(*constraint.columns)
        case Check():
            return sa.CheckConstraint(constraint.condition)
        case ForeignKey():
            # REFERENCES may leave out the columns, and then means the key of the other table.
            names = constraint.referent_columns or ("id",) * len(constraint.columns)
            targets = [f"{constraint.referent}.{name}" for name in names]
            return sa.ForeignKeyConstraint(list(constraint.columns), targets)
    return None
