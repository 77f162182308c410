"""The statements about enum types, which come with their first column and go with the last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Self

from ...errors.operations import UnknownEnum, ValuesInUse
from ...operations import (
    AddEnumValue,
    CreateEnum,
    DropEnum,
    Operation,
    RenameEnum,
    RenameEnumValue,
    SetEnumValues,
)
from ...schema import Enum, ForeignKey, Known, Table, key_of
from ..base import Live
from ..statement import Question, Statement, Step
from .alteration import Beforehand, words_of
from .aside import Aside, AsideStatements, aside, generated_from
from .catalogue import TYPE_USED
from .domains import unless
from .following import origin
from .read import FIRST_USER_OID, answers
from .types import words

OLD = "_before_migration"
LONGEST = 63
"""The most bytes that a value of an enum can have."""


class EnumStatements(AsideStatements):
    """Enum types. What a revision leaves behind without users goes when the revision ends."""

    tidies: bool

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # Both belong to one revision: enums whose users it dropped, and values that cannot be used
        # before it is committed.
        self.abandoned: set[str] = set()
        self.fresh: set[str] = set()

    def within(self, done: Sequence[Operation], *, tidies: bool = True) -> Self:
        twin: Self = super().within(done, tidies=tidies)  # type: ignore[misc]
        twin.abandoned, twin.fresh = set(), set()
        return twin

    def missing_enums(self, enums: Iterable[Enum], before: Known) -> Iterator[Step]:
        """CREATE TYPE for those of the enums that are not there."""
        for enum in enums:
            if before.enum(enum.key) is None:
                yield Beforehand(self.enum_values(enum))

    def enums_of_table(self, enums: Iterable[Enum], before: Known) -> Iterator[Step]:
        """The enums that a new table brings; one of that name that nothing uses makes way."""
        for enum in enums:
            there = before.enum(enum.key)
            if there is not None and there.values != enum.values:
                if not before.enum_users(enum.key):
                    yield Beforehand(f"DROP TYPE {self.place(enum.name, enum.schema)}")
                    yield Beforehand(self.enum_values(enum))
            elif there is None:
                yield Beforehand(self.enum_values(enum))

    def abandon(
        self, table: str, schema: str | None, before: Known, column: str | None = None
    ) -> None:
        """Remember the enums that a table, or one column of it, uses and will use no more."""
        first = origin(before)
        if isinstance(first, Live):
            self.abandoned.update(self._enums_of(first, table, schema, column))
            return
        found = before.table(table, schema)
        columns = found.columns if found is not None else {}
        self.abandoned.update(
            item.type.enum
            for name, item in columns.items()
            if item.type.enum and column in (None, name)
        )

    def _enums_of(
        self, live: Live, table: str, schema: str | None, column: str | None
    ) -> Iterator[str]:
        """The keys of the enums; for most tables, a quick look tells that there are none."""
        only = "" if column is None else f" AND attname = {self.literal(column)}"
        types = f"""
            SELECT atttypid FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass({self.literal(self.place(table, schema))})
                AND atttypid >= {FIRST_USER_OID} AND NOT attisdropped{only}"""
        if not answers(live.connection, types):
            return
        query = f"""
            SELECT DISTINCT t.typname::text,
                CASE WHEN n.nspname = current_schema() THEN NULL ELSE n.nspname::text END
            FROM ({types}) AS a
            JOIN pg_catalog.pg_type t ON a.atttypid IN (t.oid, t.typarray) AND t.typtype = 'e'
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"""
        for name, namespace in answers(live.connection, query):
            yield key_of(name, namespace)

    def closing(self, done: Sequence[Operation], known: Known) -> Iterator[DropEnum]:
        """Each enum whose last user this revision dropped."""
        for key in sorted(self.abandoned):
            enum = known.enum(key)
            if enum is not None and not known.enum_users(key):
                yield DropEnum(enum.name, enum.schema, if_unused=True)

    def unused_enum(self, place: str, before: Known) -> Iterator[Step]:
        """DROP TYPE where functions, domains, views and the like do not use the type either."""
        first = origin(before)
        if not isinstance(first, Live):
            # A script cannot know what the revision's own SQL has dropped already, or made.
            text = f"DROP TYPE IF EXISTS {place}"
            yield Statement(unless("dependent_objects_still_exist", text))
        elif not answers(first.connection, TYPE_USED.format(place=self.literal(place))):
            yield Statement(f"DROP TYPE {place}")

    def enums_left_in(self, namespace: str, before: Known) -> Iterator[Step]:
        """DROP TYPE for what would go at the revision's end, but for its schema that goes now."""
        for left in self.closing((), before):
            if self.tidies and left.schema == namespace:
                self.abandoned.discard(left.key)
                yield from self.enum(left, before)

    def outside_if_fresh(self, step: Step) -> Step:
        """A step that mentions a value added in this revision, outside of its transaction.

        A new value cannot be used before the transaction that added it is committed:
        https://www.postgresql.org/docs/current/sql-altertype.html
        """
        if isinstance(step, Statement) and any(value in step.sql for value in self.fresh):
            return replace(step, outside=True)
        return step

    # -- operations

    def enum(self, operation: Operation, before: Known) -> Iterator[Step]:
        match operation:
            case CreateEnum():
                if not operation.if_not_exists or before.enum(operation.enum.key) is None:
                    yield Statement(self.enum_values(operation.enum))
            case DropEnum(if_unused=True):
                yield from self.unused_enum(self.place(operation.name, operation.schema), before)
            case DropEnum():
                guard = "IF EXISTS " if operation.if_exists else ""
                yield Statement(f"DROP TYPE {guard}{self.place(operation.name, operation.schema)}")
            case RenameEnum():
                place = self.place(operation.name, operation.schema)
                yield Statement(f"ALTER TYPE {place} RENAME TO {self.quoted(operation.new_name)}")
            case AddEnumValue():
                yield self.added_value(operation)
            case RenameEnumValue():
                place = self.place(operation.name, operation.schema)
                old, new = self.literal(operation.value), self.literal(operation.new_value)
                yield Statement(f"ALTER TYPE {place} RENAME VALUE {old} TO {new}")
            case SetEnumValues():
                yield from self.set_values(operation, before)

    def added_value(self, operation: AddEnumValue) -> Statement:
        """ALTER TYPE ... ADD VALUE, which may be in a transaction since PostgreSQL 12."""
        place = self.place(operation.name, operation.schema)
        guard = "IF NOT EXISTS " if operation.if_not_exists else ""
        words = f"ALTER TYPE {place} ADD VALUE {guard}{self.literal(operation.value)}"
        if operation.before is not None:
            words += f" BEFORE {self.literal(operation.before)}"
        elif operation.after is not None:
            words += f" AFTER {self.literal(operation.after)}"
        self.fresh.add(self.literal(operation.value))
        return Statement(words, outside=self.version < (12,))

    def set_values(self, operation: SetEnumValues, before: Known) -> Iterator[Step]:
        """ADD VALUE where that is enough; else another type, to which the columns are changed."""
        old = before.enum(operation.key)
        if old is None:
            raise UnknownEnum(operation.key)
        if [value for value in operation.values if value in old.values] == [*old.values]:
            yield from self._added(operation, old)
            return
        new = Enum(operation.name, operation.values, operation.schema)
        listed = sorted(before.enum_users(operation.key))
        tables = {key: table for key, _ in listed if (table := table_of(key, before)) is not None}
        users = [user for user in listed if user[0] in tables]
        gone = [v for v in old.values if v not in new.values and v not in operation.replacing]
        for key, column in users:
            yield from self._unused(tables[key], column, operation.key, gone)
        tables = {key: operation.replaced(table, old) for key, table in tables.items()}
        away = [
            *(Aside(table, (), keys_on(table, users), ()) for table in tables.values()),
            *(dependents(table, new.name, users) for table in tables.values()),
        ]
        for found in away:
            yield from self.taken_away(found)
        room = self.sqlalchemy.max_identifier_length - len(OLD)
        aside = old.name.encode()[:room].decode(errors="ignore") + OLD
        place = self.place(old.name, old.schema)
        yield Statement(f"ALTER TYPE {place} RENAME TO {self.quoted(aside)}")
        yield Statement(self.enum_values(new))
        made_again = {(item.table.key, column.name) for item in away for column in item.columns}
        kept = [user for user in users if user not in made_again]
        for key, table in tables.items():
            if columns := [column for user, column in kept if user == key]:
                yield self._changed(table, columns, new, operation.replacing)
        yield Statement(f"DROP TYPE {self.place(aside, old.schema)}")
        for found in reversed(away):
            yield from self.put_back(found)

    def _added(self, operation: SetEnumValues, old: Enum) -> Iterator[Step]:
        """ADD VALUE for each new value, behind the one it follows."""
        for number, value in enumerate(operation.values):
            if value in old.values:
                continue
            following = next((v for v in operation.values[number:] if v in old.values), None)
            yield self.added_value(
                AddEnumValue(
                    operation.name,
                    operation.schema,
                    value,
                    after=operation.values[number - 1] if number else None,
                    before=None if number else following,
                )
            )

    def _unused(self, table: Table, column: str, enum: str, gone: Sequence[str]) -> Iterator[Step]:
        """The question whether rows still hold a value that goes and has no replacement."""
        if not gone:
            return
        name, place = self.quoted(column), self.place(table.name, table.schema)
        values = ", ".join(self.literal(value) for value in gone)
        value = f"unnest({name})" if words(table.columns[column].type.text).array else name
        query = (
            f"SELECT value::text, count(*) FROM (SELECT {value} AS value FROM {place}) AS used\n"
            f"WHERE value::text IN ({values}) GROUP BY 1 ORDER BY 1"
        )
        yield Question(
            query,
            lambda rows: ValuesInUse(enum, f"{table.key}.{column}", [(*row,) for row in rows]),
        )

    def _changed(
        self, table: Table, columns: Sequence[str], new: Enum, replacing: dict[str, str]
    ) -> Step:
        """ALTER TABLE that gives columns the new type of the same name."""
        actions = []
        for name in columns:
            column = table.columns[name]
            quoted, place = self.quoted(name), self.place(new.name, new.schema)
            if column.default is not None:
                actions.append(f"ALTER COLUMN {quoted} DROP DEFAULT")
            if words(column.type.text).array:
                value = self._replaced_elements(f"{quoted}::text[]", replacing)
                actions.append(f"ALTER COLUMN {quoted} TYPE {place}[] USING {value}::{place}[]")
            else:
                value = self._replaced(f"{quoted}::text", replacing)
                actions.append(f"ALTER COLUMN {quoted} TYPE {place} USING {value}::{place}")
            if column.default is not None:
                actions.append(f"ALTER COLUMN {quoted} SET DEFAULT {column.default}")
        lines = ",\n    ".join(actions)
        return Statement(f"ALTER TABLE {self.place(table.name, table.schema)}\n    {lines}")

    def _replaced(self, value: str, replacing: dict[str, str]) -> str:
        if not replacing:
            return value
        cases = " ".join(
            f"WHEN {self.literal(old)} THEN {self.literal(new)}" for old, new in replacing.items()
        )
        return f"(CASE {value} {cases} ELSE {value} END)"

    def _replaced_elements(self, value: str, replacing: dict[str, str]) -> str:
        """An array's text with all elements replaced at once, though one call replaces one.

        What was put in is longer than any value until all is done, so that no call takes it again.
        """
        longer = {new: f"{new}{' ' * LONGEST}" for new in replacing.values() if new in replacing}
        pairs = [(old, longer.get(new, new)) for old, new in replacing.items()]
        for old, new in (*pairs, *((text, new) for new, text in longer.items())):
            value = f"array_replace({value}, {self.literal(old)}, {self.literal(new)})"
        return value


def dependents(table: Table, enum: str, users: Iterable[tuple[str, str]]) -> Aside:
    """What of a table cannot follow its columns to another enum type of that name."""
    names = {column for key, column in users if key == table.key}
    return aside(table, generated_from(table, {*names, enum}), lambda text: enum in words_of(text))


def keys_on(table: Table, users: Collection[tuple[str, str]]) -> tuple[ForeignKey, ...]:
    """The foreign keys that lead from one column of an enum type to another."""
    return tuple(
        key
        for key in table.foreign_keys.values()
        if any((table.key, column) in users for column in key.columns)
    )


def table_of(key: str, before: Known) -> Table | None:
    """The table filed under a key."""
    schema, _, name = key.rpartition(".")
    return before.table(name, schema or None)
