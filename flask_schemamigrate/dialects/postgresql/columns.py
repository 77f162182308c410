"""The statements that alter a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from ...errors.operations import UnknownColumn, ValuesDiffer
from ...operations import AddConstraint, AlterColumn
from ...schema import Column, Identity, Known, Table, Type
from ..base import Live
from ..standard import column_type, dropping
from ..statement import Question, Statement, Step
from . import casts
from .alteration import Turn, alteration, words_of
from .aside import Aside, aside, generated_from
from .enums import EnumStatements
from .read import FIRST_USER_OID, answers
from .types import INTEGERS, spelled_type

Action = tuple[str, Turn]

PLAIN_COLUMN = f"""
SELECT format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
    a.attname = {{name}} AND a.atttypid < {FIRST_USER_OID} AND a.attislocal
        AND a.attidentity = '' AND a.attgenerated = '' AND a.attcollation = t.typcollation
        AND (NOT a.atthasdef OR pg_get_expr(d.adbin, d.adrelid) ~ '^(''|[0-9]|true|false)')
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = to_regclass({{place}}) AND a.attnum > 0 AND NOT a.attisdropped
    AND (a.attname = {{name}} OR a.attgenerated <> '')"""
"""A column's type, whether it may be null, a default that is a value, and whether that is all."""


@dataclass(frozen=True)
class Change:
    """A column before and after; ``old`` is what is known of it."""

    operation: AlterColumn
    table: Table | None
    old: Column

    @property
    def new(self) -> Column:
        """The column after the change, still under its old name."""
        return replace(self.operation.changed(self.old), name=self.old.name)

    @property
    def counted(self) -> str:
        """How the database numbered the column: "identity", "serial" or not at all."""
        return counted(self.old)

    @property
    def will_be_counted(self) -> str:
        """How the database will number the column."""
        return counted(self.new)

    @property
    def says(self) -> dict[str, Any]:
        """What the operation changes."""
        return self.operation.changes


class ColumnStatements(EnumStatements):
    """ALTER COLUMN in all its forms."""

    def alter_column(self, operation: AlterColumn, before: Known) -> Iterator[Step]:
        """The changes in an order in which each finds what it needs, the new name last."""
        change = self._change(operation, before)
        yield from self.missing_enums(operation.enums, before)
        for constraint in operation.dropped_constraints:
            yield from self.drop_constraint(dropping(operation, constraint), before)
        made_again = self._is_made_again(change)
        yield from self._made_again(change) if made_again else self._generated(change)
        place = self.place(operation.table, operation.schema)
        quoted = self.quoted(operation.column)
        counting = list(self._counting(change))
        if change.counted and change.counted != change.will_be_counted:
            yield from counting
            counting = []
        generated = self._generated_from(change)
        yield from self.taken_away(generated) if generated else ()
        actions = () if made_again else self._actions(change)
        for words, turn in sorted(actions, key=itemgetter(1)):
            names = {operation.column} | words_of(operation.using or "")
            yield alteration(place, f"ALTER COLUMN {quoted} {words}", turn, names)
        yield from self.put_back(generated) if generated else ()
        yield from counting
        yield from self._last(operation, before)

    def _last(self, operation: AlterColumn, before: Known) -> Iterator[Step]:
        """The comment, the new name, and the constraints that come with the new type."""
        changes = operation.changes
        table, schema = operation.table, operation.schema
        if "comment" in changes:
            column = Column(operation.column, column_type(operation), comment=changes["comment"])
            yield from self.comment_column(table, schema, column)
        if "name" in changes:
            old, new = self.quoted(operation.column), self.quoted(changes["name"])
            yield Statement(f"ALTER TABLE {self.place(table, schema)} RENAME COLUMN {old} TO {new}")
        for constraint in operation.constraints:
            yield from self.add_constraint(AddConstraint(table, schema, constraint), before)

    def _change(self, operation: AlterColumn, before: Known) -> Change:
        """What is known of the column, asked only where the statements depend on it."""
        table = None
        if {"type", "computed", "identity", "autoincrement"} & operation.changes.keys():
            table = self._table(operation, before)
        if table is not None:
            if operation.column not in table.columns:
                raise UnknownColumn(table.key, operation.column, table.columns)
            return Change(operation, table, table.columns[operation.column])
        said = {name: value for name, value in operation.existing.items() if name != "type"}
        type_ = operation.existing.get("type") or Type("")
        return Change(operation, None, Column(operation.column, type_, **said))

    def _table(self, operation: AlterColumn, before: Known) -> Table | None:
        """The table; one quick look is enough for a plain column where none is generated."""
        if isinstance(before, Live) and "computed" not in operation.changes:
            place = self.place(operation.table, operation.schema)
            name = self.literal(operation.column)
            rows = answers(
                before.connection, PLAIN_COLUMN.format(place=self.literal(place), name=name)
            )
            if len(rows) == 1 and rows[0][-1]:
                type_, nullable, default, _ = rows[0]
                column = Column(operation.column, Type(type_), nullable=nullable, default=default)
                return Table(operation.table, {column.name: column}, operation.schema)
        return before.table(operation.table, operation.schema)

    def _generated_from(self, change: Change) -> Aside | None:
        """The generated columns that PostgreSQL does not take along to the column's new type."""
        if change.table is None or "type" not in change.says:
            return None
        columns = generated_from(change.table, [change.old.name])
        return aside(change.table, columns) if columns else None

    # -- attributes

    def _actions(self, change: Change) -> Iterator[Action]:
        """What follows ALTER COLUMN name, and when it is carried out."""
        says = change.says
        if "type" in says:
            self.leave(change.old.type, change.new.type)
            yield from self._type(change)
        elif "default" in says:
            yield self._default(says["default"])
        if "nullable" in says:
            if says["nullable"]:
                yield "DROP NOT NULL", Turn.DROP
            else:
                yield "SET NOT NULL", Turn.ATTRIBUTE

    def leave(self, old: Type, new: Type) -> None:
        """Remember that a column no longer uses its enum type."""
        if old.enum and old.enum != new.enum:
            self.abandoned.add(old.enum)

    def _default(self, default: str | None) -> Action:
        if default is None:
            return "DROP DEFAULT", Turn.DROP
        return f"SET DEFAULT {self.default(default)}", Turn.LAST

    def _type(self, change: Change) -> Iterator[Action]:
        """TYPE with the USING it needs; a default steps aside, since it may not fit both types."""
        old, new, says = change.old, change.new, change.says
        quoted = self.quoted(old.name)
        how = change.operation.using
        if how is None and old.type.text:
            how = casts.using(old.type.text, new.type.text, quoted)
        elif how is None:
            how = casts.using("text", new.type.text, quoted)
        aside = how is not None and old.default is not None
        if aside or (how is not None and "default" in says):
            yield "DROP DEFAULT", Turn.DROP
        yield f"TYPE {new.type.text}" + (f" USING {how}" if how else ""), Turn.TYPE
        if "default" in says:
            if how is None or says["default"] is not None:
                yield self._default(says["default"])
        elif aside and old.default is not None:
            default = casts.default_after(old.type.text, new.type.text, old.default)
            yield f"SET DEFAULT {default}", Turn.LAST

    # -- generated columns

    def _generated(self, change: Change) -> Iterator[Step]:
        """The steps that begin, change or end a column's expression."""
        if "computed" not in change.says:
            return
        old, new = change.old, change.new
        place = self.place(change.operation.table, change.operation.schema)
        name = self.quoted(old.name)
        if new.computed is None:
            if old.computed is not None and not old.computed.stored:
                yield from self._kept_values(change)
            else:
                guard = "" if old.computed else " IF EXISTS"
                # By itself: as long as it is generated, PostgreSQL takes no USING for another type.
                yield Statement(f"ALTER TABLE {place} ALTER COLUMN {name} DROP EXPRESSION{guard}")
            return
        words = f"ALTER COLUMN {name} SET EXPRESSION AS ({new.computed.expression})"
        yield alteration(place, words, Turn.EXPRESSION, [old.name])

    def _is_made_again(self, change: Change) -> bool:
        """Whether a column that shall be generated has to be dropped and added for it."""
        old, new = change.old, change.new
        if new.computed is None:
            return False
        if "computed" not in change.says:
            how = "type" in change.says and casts.using(old.type.text, new.type.text, old.name)
            return bool(how) and old.computed is not None
        same_way = old.computed is not None and (
            old.computed.stored in (None, new.computed.stored) or new.computed.stored is None
        )
        return not same_way or "type" in change.says or self.version < (17,)

    def _made_again(self, change: Change) -> Iterator[Step]:
        """The column anew, once it is sure that no value of its own goes with it."""
        if change.old.computed is None:
            yield self._equal_values(change)
        self.leave(change.old.type, change.new.type)
        yield from self._added_again(change, change.new)

    def _equal_values(self, change: Change) -> Step:
        """The question whether the expression would overwrite values that say something else."""
        name = self.quoted(change.old.name)
        assert change.new.computed is not None
        expression = change.new.computed.expression
        ours, theirs = name, f"({expression})"
        if "type" in change.says:
            ours, theirs = f"{name}::text", f"({expression})::{change.new.type.text}::text"
        query = (
            f"SELECT 1 FROM {self.place(change.operation.table, change.operation.schema)}\n"
            f"WHERE {name} IS NOT NULL AND {ours} IS DISTINCT FROM {theirs} LIMIT 1"
        )
        column = f"{change.operation.key}.{change.old.name}"
        return Question(query, lambda rows: ValuesDiffer(column, expression))

    def _added_again(self, change: Change, new: Column) -> Iterator[Step]:
        """DROP and ADD in one ALTER TABLE, then all that stood on the column."""
        place = self.place(change.operation.table, change.operation.schema)
        action = f"DROP COLUMN {self.quoted(new.name)}, ADD COLUMN {self.column(new)}"
        yield Statement(f"ALTER TABLE {place} {action}")
        yield from self._standing_on(change, new)

    def _kept_values(self, change: Change) -> Iterator[Step]:
        """A plain column with what a virtual one would have said, in its place."""
        place = self.place(change.operation.table, change.operation.schema)
        name, aside = self.quoted(change.old.name), self.quoted(change.old.name + "_kept")
        plain = replace(change.new, nullable=True, default=None)
        words = " ".join([aside, *self.column_words(plain, change.table)])
        yield Statement(f"ALTER TABLE {place} ADD COLUMN {words}")
        yield Statement(f"UPDATE {place} SET {aside} = {name}")
        yield Statement(f"ALTER TABLE {place} DROP COLUMN {name}")
        yield Statement(f"ALTER TABLE {place} RENAME COLUMN {aside} TO {name}")
        if not change.new.nullable:
            yield Statement(f"ALTER TABLE {place} ALTER COLUMN {name} SET NOT NULL")
        yield from self._standing_on(change, change.new)

    def _standing_on(self, change: Change, column: Column) -> Iterator[Step]:
        """The constraints, indexes and comment that went when the column was dropped."""
        if change.table is None:
            return
        found = aside(change.table, (column,))
        yield from self.rules_put_back(change.table, found.constraints, found.indexes)
        if column.comment is not None and "comment" not in change.says:
            yield from self.comment_column(change.table.name, change.table.schema, column)

    # -- numbered columns

    def _counting(self, change: Change) -> Iterator[Step]:
        """The steps between a plain, a serial and an identity column."""
        says, old, new = change.says, change.old, change.new
        if old.autoincrement and "type" in says and spelled_type(new.type.text) in INTEGERS:
            yield Statement(self._sequence_type(change))
        if "identity" not in says and "autoincrement" not in says:
            return
        was, will = change.counted, change.will_be_counted
        if was == will == "identity":
            words = " ".join(self._identity_changes(old.identity, new.identity))
            if words:
                place = self.place(change.operation.table, change.operation.schema)
                action = f"ALTER COLUMN {self.quoted(old.name)} {words}"
                yield alteration(place, action, Turn.ATTRIBUTE, [old.name])
        elif was != will or change.table is None:
            yield Statement(self._recounted(change, was, will))

    def _sequence_type(self, change: Change) -> str:
        """A serial column's sequence keeps its own type, and so the last number it can give."""
        type_ = spelled_type(change.new.type.text)
        return self._block(
            "EXECUTE format('ALTER SEQUENCE %s AS " + type_ + f"', {self._sequence(change)});"
        )

    def _identity_changes(self, old: Identity | None, new: Identity | None) -> Iterator[str]:
        """SET for each option that differs."""
        assert old is not None
        assert new is not None
        if old.always != new.always:
            yield f"SET GENERATED {'ALWAYS' if new.always else 'BY DEFAULT'}"
        if old.increment != new.increment:
            yield f"SET INCREMENT BY {new.increment or 1}"
        for word, before, after in (
            ("MINVALUE", old.minimum, new.minimum),
            ("MAXVALUE", old.maximum, new.maximum),
        ):
            if before != after:
                yield f"SET NO {word}" if after is None else f"SET {word} {after}"
        if old.start != new.start:
            yield f"SET START WITH {new.first}"
        if old.cache != new.cache:
            yield f"SET CACHE {new.cache or 1}"
        if old.cycle != new.cycle:
            yield "SET CYCLE" if new.cycle else "SET NO CYCLE"

    def _recounted(self, change: Change, was: str, will: str) -> str:
        """One block that ends the old way of numbering and begins the new one where it stopped."""
        table = self.place(change.operation.table, change.operation.schema)
        column = self.quoted(change.old.name)
        alter = f"ALTER TABLE {table} ALTER COLUMN {column}"
        lines = []
        if was:
            lines.append(f"next := nextval({self._sequence(change)});")
        elif will:
            lines.append(f"SELECT max({table}.{column}) + 1 INTO next FROM {table};")
        if was == "serial":
            lines.append(f"owned := {self._sequence(change)};")
            lines.append(f"{alter} DROP DEFAULT;")
            lines.append("EXECUTE 'DROP SEQUENCE ' || owned;")
        elif was == "identity" or not will:
            lines.append(f"{alter} DROP IDENTITY{'' if was else ' IF EXISTS'};")
        if will == "identity":
            assert change.new.identity is not None
            lines.append(f"{alter} SET NOT NULL;")
            lines.append(f"{alter} DROP DEFAULT;")
            lines.append(f"{alter} ADD {self.identity(change.new.identity)};")
        elif will == "serial":
            sequence = self.place(
                f"{change.operation.table}_{change.old.name}_seq", change.operation.schema
            )
            type_ = spelled_type(change.new.type.text)
            lines.append(f"CREATE SEQUENCE {sequence} AS {type_} OWNED BY {table}.{column};")
            lines.append(f"{alter} SET DEFAULT nextval({self.literal(sequence)});")
        if will:
            lines.append(
                f"IF next > 1 THEN PERFORM setval({self._sequence(change)}, next, false); END IF;"
            )
        return self._block(*lines, declare="next bigint; owned text;")

    def _sequence(self, change: Change) -> str:
        """The call that names the sequence a column owns."""
        table = self.literal(self.place(change.operation.table, change.operation.schema))
        return f"pg_get_serial_sequence({table}, {self.literal(change.old.name)})"

    def _block(self, *lines: str, declare: str = "") -> str:
        """Statements as an anonymous block."""
        body = "\n    ".join(lines)
        start = f"DECLARE {declare} " if declare else ""
        return f"DO $$ {start}BEGIN\n    {body}\nEND $$"


def counted(column: Column) -> str:
    """How the database numbers a column: "identity", "serial" or not at all."""
    if column.identity is not None:
        return "identity"
    return "serial" if column.autoincrement else ""
