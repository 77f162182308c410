"""The app's say in what is compared: exclusion patterns and hooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ..dialects.base import Dialect
from ..schema import Column, Schema, Table
from .light import Light
from .options import Options

ITEMS = {
    "uniques": "unique_constraint",
    "foreign_keys": "foreign_key_constraint",
    "checks": "check_constraint",
    "excludes": "exclude_constraint",
    "indexes": "index",
}
"""The words that the hooks have for what stands on a table."""


@dataclass(frozen=True)
class Context:
    """What the hooks get as their first argument."""

    dialect: sa.Dialect
    connection: sa.Connection | None
    opts: Options

    @property
    def bind(self) -> sa.Connection | None:
        """The connection, by its other name."""
        return self.connection

    @property
    def impl(self) -> Context:
        """Itself, since hooks ask ``context.impl.dialect`` too."""
        return self


class Filter:
    """Lets a wanted schema agree with the database wherever a difference is not to be seen."""

    def __init__(
        self,
        dialect: Dialect,
        connection: sa.Connection,
        models: Mapping[str, sa.Table],
        options: Options,
    ) -> None:
        self.options = options
        self.context = Context(dialect.sqlalchemy, connection, options)
        self.models = models
        self.light = Light(dialect)

    @property
    def is_idle(self) -> bool:
        """Whether nobody has anything to say."""
        options = self.options
        return (
            not options.exclude
            and options.include_object is None
            and options.include_name is None
            and options.compare_type is True
            and options.compare_server_default is True
        )

    def schema(self, before: Schema, wanted: Schema) -> Schema:
        """The wanted schema with the database's own wherever nothing may be compared."""
        tables: dict[str, Table] = {}
        for key, table in wanted.tables.items():
            old = before.tables.get(key)
            if self._wants_table(key, table, old):
                tables[key] = self.new(table) if old is None else self.table(old, table)
            elif old is not None:
                tables[key] = old
        for key, table in before.tables.items():
            is_gone = key not in wanted.tables and key not in self.options.history_tables
            if is_gone and not self._wants_table(key, None, table):
                tables[key] = table
        return replace(wanted, tables=tables)

    def both(self, before: Schema, wanted: Schema, models: Schema) -> tuple[Schema, Schema]:
        """The wanted schema so, and the models' own words with new tables as they shall be."""
        wanted = self.schema(before, wanted)
        new = {
            key: self.new(table)
            for key, table in models.tables.items()
            if key in wanted.tables and key not in before.tables
        }
        return wanted, replace(models, tables={**models.tables, **new})

    def _wants_table(self, key: str, model: Table | None, old: Table | None) -> bool:
        if self.options.excludes(key):
            return False
        table = model or old
        assert table is not None
        if old is not None and not self._wants_name(table.name, "table", table):
            return False
        return self._wants("table", table.name, self._table(model), self._reflected(old))

    def _wants_name(self, name: str | None, kind: str, table: Table) -> bool:
        include = self.options.include_name
        if include is None:
            return True
        parents = {"schema_name": table.schema, "schema_qualified_table_name": table.key}
        if kind != "table":
            parents["table_name"] = table.name
        return include(name, kind, parents)

    def _wants(self, kind: str, name: str | None, model: Any, old: Any) -> bool:
        include = self.options.include_object
        if include is None:
            return True
        if model is None:
            return include(old, name, kind, True, None)
        return include(model, name, kind, False, old)

    def _table(self, table: Table | None) -> Any:
        if table is None or self.options.include_object is None:
            return None
        return self.models.get(table.key)

    def _reflected(self, table: Table | None) -> Any:
        if table is None or self.options.include_object is None:
            return None
        return self.light.table(table)

    # -- inside a table

    def new(self, table: Table) -> Table:
        """A table to be created without the indexes that are not to be seen."""
        indexes = {
            key: index
            for key, index in table.indexes.items()
            if self._wants_item(table, "index", key, (index, None))
        }
        return table if indexes == table.indexes else replace(table, indexes=indexes)

    def table(self, before: Table, wanted: Table) -> Table:
        """A wanted table with the database's own columns, constraints and indexes where asked."""
        columns = self._agreed(before, wanted, "columns", "column")
        fields: dict[str, Any] = {
            what: self._agreed(before, wanted, what, kind) for what, kind in ITEMS.items()
        }
        known = before.columns
        for name, column in columns.items():
            if name in known and column is not known[name]:
                columns[name] = self._column(wanted, known[name], column)
        return replace(wanted, columns=columns, **fields)

    def _agreed(self, before: Table, wanted: Table, what: str, kind: str) -> dict[str, Any]:
        old, new = getattr(before, what), getattr(wanted, what)
        found: dict[str, Any] = {}
        for key, item in new.items():
            if self._wants_item(wanted, kind, key, (item, old.get(key))):
                found[key] = item
            elif key in old:
                found[key] = old[key]
        for key, item in old.items():
            if key not in new and not self._wants_item(wanted, kind, key, (None, item)):
                found[key] = item
        return found

    def _wants_item(self, table: Table, kind: str, key: str, pair: tuple[Any, Any]) -> bool:
        if self.options.excludes(f"{table.key}.{key}"):
            return False
        model, old = pair
        name = (model or old).name
        if old is not None and not self._wants_name(name, kind, table):
            return False
        if self.options.include_object is None:
            return True
        objects = self.light.items(table, self.models.get(table.key))
        said = None if model is None else objects.find(kind, model)
        read = None if old is None else self.light.item(table, kind, old)
        return self._wants(kind, name, said, read)

    def _column(self, table: Table, old: Column, new: Column) -> Column:
        """A column with the database's type and default where these are not to be compared."""
        model = self._model_column(table, new.name)
        changes: dict[str, Any] = {}
        compare_type = self.options.compare_type
        if compare_type is False:
            changes["type"] = old.type
        elif callable(compare_type):
            read = self.light.item(table, "column", old)
            said = model.type if model is not None else new.type.python
            differs = compare_type(self.context, read, model, read.type, said)
            if differs is False:
                changes["type"] = old.type
        compare_default = self.options.compare_server_default
        if compare_default is False:
            changes["default"] = old.default
        elif callable(compare_default) and (old.default or new.default):
            wished = None if model is None else model.server_default
            read = self.light.item(table, "column", old)
            differs = compare_default(self.context, read, model, old.default, wished, new.default)
            if differs is False:
                changes["default"] = old.default
        return replace(new, **changes) if changes else new

    def _model_column(self, table: Table, name: str) -> sa.Column[Any] | None:
        model = self.models.get(table.key)
        if model is None:
            return None
        return next((column for column in model.columns if column.name == name), None)
