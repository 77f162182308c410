"""Directives about whole tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..tables import CommentTable, CreateTable, DropTable, RenameTable, SetTableOptions
from .base import Directives, free
from .types import created_enums


class TableDirectives(Directives):
    """Create, drop, rename and comment tables."""

    def create_table(
        self, table_name: str, *columns: Any, if_not_exists: bool | None = None, **kw: Any
    ) -> sa.Table:
        """Create a table of columns, constraints and indexes; returns it for `bulk_insert`.

        Keyword arguments are those of `sqlalchemy.Table`: ``schema``, ``comment``, ``prefixes`` and
        the dialects' own.
        """
        items = [free(item) if isinstance(item, sa.Column) else item for item in columns]
        table = sa.Table(str(table_name), self._metadata(), *items, **kw)
        if self._sink.spelling.dialect.supports_alter:
            # SQLAlchemy leaves these to an ALTER of its own, and revisions say that themselves.
            table.constraints -= {key for key in table.foreign_key_constraints if key.use_alter}
        self.invoke(
            CreateTable(
                self._sink.spelling.table(table),
                enums=created_enums(self._sink.spelling, table.columns),
                if_not_exists=bool(if_not_exists),
            )
        )
        return table

    def drop_table(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop a table and its rows."""
        self.invoke(DropTable(str(table_name), schema, if_exists=bool(if_exists)))

    def rename_table(
        self, old_table_name: str, new_table_name: str, *, schema: str | None = None
    ) -> None:
        """Give a table another name."""
        self.invoke(RenameTable(str(old_table_name), schema, new_name=str(new_table_name)))

    def create_table_comment(
        self,
        table_name: str,
        comment: str | None,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        """Set a table's comment."""
        self.invoke(CommentTable(table_name, schema, comment, existing_comment))

    def drop_table_comment(
        self,
        table_name: str,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        """Remove a table's comment."""
        self.invoke(CommentTable(table_name, schema, None, existing_comment))

    def set_table_options(
        self, table_name: str, *, schema: str | None = None, **options: Any
    ) -> None:
        """Change a table's engine, charset, storage and the like: ``mysql_engine="InnoDB"``.

        Options of other databases are left aside; ``None`` takes an option away.
        """
        spelled = self._sink.spelling.own_options(options)
        if spelled:
            self.invoke(SetTableOptions(table_name, schema, options=spelled))
