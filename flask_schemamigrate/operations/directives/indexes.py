"""Directives about indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ..indexes import CreateIndex, DropIndex, RenameIndex
from .base import Directives


class IndexDirectives(Directives):
    """Create, drop and rename indexes."""

    def create_index(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        concurrently: bool = False,
        **kw: Any,
    ) -> None:
        """Create an index of column names, ``sa.text()`` and expressions.

        ``concurrently`` builds it without blocking writes, where the database can.
        """
        concurrently = bool(kw.pop("postgresql_concurrently", concurrently))
        names = [item for item in columns if isinstance(item, str)]
        table = self._adhoc(table_name, schema, names)
        index = sa.Index(
            index_name,
            *[table.c[item] if isinstance(item, str) else item for item in columns],
            unique=unique,
            **kw,
        )
        if index.table is None:
            table.append_constraint(index)
        self.invoke(
            CreateIndex(
                str(table_name),
                schema,
                index=self._sink.spelling.index(index),
                concurrently=concurrently,
                if_not_exists=bool(if_not_exists),
            )
        )

    def drop_index(
        self,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        concurrently: bool = False,
        **kw: Any,
    ) -> None:
        """Drop an index; naming its table lets it be restored."""
        self.invoke(
            DropIndex(
                table_name or "",
                schema,
                name=str(index_name),
                concurrently=bool(kw.pop("postgresql_concurrently", concurrently)),
                if_exists=bool(if_exists),
            )
        )

    def rename_index(
        self, table_name: str, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Give an index another name."""
        self.invoke(RenameIndex(table_name, schema, name=old_name, new_name=new_name))
