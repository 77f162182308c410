"""Adding, dropping and altering columns: what changes is said together with what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...errors.operations import (
    NotSupportedHere,
    UnknownColumn,
    UnknownTable,
    ValuesDiffer,
    WrongArgument,
)
from ...operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    DropColumn,
)
from ...schema import Check, Column, Known, Schema, Table, Type, edits
from ..standard import dropping
from ..statement import Question, Step
from . import defaults, definition
from .another import AnotherColumn
from .expressions import ticked
from .joining import Change, used
from .renaming import is_in_a_key, may_be_meant
from .types import LONG, TEXTS, Types, bare, base


class ColumnChanges(AnotherColumn):
    """The ALTER TABLE clauses about columns."""

    narrows_keys_in_place = True
    """Whether a column of a foreign key becomes NOT NULL only where nothing needs a copy."""

    # -- adding and dropping

    def add_column_changes(self, operation: AddColumn, before: Known) -> Iterator[Change | Step]:
        """ADD COLUMN at its place, then what stands on the column."""
        column = operation.column
        guard = self.guard(operation.if_not_exists, "IF NOT EXISTS ")
        if not guard and operation.is_done(before):
            return
        place = self.position(operation, before)
        own = Table(
            operation.table,
            {},
            checks={
                item.key: item
                for item in operation.constraints
                if isinstance(item, Check) and item.column == column.name
            },
        )
        yield Change(
            f"ADD COLUMN {guard}{self.column(column, own)}{place}",
            touches=frozenset({column.name}),
            uses=used(place),
        )
        for constraint in operation.constraints:
            if getattr(constraint, "column", None) is None:
                yield from self.add_constraint_changes(
                    AddConstraint(
                        operation.table, operation.schema, constraint, operation.if_not_exists
                    ),
                    before,
                )
        for index in operation.indexes:
            yield from self.create_index_changes(
                CreateIndex(
                    operation.table,
                    operation.schema,
                    index,
                    if_not_exists=operation.if_not_exists,
                ),
                before,
            )

    def drop_column_changes(self, operation: DropColumn, before: Known) -> Iterator[Change | Step]:
        """DROP COLUMN, after the keys and indexes that the server would trip over."""
        name = operation.column
        if not self.is_alone(operation, before):
            table = before.table(operation.table, operation.schema)
            if table is None and not isinstance(before, Schema) and not operation.if_exists:
                raise UnknownTable(operation.key)
            if table is not None:
                if name not in table.columns:
                    if operation.if_exists:
                        return
                    raise UnknownColumn(operation.key, name, table.columns)
                yield from self.before_dropping(table, name)
        guard = self.guard(operation.if_exists, "IF EXISTS ")
        yield Change(
            f"DROP COLUMN {guard}{self.quoted(name)}",
            touches=frozenset({name}),
            gone=frozenset({name}),
        )

    def is_alone(self, operation: DropColumn, before: Known) -> bool:
        """Whether the table's text names the column once: where it is defined.

        This is one query, and finding out what stands on a column takes half a dozen.
        """
        text = definition.stored(before, self.place(operation.table, operation.schema))
        return text.count(ticked(operation.column)) == 1

    def before_dropping(self, table: Table, name: str) -> Iterator[Change | Step]:
        """Drop the foreign keys on a column, and the keys it shares with others.

        MariaDB refuses to drop such a column, MySQL would silently take it out of the key. An index
        of this column alone goes with it.
        """
        after = edits.without_column(table, name)
        for key in table.foreign_keys.values():
            if name in key.columns:
                yield from self.drop_foreign_key(key, table, after, besides=name)
        key_columns = () if table.primary_key is None else table.primary_key.columns
        if name in key_columns and len(key_columns) > 1:
            yield Change("DROP PRIMARY KEY")
        shared = [
            *(
                unique.name
                for unique in table.uniques.values()
                if name in unique.columns and len(unique.columns) > 1
            ),
            *(
                index.name
                for index in table.indexes.values()
                if name in index.columns and len(index.keys) > 1
            ),
        ]
        yield from self.replacements(table, after)
        for shared_name in shared:
            yield Change(f"DROP INDEX {self.named(shared_name, 'An index', table.key)}")

    def position(self, operation: AddColumn | AlterColumn, before: Known) -> str:
        """FIRST or AFTER another column, where the operation asks for a place."""
        if operation.after_column is not None:
            table = before.table(operation.table, operation.schema)
            if table is not None and operation.after_column not in table.columns:
                raise UnknownColumn(operation.key, operation.after_column, table.columns)
            return f" AFTER {self.quoted(operation.after_column)}"
        if operation.before_column is None:
            return ""
        table = before.table(operation.table, operation.schema)
        if table is None:
            raise WrongArgument(
                f"A place before column '{operation.before_column}' needs to know table "
                f"'{operation.key}', which is not known here.",
                hint="Give insert_after instead.",
            )
        moving = operation.column if isinstance(operation.column, str) else ""
        names = [name for name in table.columns if name != moving]
        if operation.before_column not in names:
            raise UnknownColumn(operation.key, operation.before_column, names)
        return self.behind(operation.before_column, names)

    # -- altering

    def alter_column_changes(
        self, operation: AlterColumn, before: Known
    ) -> Iterator[Change | Step]:
        """The change of a column, between the checks that its type takes along."""
        for dropped in operation.dropped_constraints:
            yield from self.drop_constraint_changes(dropping(operation, dropped), before)
        yield from self.column_change(operation, before)
        for constraint in operation.constraints:
            yield from self.add_constraint_changes(
                AddConstraint(operation.table, operation.schema, constraint), before
            )

    def column_change(self, operation: AlterColumn, before: Known) -> Iterator[Change | Step]:
        """RENAME COLUMN or SET DEFAULT where that is all, else the whole column said again."""
        changes = operation.changes
        if "identity" in changes and changes["identity"] is not None:
            raise NotSupportedHere("identity columns", self.title)
        changes.pop("identity", None)
        moved = operation.before_column is not None or operation.after_column is not None
        if not changes and not operation.options and not moved:
            return
        table = before.table(operation.table, operation.schema)
        operation = self.as_said(operation, table)
        changes = operation.changes
        name, new = operation.column, str(changes.get("name", operation.column))
        touches = frozenset({name, new})
        gone = frozenset({name, new}) if new != name else frozenset()
        if set(changes) == {"name"} and not operation.options and not moved:
            text = f"RENAME COLUMN {self.quoted(name)} TO {self.quoted(new)}"
            change = Change(text, touches, gone, in_place=_is_of_a_key(name, table, before))
            yield from self.renaming(operation, change, before)
            return
        if table is None and not isinstance(before, Schema):
            raise UnknownTable(operation.key)
        if set(changes) == {"default"} and not operation.options and not moved:
            words = self.only_default(operation, table)
            if words is not None:
                yield Change(f"ALTER COLUMN {self.quoted(name)} {words}", touches)
                return
        old = self.old_column(operation, table)
        column = self.new_column(operation, old)
        if "computed" in changes:
            yield from self.overwriting(operation, old, column)
            if _needs_another(old, column):
                own = self.with_own_checks(operation, table, new)
                yield from self.another_column(operation, column, own, before)
                return
        said = self.column(column, self.with_own_checks(operation, table, new))
        said += self.position(operation, before)
        narrowed = old.nullable and not column.nullable and self.narrows_keys_in_place
        in_place = narrowed and _is_of_a_key(name, table, before)
        if new == name:
            yield Change(f"MODIFY {said}", touches, gone, in_place=in_place)
            return
        text = f"CHANGE {self.quoted(name)} {said}"
        yield from self.renaming(operation, Change(text, touches, gone, in_place=in_place), before)

    def overwriting(self, operation: AlterColumn, old: Column, new: Column) -> Iterator[Step]:
        """The question whether an expression would overwrite values that say something else."""
        if new.computed is None or old.computed is not None:
            return
        name, expression = self.quoted(old.name), new.computed.expression
        ours, theirs = name, f"({expression})"
        if base(old.type.text) in TEXTS:
            # Letters that a collation calls equal are not the same.
            ours, theirs = (
                f"CAST({text} AS CHAR CHARACTER SET utf8mb4)" for text in (ours, theirs)
            )
            theirs += " COLLATE utf8mb4_bin"
        place = self.place(operation.table, operation.schema)
        query = (
            f"SELECT 1 FROM {place} WHERE {name} IS NOT NULL AND NOT {ours} <=> {theirs} LIMIT 1"
        )
        yield Question(query, lambda rows: ValuesDiffer(f"{operation.key}.{old.name}", expression))

    def as_said(self, operation: AlterColumn, table: Table | None) -> AlterColumn:
        """The operation with what the revision takes for granted, where that is not so.

        As the whole column is said again, some revisions bring the new values of an enum, or
        another length, as what is there already.
        """
        old = table.columns.get(operation.column) if table is not None else None
        if old is None or set(operation.changes) == {"default"}:
            return operation
        said = operation.existing
        other: dict[str, Any] = {}
        if "type" in said and _is_other(said["type"], old.type):
            other["type"] = said["type"]
        if said.get("nullable", old.nullable) != old.nullable:
            other["nullable"] = said["nullable"]
        return replace(operation, **(other | operation.changes)) if other else operation

    def only_default(self, operation: AlterColumn, table: Table | None) -> str | None:
        """SET DEFAULT or DROP DEFAULT; ``None`` where more must be said.

        ALTER COLUMN ... SET DEFAULT forgets ON UPDATE, so whatever may have one is said again; and
        MySQL takes no default for a long text, bytes or JSON there, not even NULL, without which
        every row would have to name the column.
        """
        column = table.columns.get(operation.column) if table is not None else None
        default = operation.changes["default"]
        existing = operation.existing.get("type")
        text = column.type.text if column else existing.text if existing else ""
        is_moment = text.lower().startswith(("timestamp", "datetime"))
        on_update = default is not None and defaults.ON_UPDATE.search(default)
        if on_update or (is_moment and (column or existing)):
            return None
        nullable = column.nullable if column else operation.existing.get("nullable", False)
        if default is None and not nullable:
            return "DROP DEFAULT"
        if base(text) in LONG:
            return None
        return f"SET DEFAULT {self.default_value(default or 'NULL', text)}"

    def old_column(self, operation: AlterColumn, table: Table | None) -> Column:
        """The column before, from the table or else from what the revision says of it."""
        if table is not None:
            if operation.column not in table.columns:
                raise UnknownColumn(operation.key, operation.column, table.columns)
            return table.columns[operation.column]
        existing = dict(operation.existing)
        if "type" not in existing:
            if "type" not in operation.changes:
                raise WrongArgument(
                    f"{self.title} must say the whole column '{operation.column}' again to change "
                    f"it, and table '{operation.key}' is not known here.",
                    hint="Give existing_type (and existing_nullable, existing_server_default and "
                    "existing_comment where it has them) to alter_column().",
                )
            existing["type"] = operation.changes["type"]
        return Column(operation.column, **existing)

    def new_column(self, operation: AlterColumn, old: Column) -> Column:
        """The column after, with ON UPDATE kept where only the default changes."""
        new = operation.changed(old)
        default, on_update = defaults.split(new)
        if "default" in operation.changes and on_update is None and "on_update" not in new.options:
            on_update = defaults.split(old)[1]
        options = {name: value for name, value in new.options.items() if value is not None}
        options.pop("on_update", None)
        if on_update is not None and _can_update(new):
            options["on_update"] = on_update
        if new.autoincrement and operation.changes.get("autoincrement") is None:
            # A key that becomes a text or gets a default is no longer numbered.
            numbered = _is_number(new.type.text) and default is None and new.computed is None
            new = replace(new, autoincrement=numbered)
        return replace(new, default=default, options=options)

    def with_own_checks(self, operation: AlterColumn, table: Table | None, new: str) -> Table:
        """A table that holds the column's own checks, which must be said again too."""
        if table is None:
            return Table(operation.table, {})
        checks = {
            key: replace(check, column=new)
            for key, check in table.checks.items()
            if check.column == operation.column
        }
        return Table(operation.table, {}, checks=checks)


def _needs_another(old: Column, new: Column) -> bool:
    """Whether the server refuses to alter one column into the other.

    https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html
    """
    was, becomes = old.computed, new.computed
    if was is None or becomes is None:
        return not bool((was or becomes) and (was or becomes).stored)  # type: ignore[union-attr]
    return bool(was.stored) != bool(becomes.stored)


def _is_of_a_key(column: str, table: Table | None, before: Known) -> bool:
    """Whether a foreign key may have the column, or refer to it."""
    return table is None or is_in_a_key(column, table) or may_be_meant(column, table, before)


def _is_number(text: str) -> bool:
    word = text.lower()
    return "int" in word or word.startswith(("float", "double", "real", "serial"))


def _can_update(column: Column) -> bool:
    return column.type.text.lower().startswith(("timestamp", "datetime"))


def _is_other(said: Type, found: Type) -> bool:
    """Whether two types differ by more than a character set or collation, which may be left out."""
    spelled = Types().spelled
    return spelled(bare(said.text)) != spelled(bare(found.text))
