"""Holding a database against the schema that revisions lead to, instead of against models."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from .. import collecting
from ..dialects.base import Dialect
from ..schema import Schema
from . import namespaces, ownership
from .compare import (
    echoed,
    paired,
    prepared,
    settled,
    whole,
    without_views,
)
from .difference import Difference
from .home import at_home, default_schema
from .options import Options
from .restating import restated
from .unchanged import unchanged


def unlike(
    dialect: Dialect,
    connection: sa.Connection,
    expected: Schema,
    *,
    doubtful: Collection[str],
    options: Options,
) -> Difference:
    """What leads from a database to the schema that is expected of it.

    The tables of ``doubtful`` keys are left as they are.
    """
    with collecting.paused(stays=True):
        home = default_schema(connection)
        expected = at_home(expected, home)
        before = dialect.read(
            connection, schemas=namespaces.to_read(expected, options, connection, home)
        )
        tables = {key: table for key, table in expected.tables.items() if key not in doubtful}
        expected = without_views(replace(expected, tables=tables), before)
        same = unchanged(before, dialect.spelled(expected), in_order=False)
        said, wanted, given = prepared(dialect, expected, same)
        unmanaged = ownership.unmanaged(before, wanted, options)
        unmanaged = {**unmanaged, **{key: "" for key in before.tables if key in doubtful}}
        pairing = paired((before, wanted, said), given, in_order=False)
        pairing, wanted = echoed(dialect, connection, pairing, (before, wanted), all_=False)
        pairing = settled(pairing, before, given)
        pairing.wanted |= restated(dialect, connection, pairing.wanted, before, wanted)
        return Difference(
            before=before,
            wanted=whole(before, wanted, pairing, unmanaged, options),
            said=replace(said, tables=pairing.said),
            unmanaged=unmanaged,
            given=given,
        )
