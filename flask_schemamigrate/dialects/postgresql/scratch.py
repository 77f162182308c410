"""The names that tables have while they are scratch objects, and the way back to their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from ...schema import (
    Column,
    Computed,
    Domain,
    Enum,
    ForeignKey,
    PrimaryKey,
    Schema,
    Sequence,
    Table,
    Type,
    Unique,
    edits,
    key_of,
)
from .plain import mentioned, numbers_itself, without_plain

KINDS = ("uniques", "foreign_keys", "checks", "excludes", "indexes")
TEMPORARY = "pg_temp"

Named = TypeVar("Named", Table, Enum, Domain, Sequence)


class Scratch:
    """Scratch names for a schema's objects: schemas of their own, and names for the nameless."""

    def __init__(self, wanted: Schema, *, default: str, token: str) -> None:
        self.wanted = wanted
        self.told = without_plain(wanted.tables, default)
        self.default = default
        self.token = token
        self.first = token
        keys = (self.told, wanted.enums, wanted.domains, wanted.sequences)
        named = {item.schema for part in keys for item in part.values() if item.schema}
        named |= {
            key.referent.rpartition(".")[0]
            for table in self.told.values()
            for key in table.foreign_keys.values()
            if "." in key.referent
        }
        self.names = {name: f"{token}_{n}" for n, name in enumerate(sorted(named), 1)}
        self._labels = (f"{token}_x{number}" for number in count(1))
        self.tables = {key: self._table(table) for key, table in self._echoed().items()}
        self.enums = [self._moved(enum) for enum in wanted.enums.values()]
        self.domains = [self._domain(domain) for domain in wanted.domains.values()]
        self.sequences = [self._moved(sequence) for sequence in mentioned(wanted)]
        self.stand_ins = list(self._stand_ins())

    def temporary(self) -> Scratch:
        """The same in the session's temporary schema, where only the default schema has room."""
        return TemporaryScratch(self.wanted, default=self.default, token=self.token)

    @property
    def created(self) -> list[str]:
        """The schemas that must be created."""
        return [self.first, *self.names.values()]

    @property
    def schemas(self) -> tuple[str | None, ...]:
        """The schemas to be read, the default one as ``None``."""
        return (None, *self.names.values())

    def _echoed(self) -> Mapping[str, Table]:
        return self.told

    # -- there

    def _moved(self, item: Named) -> Named:
        return item if item.schema is None else replace(item, schema=self.names[item.schema])

    def _domain(self, domain: Domain) -> Domain:
        checks = [self._labelled(check) for check in domain.checks.values()]
        return replace(self._moved(domain), checks={check.key: check for check in checks})

    def _table(self, table: Table) -> Table:
        key = table.primary_key
        fields: dict[str, Any] = {
            kind: {item.key: item for item in map(self._labelled, getattr(table, kind).values())}
            for kind in KINDS
        }
        return replace(
            self._moved(table),
            columns={name: self._column(column) for name, column in table.columns.items()},
            primary_key=None if key is None else self._labelled(key),
            **fields,
        )

    def _labelled(self, item: Any) -> Any:
        """A constraint or index that has a name, leading to the scratch table if it leads on."""
        if isinstance(item, ForeignKey):
            item = replace(item, referent=self._referent(item.referent))
        return replace(item, name=next(self._labels)) if item.name is None else item

    def _referent(self, key: str) -> str:
        schema, _, name = key.rpartition(".")
        return key_of(name, self.names[schema]) if schema else name

    def _column(self, column: Column) -> Column:
        default = column.default
        enum = self.wanted.enums.get(column.type.enum or "")
        domain = next((d for d in self.wanted.domains.values() if d.key == column.type.text), None)
        schema = enum.schema if enum else domain.schema if domain else None
        text = column.type.text
        if schema is not None:
            for name in (f'"{schema}".', f"{schema}."):
                text = text.replace(name, f"{self.names[schema]}.")
                default = default and default.replace(name, f"{self.names[schema]}.")
        for sequence in self.wanted.sequences.values():
            if sequence.schema and default:
                there = f"{self.names[sequence.schema]}.{sequence.name}"
                default = default.replace(sequence.key, there)
        return replace(column, type=replace(column.type, text=text), default=default)

    def _stand_ins(self) -> Iterator[Table]:
        """Bare tables for foreign keys that lead to what is not echoed, with keys to lead to."""
        columns: dict[str, dict[str, Column]] = {}
        uniques: dict[str, dict[tuple[str, ...], Unique]] = {}
        there = {table.key for table in self.tables.values()}
        for table in self.tables.values():
            for key in table.foreign_keys.values():
                if key.referent in there:
                    continue
                found = columns.setdefault(key.referent, {})
                for own, other in zip(key.columns, key.referent_columns, strict=True):
                    type_ = table.columns[own].type if own in table.columns else Type("integer")
                    found.setdefault(other, Column(other, type_))
                keys = uniques.setdefault(key.referent, {})
                options = {"without_overlaps": True} if key.options.get("period") else {}
                unique = Unique(key.referent_columns, next(self._labels), options=options)
                keys.setdefault(key.referent_columns, unique)
        for name, found in columns.items():
            schema, _, bare = name.rpartition(".")
            rules = {item.key: item for item in uniques[name].values()}
            yield Table(bare, found, schema or None, uniques=rules)

    # -- and back

    def back(self, found: Schema) -> Schema:
        """What was read, under the names that the models have."""
        tables = dict(self.wanted.tables)
        for key, scratch in self.tables.items():
            there = found.tables.get(scratch.key)
            whole = there is not None and len(there.foreign_keys) == len(scratch.foreign_keys)
            if there is not None and whole:
                tables[key] = self._table_back(there, scratch, self.wanted.tables[key])
        domains = dict(self.wanted.domains)
        for key, domain in self.wanted.domains.items():
            moved = found.domains.get(self._moved(domain).key)
            if moved is not None:
                domains[key] = self._domain_back(moved, domain)
        return replace(self.wanted, tables=tables, domains=domains)

    def _domain_back(self, there: Domain, wanted: Domain) -> Domain:
        checks = [self._item_back(check) for check in there.checks.values()]
        return replace(
            there,
            schema=wanted.schema,
            type=replace(there.type, python=wanted.type.python),
            checks={check.key: check for check in checks},
        )

    def _table_back(self, there: Table, scratch: Table, wanted: Table) -> Table:
        key = there.primary_key
        bound = {item.name for item in scratch.checks.values() if item.type_bound}
        fields: dict[str, Any] = {}
        told = self.told[wanted.key]
        for kind in KINDS:
            items = [self._item_back(item, bound) for item in getattr(there, kind).values()]
            plain = getattr(wanted, kind).items()
            fields[kind] = {name: item for name, item in plain if name not in getattr(told, kind)}
            fields[kind] |= {item.key: item for item in items}
        return replace(
            there,
            name=wanted.name,
            schema=wanted.schema,
            columns={
                name: self._column_back(column, wanted.columns[name])
                for name, column in there.columns.items()
                if name in wanted.columns
            },
            primary_key=wanted.primary_key if key is None else self._item_back(key),
            options=self._options_back(there.options),
            **fields,
        )

    def _options_back(self, options: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(options)
        if "inherits" in found:
            found["inherits"] = tuple(map(self._key_back, found["inherits"]))
        return found

    def _item_back(self, item: Any, bound: Collection[str | None] = ()) -> Any:
        name = None if (item.name or "").startswith(f"{self.token}_x") else item.name
        fields: dict[str, Any] = {"name": name}
        for text in ("condition", "where"):
            if getattr(item, text, None) is not None:
                fields[text] = self._text_back(getattr(item, text))
        if isinstance(item, ForeignKey):
            fields["referent"] = self._key_back(item.referent)
        if hasattr(item, "type_bound"):
            fields["type_bound"] = item.name in bound
        if hasattr(item, "keys"):
            fields["keys"] = tuple(
                key
                if key.expression is None
                else replace(key, expression=self._text_back(key.expression))
                for key in item.keys
            )
        if hasattr(item, "elements") and not isinstance(item, PrimaryKey):
            fields["elements"] = tuple((self._text_back(e), o) for e, o in item.elements)
        return replace(item, **fields)

    def _column_back(self, column: Column, wanted: Column) -> Column:
        type_ = Type(
            self._text_back(column.type.text),
            wanted.type.python,
            None if column.type.enum is None else self._key_back(column.type.enum),
        )
        computed: Computed | None = column.computed
        if computed is not None:
            computed = replace(computed, expression=self._text_back(computed.expression))
        default = None if column.default is None else self._text_back(column.default)
        automatic = column.autoincrement or numbers_itself(wanted)
        return replace(
            column, type=type_, default=default, computed=computed, autoincrement=automatic
        )

    def _text_back(self, text: str) -> str:
        """A text in which the scratch schemas have their models' names."""
        if self.token not in text:
            return text
        for name, there in self.names.items():
            text = text.replace(f"{there}.", f"{quoted(name)}.")
        return text

    def _key_back(self, key: str) -> str:
        """A key with the schema's own name; the real default schema has none."""
        schema, _, name = key.rpartition(".")
        if schema == self.default:
            return name
        own = {there: own for own, there in self.names.items()}
        return key_of(name, own.get(schema, schema) or None)


class TemporaryScratch(Scratch):
    """Scratch names in the session's temporary schema."""

    def __init__(self, wanted: Schema, *, default: str, token: str) -> None:
        super().__init__(wanted, default=default, token=token)
        self.first = TEMPORARY
        here = [table for table in self.tables.values() if table.schema is None]
        self.tables = {table.key: unprefixed(table) for table in here}
        self.enums = [enum for enum in self.enums if enum.schema is None]
        self.domains = [domain for domain in self.domains if domain.schema is None]
        self.sequences = [sequence for sequence in self.sequences if sequence.schema is None]
        self.stand_ins = [table for table in self.stand_ins if table.schema is None]

    @property
    def created(self) -> list[str]:
        return []

    @property
    def schemas(self) -> tuple[str | None, ...]:
        return (None,)

    def _echoed(self) -> Mapping[str, Table]:
        """The tables whose every name is in the default schema."""
        return {
            key: table
            for key, table in self.wanted.tables.items()
            if table.schema is None
            and not any("." in item.referent for item in table.foreign_keys.values())
        }


def unprefixed(table: Table) -> Table:
    """The table without UNLOGGED, which no temporary table can be."""
    return replace(table, options=edits.without(table.options, "prefixes"))


def quoted(name: str) -> str:
    """A schema's name as PostgreSQL writes it: in quotes unless it is plain."""
    plain = name.replace("_", "a").isalnum() and name == name.lower() and not name[0].isdigit()
    return name if plain else '"' + name.replace('"', '""') + '"'
