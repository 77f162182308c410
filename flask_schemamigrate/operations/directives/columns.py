"""Directives about columns."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from ...errors.operations import WrongArgument
from ...schema import Constraint, PrimaryKey, Table
from ...schema.texts import is_plain
from ..columns import AddColumn, AlterColumn, DropColumn
from ..sink import Collector
from .base import Directives, free, on_column
from .types import created_enums


class ColumnDirectives(Directives):
    """Add, drop, alter and rename columns."""

    def add_column(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | str | None = None,
        insert_before: str | None = None,
        insert_after: str | None = None,
    ) -> None:
        """Add a column with the constraints and indexes written on it.

        Its place is the end, unless ``insert_before`` or ``insert_after`` name a column.
        ``inline_primary_key`` makes it the primary key, under this name if it is one.
        """
        column = free(column)
        spelled = self._table_of(str(table_name), column, schema)
        constraints: tuple[Constraint, ...] = on_column(spelled)
        if inline_primary_key and spelled.primary_key is not None:
            said = inline_primary_key if isinstance(inline_primary_key, str) else None
            name = said or spelled.primary_key.name
            constraints = (PrimaryKey((column.name,), name), *constraints)
        self.invoke(
            AddColumn(
                spelled.name,
                schema,
                column=next(iter(spelled.columns.values())),
                constraints=constraints,
                indexes=tuple(spelled.indexes.values()),
                enums=created_enums(self._sink.spelling, [column]),
                before_column=insert_before,
                after_column=insert_after,
                inline=bool(inline_references),
                if_not_exists=bool(if_not_exists),
                is_key=inline_primary_key is None and self._is_new_key(column),
            )
        )

    def _is_new_key(self, column: sa.Column[Any]) -> bool:
        """Whether a batch adds a primary key where Alembic's writes the table anew, with it."""
        in_batch = isinstance(self._sink, Collector)
        return (
            bool(column.primary_key) and in_batch and not self._sink.spelling.dialect.supports_alter
        )

    def _table_of(self, name: str, column: sa.Column[Any], schema: str | None) -> Table:
        """A table of this one column, with all that is written on it."""
        spelling = self._sink.spelling
        if _is_bare(column):
            # SQLAlchemy takes longer to make a table than everything else does for a new column.
            return Table(name, {column.name: spelling.column(column)}, schema)
        return spelling.table(sa.Table(name, self._metadata(), column, schema=schema))

    def drop_column(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop a column and its values."""
        self.invoke(DropColumn(table_name, schema, column=column_name, if_exists=bool(if_exists)))

    def rename_column(
        self, table_name: str, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Give a column another name; keys and indexes follow."""
        self.invoke(AlterColumn(table_name, schema, column=old_name, name=new_name))

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | bool | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any = None,
        existing_type: Any = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        schema: str | None = None,
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Change what is named and leave the rest as it is.

        ``existing_*`` are only needed for offline SQL on a database that restates a column,
        ``postgresql_using`` is the expression from old values to new ones.
        """
        column_name = _name(column_name)
        type_, existing_type = kw.pop("type", type_), kw.pop("existing_type_", existing_type)
        existing = {
            "type": _instance(existing_type),
            "nullable": existing_nullable,
            "default": existing_server_default,
            "comment": existing_comment,
            "autoincrement": kw.pop("existing_autoincrement", None),
        }
        changes = self._changes(column_name, _instance(type_), server_default, existing)
        changes |= self._type_bound(table_name, column_name, schema, type_, existing_type)
        named = {
            "nullable": nullable,
            "name": None if new_column_name == column_name else new_column_name,
            "autoincrement": kw.pop("autoincrement", None),
        }
        changes |= {what: value for what, value in named.items() if value is not None}
        changes |= {} if comment is False else {"comment": comment}
        self.invoke(
            AlterColumn(
                table_name,
                schema,
                column=column_name,
                **changes,
                using=kw.pop("postgresql_using", None),
                options=self._sink.spelling.own_options(kw),
                existing=self._existing(column_name, existing),
                before_column=insert_before,
                after_column=insert_after,
            )
        )

    def _changes(
        self, name: str, type_: Any, server_default: Any, existing: dict[str, Any]
    ) -> dict[str, Any]:
        """The new type and default, with what they are besides: computed, identity, enums."""
        spelling = self._sink.spelling
        changes: dict[str, Any] = {}
        if type_ is not None:
            changes["type"] = spelling.type(type_)
            changes["enums"] = created_enums(spelling, [sa.Column(name, type_)])
        if server_default is False:
            return changes
        kind = _kind_of_default(existing["default"] if server_default is None else server_default)
        if kind == "identity" and not spelling.dialect.supports_identity_columns:
            # What create_table() makes of an identity there.
            return {**changes, "autoincrement": server_default is not None}
        if server_default is None:
            return {**changes, kind: None}
        if not isinstance(server_default, str | sa.sql.ClauseElement | sa.FetchedValue):
            raise WrongArgument(
                f"server_default of column '{name}' is a {type(server_default).__name__}.",
                hint='Give a string, sa.text("..."), sa.Computed, sa.Identity or None.',
            )
        column = self._adhoc_column(name, type_ or existing["type"], server_default)
        return {**changes, kind: getattr(spelling.column(column), kind)}

    def _adhoc_column(self, name: str, type_: Any, server_default: Any) -> sa.Column[Any]:
        special = isinstance(server_default, sa.Computed | sa.Identity)
        items = [server_default._copy()] if special else []
        default = None if special else server_default
        column = sa.Column(name, type_ or sa.types.NULLTYPE, *items, server_default=default)
        sa.Table("_", sa.MetaData(), column)
        if type_ is None:
            column.type = sa.String(255)
        return column

    def _existing(self, name: str, existing: dict[str, Any]) -> dict[str, Any]:
        """What the revision says of the column before, spelled."""
        found: dict[str, Any] = {}
        if existing["type"] is not None:
            # Old revisions say "sa.Enum" or "sa.String()" where no column could have that type.
            with suppress(sa.exc.CompileError):
                found["type"] = self._sink.spelling.type(existing["type"])
        for what in ("nullable", "comment", "autoincrement"):
            if existing[what] is not None:
                found[what] = existing[what]
        default = existing["default"]
        if default is None:
            found["default"] = None
        elif default is not False:
            kind = _kind_of_default(default)
            column = self._adhoc_column(name, existing["type"], default)
            found[kind] = getattr(self._sink.spelling.column(column), kind)
        return found

    def _type_bound(
        self, table: str, column: str, schema: str | None, type_: Any, existing: Any
    ) -> dict[str, Any]:
        """The CHECKs that a Boolean or Enum type takes along when it comes or goes."""
        if type_ is None:
            return {}
        return {
            "constraints": self._checks_of(table, column, schema, _instance(type_)),
            "dropped_constraints": self._checks_of(table, column, schema, _instance(existing)),
        }

    def _checks_of(
        self, table: str, column: str, schema: str | None, type_: Any
    ) -> tuple[Constraint, ...]:
        if not getattr(type_, "create_constraint", False):
            return ()
        copied = type_.copy()
        adhoc = sa.Table(table, self._metadata(), sa.Column(column, copied), schema=schema)
        return on_column(self._sink.spelling.table(adhoc))


def _is_bare(column: sa.Column[Any]) -> bool:
    """Whether a column is a name, a type and perhaps a default, and no rule hangs on it."""
    rules = (column.primary_key, column.unique, column.index, column.foreign_keys)
    is_ruled = any(rules) or column.constraints or getattr(column.type, "create_constraint", False)
    return bool(column.name) and is_plain(column.type) and not is_ruled


def _name(column: str | sa.Column[Any]) -> str:
    """A column's name; a few old revisions say the column as a whole."""
    return column if isinstance(column, str) else column.name


def _instance(type_: Any) -> Any:
    """A type given as a class or an instance, as an instance."""
    return None if type_ is None else sa.types.to_instance(type_)


def _kind_of_default(default: Any) -> str:
    """Which attribute of a column a ``server_default`` speaks of."""
    if isinstance(default, sa.Computed):
        return "computed"
    return "identity" if isinstance(default, sa.Identity) else "default"
