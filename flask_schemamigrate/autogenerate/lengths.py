"""Names of models that the database would cut, and then not know."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..errors.autogenerate import NameTooLong


def refuse(dialect: Dialect, tables: Iterable[sa.Table]) -> None:
    """Raise `NameTooLong` for a table or a column whose name the database would not keep.

    It would be taken for missing ever after.
    """
    limit = dialect.longest_name
    for table in tables if limit is not None else ():
        names = {f"table {table.key}": table.name}
        names |= {f"column {column}": column.name for column in table.columns}
        for what, name in names.items():
            kept = name.encode()[:limit].decode(errors="ignore")
            if kept != name:
                raise NameTooLong(what, name, kept)
