"""How changes to columns are made: natively, in the stored text, or by a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from ...errors.altering import ChangeRefused
from ...operations import AddColumn, AlterColumn, DropColumn, SetTableOptions
from ...schema import Check, Column, ForeignKey, Table, edits
from ..statement import Question, Statement, Step
from . import checks, dependents, editing
from .draft import Draft
from .plan import COPY, NATIVE, NOTHING, TEXT, Parsed, Plan
from .rebuild import rowid_alias
from .scratch import Stored
from .spelled import bare_type, is_constant, spelled_table
from .stored_text import ColumnText, TableText, parse_table
from .tokens import mentions
from .writing import Writing


class ColumnChanges(Writing):
    """Adds, drops and alters columns of a planned table."""

    @property
    def version(self) -> tuple[int, ...]:
        """SQLite's version."""
        dbapi = self.sqlalchemy.dbapi
        return tuple(getattr(dbapi, "sqlite_version_info", (3, 40, 0)))

    # -- adding

    def native_addition(self, stored: Stored, column: Column) -> Statement:
        """ADD COLUMN for a column that is plain."""
        spelled = spelled_table(Table(stored.name, {column.name: column})).columns[column.name]
        place = checks.place(stored)
        return Statement(f"ALTER TABLE {place} ADD COLUMN {self.column(spelled)}")

    def plan_add_column(self, plan: Plan, operation: AddColumn) -> None:
        """Take a new column in."""
        name = operation.column.name
        if name in plan.table.columns:
            if operation.if_not_exists:
                return plan.add(NOTHING)
            raise ChangeRefused(plan.table.key, f"it already has a column '{name}'")
        operation = operation.keyed(plan.table)
        table = plan.apply(operation)
        column = table.columns[name]
        is_native = self.adds_natively(operation, column, plan)
        inside = list(_inside(operation, native=is_native))
        clause = " ".join([self.column(column), *map(self.inline, inside)])
        others = [self.constraint(item) for item in operation.constraints if item not in inside]
        text = partial(_added, plan.parsed, operation, clause, others)
        # The column that becomes the rowid has the rows' numbers for its values.
        filled = column.default is not None or column.computed is not None or column.autoincrement
        has_value = column.nullable or filled
        questions = () if has_value else (checks.no_rows(plan.stored, name),)
        place = checks.place(plan.stored)
        native: tuple[Step, ...] = (Statement(f"ALTER TABLE {place} ADD COLUMN {clause}"),)
        plan.add(NATIVE if is_native else COPY, text, native=native, questions=questions)
        plan.table = table
        plan.source[name] = None
        return None

    def adds_natively(self, operation: AddColumn, column: Column, plan: Plan) -> bool:
        """Whether ADD COLUMN can do it, whatever rows there are.

        https://www.sqlite.org/lang_altertable.html#altertabaddcol
        """
        last = next(reversed(list(plan.table.columns)), None)
        if (
            last is None
            or operation.before_column is not None
            or operation.after_column not in (None, last)
        ):
            return False
        if column.computed is not None and column.computed.stored:
            return False
        # ADD COLUMN does not look whether a STRICT table takes the default; a copy does.
        strict = plan.table.options.get("strict")
        if column.default is not None and (strict or not is_constant(column.default)):
            return False
        for constraint in operation.constraints:
            if isinstance(constraint, ForeignKey):
                # A default would have to refer to a row, which SQLite does not look into.
                if len(constraint.columns) > 1 or column.default is not None:
                    return False
            elif not isinstance(constraint, Check) or self.version < (3, 37):
                return False
        return True

    # -- dropping

    def plan_drop_column(self, plan: Plan, operation: DropColumn) -> None:
        """Take out a column, with the keys, indexes and CHECKs that are about it alone."""
        name = operation.column
        if operation.if_exists and name not in plan.table.columns:
            return plan.add(NOTHING)
        table = plan.apply(operation)
        dependents.refuse_if_needed(plan, name, self.sqlalchemy)
        gone = dependents.indexes_on(plan, name)
        for clause in dependents.checks_with(plan.text, name):
            key = clause.name or f"check ({clause.text})"
            check = table.checks.get(key)
            table = table if check is None else edits.without_constraint(table, check)
        text, others = plan.text, False
        while outer := next(dependents.outside(text, name), None):
            text, others = parse_table(editing.without_clause(text, outer)), True
        column = text.column(name)
        keyed = any(item.kind in ("PRIMARY KEY", "UNIQUE") for item in column.clauses)
        needs_copy = others or keyed or not table.columns or _is_misread(text, column)
        is_native = not needs_copy and self.version >= (3, 35)
        place = checks.place(plan.stored)
        native: list[Step] = [self._index_dropped(label, plan) for label in gone]
        native.append(Statement(f"ALTER TABLE {place} DROP COLUMN {self.quoted(name)}"))
        for label in gone:
            del plan.indexes[label]
        without = editing.without_column(text, name)
        plan.add(NATIVE if is_native else COPY, without, native=tuple(native))
        plan.table = table
        del plan.source[name]
        return None

    def _index_dropped(self, name: str, plan: Plan) -> Step:
        return Statement(f"DROP INDEX {self.place(name, plan.schema)}")

    # -- altering

    def plan_alter_column(self, plan: Plan, operation: AlterColumn) -> None:
        """Take in new attributes of a column; its name is SQLite's own affair."""
        table = plan.apply(operation)
        old, new = plan.table.columns[operation.column], table.columns[operation.column]
        draft = Draft(new.name, plan.text)
        if new.type != old.type:
            draft.needs(TEXT if self.keeps_storage(plan, old, new) else COPY)
            declared, collation = bare_type(new.type.text)
            draft.retype(declared)
            if collation.upper() != bare_type(old.type.text)[1].upper():
                draft.say("COLLATE", f"COLLATE {self.quoted(collation)}" if collation else "")
        if new.computed != old.computed:
            draft.needs(COPY)
            if new.computed is not None:
                draft.questions.extend(self._overwriting(plan, old, new.computed.expression))
            draft.say("GENERATED", "" if new.computed is None else self.computed(new))
        if new.default != old.default:
            draft.needs(TEXT)
            draft.say("DEFAULT", "" if new.default is None else self.default_clause(new.default))
            draft.has_new_default = plan.source.get(new.name) is not None
        if (new.nullable, new.options) != (old.nullable, old.options):
            draft.needs(TEXT)
            draft.say("NOT NULL", "" if new.nullable else self.not_null(new))
            if not new.nullable:
                draft.say("NULL", "")
                if plan.has_values(new.name):
                    draft.questions.append(checks.no_nulls(plan.stored, new.name))
        if list(table.columns) != list(plan.table.columns):
            draft.needs(COPY)
            draft.text = parse_table(editing.reordered(draft.text, list(table.columns)))
        draft.take_into(plan)
        plan.table = table

    def _overwriting(self, plan: Plan, old: Column, expression: str) -> Iterator[Question]:
        """The question whether values of the column's own would go."""
        if old.computed is None and plan.has_values(old.name):
            used = [name for name in plan.table.columns if mentions(expression, name)]
            known = plan.has_values(*used)
            yield checks.none_overwritten(plan.stored, old.name, expression, known=known)

    def keeps_storage(self, plan: Plan, old: Column, new: Column) -> bool:
        """Whether a type's change touches nothing that is stored."""
        was, now = bare_type(old.type.text), bare_type(new.type.text)
        if was[1].upper() != now[1].upper() or old.name == rowid_alias(plan.text):
            return False
        key = plan.table.primary_key
        if key is not None and key.columns == (new.name,) and now[0] == "INTEGER":
            return False
        strict = bool(plan.table.options.get("strict"))
        return affinity(was[0]) == affinity(now[0]) and (
            not strict or "ANY" not in (was[0], now[0])
        )

    # -- the whole table

    def plan_options(self, plan: Plan, operation: SetTableOptions) -> None:
        """Take in STRICT, WITHOUT ROWID and AUTOINCREMENT."""
        table = plan.apply(operation)
        if table.options == plan.table.options:
            return plan.add(NOTHING)
        if table.options.get("autoincrement") != plan.table.options.get("autoincrement"):
            plan.add(COPY, self.table_text(replace(table, schema=None)))
        else:
            plan.add(COPY, editing.with_options(plan.text, self.table_options(table)))
        plan.table = table
        return None


def is_plain(operation: AddColumn) -> bool:
    """Whether a new column is only a name and a type, and may come last."""
    column = operation.column
    alone = Column(column.name, column.type)
    return operation == AddColumn(operation.table, operation.schema, column=alone)


def takes_plainly(sql: str, name: str) -> bool:
    """Whether a table of this text surely has no such column, and looks at no value."""
    is_new = name.isidentifier() and not mentions(sql, name)
    return is_new and sql.startswith("CREATE TABLE") and not mentions(sql, "STRICT")


def _is_misread(text: TableText, column: ColumnText) -> bool:
    """Whether DROP COLUMN would cut the text at a comma in a comment.

    SQLite looks for the last column's comma backwards from its name, through comments too.
    """
    if column is not text.columns[-1] or len(text.columns) == 1:
        return False
    return "," in text.text[text.columns[-2].comma + 1 : column.start]


def _inside(operation: AddColumn, *, native: bool) -> Iterator[Check | ForeignKey]:
    """The constraints in the column's own clause, where SQLAlchemy reads no foreign key's name."""
    for item in operation.constraints:
        match item:
            case Check():
                yield item
            case ForeignKey(columns=(_,), name=name) if native or not name:
                yield item


def _added(before: Parsed, operation: AddColumn, clause: str, others: list[str]) -> str:
    """The text with a new column and the constraints that do not fit into its clause."""
    text = editing.with_column(
        before.text, clause, before=operation.before_column, after=operation.after_column
    )
    for constraint in others:
        text = editing.with_constraint(parse_table(text), constraint)
    return text


def affinity(declared: str) -> str:
    """How SQLite stores values of a declared type.

    https://www.sqlite.org/datatype3.html#determination_of_column_affinity
    """
    text = declared.upper()
    if "INT" in text:
        return "INTEGER"
    if any(word in text for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in text or not text:
        return "BLOB"
    if any(word in text for word in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"
