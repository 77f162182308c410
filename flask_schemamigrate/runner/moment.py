"""Times of the history, to the microsecond: revisions of one second keep their order."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles


class Moment(sa.DateTime):
    """A time in UTC, without its zone."""


@compiles(Moment, "mysql", "mariadb")
def with_fraction(type_: Moment, compiler: Any, **how: Any) -> str:
    """A plain DATETIME holds whole seconds there.

    https://mariadb.com/kb/en/datetime/#microseconds
    """
    return "DATETIME(6)"
