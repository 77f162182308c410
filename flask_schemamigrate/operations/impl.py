"""``operations.impl``: what plugins' operations do with tables, columns and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from .directives.everything import AllDirectives


class Implementation:
    """Takes what plugins have made of SQLAlchemy's objects; for all else it is the context.

    It speaks to the operations that the plugin was given, which in a batch are the batch's.
    """

    def __init__(self, operations: AllDirectives) -> None:
        self._operations = operations

    def add_column(
        self, table_name: str, column: sa.Column[Any], *, schema: str | None = None, **kw: Any
    ) -> None:
        """Add a column."""
        self._operations.add_column(table_name, column, schema=schema, **kw)

    def drop_column(
        self, table_name: str, column: sa.Column[Any], *, schema: str | None = None, **kw: Any
    ) -> None:
        """Drop a column and its values."""
        self._operations.drop_column(table_name, column.name, schema=schema, **kw)

    def create_index(self, index: sa.Index, **kw: Any) -> None:
        """Create an index that stands on a table's columns."""
        table = index.table
        assert table is not None
        columns = [each.name if isinstance(each, sa.Column) else each for each in index.expressions]
        given = {**index.kwargs, **kw}
        self._operations.create_index(
            index.name, table.name, columns, schema=table.schema, unique=index.unique, **given
        )

    def drop_index(self, index: sa.Index, **kw: Any) -> None:
        """Drop an index."""
        table = index.table
        assert table is not None
        self._operations.drop_index(str(index.name), table.name, schema=table.schema, **kw)

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        """Carry out SQL text or an expression."""
        self._operations.execute(sql, execution_options=execution_options)

    def static_output(self, text: str) -> None:
        """Write text into the script of ``--sql`` as it is."""
        self._operations.execute(text.replace(":", r"\:"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._operations.get_context(), name)
