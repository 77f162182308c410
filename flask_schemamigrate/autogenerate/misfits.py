"""Models that the database cannot have, which matters only where the app does not exclude them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..errors.root import OperationError
from ..schema import Schema, Table
from .filters import Filter
from .home import at_home, home_key

Misfits = Mapping[str, tuple[Table, OperationError]]
"""By key what stands for such a model, and why it cannot be had."""


def spelled(
    dialect: Dialect, metadatas: Sequence[sa.MetaData], home: str | None, filtering: Filter
) -> tuple[Schema, Misfits]:
    """What models ask for, and apart from it those that cannot be had, if a filter is to see them.

    Raises what keeps a model from being had if there is no filter.
    """
    try:
        return at_home(dialect.spelling.schema(metadatas), home), {}
    except OperationError:
        if filtering.is_idle:
            raise
    refused = dialect.spelling.refused(metadatas)
    schema = dialect.spelling.schema(metadatas, without=refused)
    misfits = {}
    for table, error in refused.items():
        place = None if table.schema == home else table.schema
        misfits[home_key(table, home)] = (Table(table.name, {}, schema=place), error)
    return at_home(schema, home), misfits


def filtered(
    filtering: Filter, before: Schema, wanted: Schema, models: Schema, misfits: Misfits
) -> tuple[Schema, Schema]:
    """What `Filter.both` leaves; raises the reason of a misfit that it does not leave out."""
    apart = {key: table for key, (table, _) in misfits.items()}
    wanted = replace(wanted, tables={**wanted.tables, **apart})
    wanted, models = filtering.both(before, wanted, models)
    for key, (_, error) in misfits.items():
        if wanted.tables.get(key) is not before.tables.get(key):
            raise error
    return wanted, models
