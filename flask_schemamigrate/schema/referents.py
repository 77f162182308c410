"""What foreign keys of models refer to by a name that no model has."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..errors.operations import NoSuchReferent


def unresolved(table: sa.Table) -> list[sa.ForeignKey]:
    """The foreign keys of a model's table that refer to a table or a column of no model."""
    return [
        key
        for key in sorted(table.foreign_keys, key=lambda item: item.parent.name)
        if _is_unresolved(key)
    ]


def _is_unresolved(key: sa.ForeignKey) -> bool:
    try:
        return not key.column.name
    except (sa.exc.NoReferencedTableError, sa.exc.NoReferencedColumnError):
        return True


def named(key: sa.ForeignKey) -> tuple[str, str]:
    """The table and the column that a foreign key names."""
    place, _, column = key.target_fullname.rpartition(".")
    return (place, column) if place else (column, key.parent.name)


def no_such_referent(key: sa.ForeignKey) -> NoSuchReferent:
    """The error for a foreign key to nothing, with what it may have meant."""
    # Imported here because it is only wanted when something went wrong.
    from difflib import get_close_matches

    table: Any = key.parent.table
    tables = table.metadata.tables.values()
    known = [f"{item.key}.{column.name}" for item in tables for column in item.columns]
    wrong = ".".join(named(key))
    near = get_close_matches(wrong, known, n=1, cutoff=0.7)
    return NoSuchReferent(f"{table.key}.{key.parent.name}", wrong, near=next(iter(near), None))
