"""``batch_op``: the directives about one table, without having to name it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from .custom import REGISTERED_IN_BATCH, register_in
from .directives.everything import AllDirectives


class BatchOperations:
    """The directives of a revision, said about one table."""

    register_operation: Any = classmethod(register_in(REGISTERED_IN_BATCH))

    def __init__(self, operations: AllDirectives, table: str, schema: str | None) -> None:
        self._op = operations
        self._table = table
        self._schema = schema

    def add_column(self, column: sa.Column[Any], **kw: Any) -> None:
        """Add a column; ``insert_before`` and ``insert_after`` give its place."""
        self._op.add_column(self._table, column, schema=self._schema, **kw)

    def alter_column(self, column_name: str, **kw: Any) -> None:
        """Change what is named of a column and leave the rest as it is."""
        self._op.alter_column(self._table, column_name, schema=self._schema, **kw)

    def rename_column(self, old_name: str, new_name: str) -> None:
        """Give a column another name."""
        self._op.rename_column(self._table, old_name, new_name, schema=self._schema)

    def drop_column(self, column_name: str, **kw: Any) -> None:
        """Drop a column and its values."""
        self._op.drop_column(self._table, column_name, schema=self._schema, **kw)

    def create_primary_key(
        self, constraint_name: str | None, columns: Sequence[str], **kw: Any
    ) -> None:
        """Give the table its primary key."""
        self._op.create_primary_key(
            constraint_name, self._table, columns, schema=self._schema, **kw
        )

    def create_unique_constraint(
        self, constraint_name: str | None, columns: Sequence[str], **kw: Any
    ) -> None:
        """Add a unique constraint."""
        self._op.create_unique_constraint(
            constraint_name, self._table, columns, schema=self._schema, **kw
        )

    def create_foreign_key(
        self,
        constraint_name: str | None,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        """Add a foreign key from this table."""
        self._op.create_foreign_key(
            constraint_name,
            self._table,
            referent_table,
            local_cols,
            remote_cols,
            source_schema=self._schema,
            **kw,
        )

    def create_check_constraint(
        self, constraint_name: str | None, condition: Any, **kw: Any
    ) -> None:
        """Add a check."""
        self._op.create_check_constraint(
            constraint_name, self._table, condition, schema=self._schema, **kw
        )

    def create_exclude_constraint(
        self, constraint_name: str | None, *elements: Any, **kw: Any
    ) -> None:
        """Add PostgreSQL's exclusion constraint."""
        self._op.create_exclude_constraint(
            constraint_name, self._table, *elements, schema=self._schema, **kw
        )

    def drop_constraint(
        self, constraint_name: str | None, type_: str | None = None, **kw: Any
    ) -> None:
        """Drop a constraint by name, or by what it says."""
        self._op.drop_constraint(constraint_name, self._table, type_, schema=self._schema, **kw)

    def rename_constraint(self, old_name: str, new_name: str) -> None:
        """Give a constraint another name."""
        self._op.rename_constraint(self._table, old_name, new_name, schema=self._schema)

    def create_index(self, index_name: str | None, columns: Sequence[Any], **kw: Any) -> None:
        """Create an index on the table."""
        self._op.create_index(index_name, self._table, columns, schema=self._schema, **kw)

    def drop_index(self, index_name: str, **kw: Any) -> None:
        """Drop an index of the table."""
        self._op.drop_index(index_name, self._table, schema=self._schema, **kw)

    def rename_index(self, old_name: str, new_name: str) -> None:
        """Give an index of the table another name."""
        self._op.rename_index(self._table, old_name, new_name, schema=self._schema)

    def create_table_comment(self, comment: str | None, **kw: Any) -> None:
        """Set the table's comment."""
        self._op.create_table_comment(self._table, comment, schema=self._schema, **kw)

    def drop_table_comment(self, **kw: Any) -> None:
        """Remove the table's comment."""
        self._op.drop_table_comment(self._table, schema=self._schema, **kw)

    def set_table_options(self, **options: Any) -> None:
        """Change the table's engine, charset, storage and the like."""
        self._op.set_table_options(self._table, schema=self._schema, **options)

    @property
    def impl(self) -> Any:
        """The table, for a plugin's operations."""
        return SimpleNamespace(table_name=self._table, schema=self._schema)

    def add_table_args(self, items: Sequence[Any]) -> None:
        """Add constraints and indexes given as SQLAlchemy objects."""
        for item in items:
            name: Any = item.name
            if isinstance(item, sa.UniqueConstraint):
                columns = [str(column) for column in item._pending_colargs]
                self.create_unique_constraint(name, columns)
            elif isinstance(item, sa.ForeignKeyConstraint):
                self._add_foreign_key(name, item)
            elif isinstance(item, sa.CheckConstraint):
                # Revisions repeat those without a name, which Alembic's copy would lose.
                self.create_check_constraint(name, item.sqltext, if_not_exists=name is None)

    def _add_foreign_key(self, name: str | None, key: sa.ForeignKeyConstraint) -> None:
        targets = [element.target_fullname.rpartition(".") for element in key.elements]
        schema, _, referent = targets[0][0].rpartition(".")
        self.create_foreign_key(
            name,
            referent,
            list(key.column_keys),
            [column for _, _, column in targets],
            referent_schema=schema or None,
            onupdate=key.onupdate,
            ondelete=key.ondelete,
            deferrable=key.deferrable,
            initially=key.initially,
            match=key.match,
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in REGISTERED_IN_BATCH:
            return partial(REGISTERED_IN_BATCH[name], self)
        return getattr(self._op, name)
