"""Reading a PostgreSQL database as a schema value, with the same few queries whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ...schema import (
    Check,
    Column,
    Computed,
    Constraint,
    Domain,
    Enum,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    IndexKey,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
    key_of,
)
from ...schema import Sequence as SequenceValue
from ...schema.sharing import filed
from ..asking import asked
from . import catalogue
from .rules import Backing, Row, constraint, order_words, storage_options
from .sequences import identity_of, sequence_of
from .types import domain_type

FIRST_USER_OID = 16384
DEFAULT_COLLATION = 100
WITHOUT_PARAMETERS = ("btree", "hash")
"""The methods of indexes whose operator classes take none."""


def read(
    connection: sa.Connection,
    schemas: Sequence[str | None],
    tables: Collection[str] | None,
) -> Schema:
    """The tables of these schemas and what they use; all of it unless ``tables`` names some."""
    return Reading(connection, tuple(dict.fromkeys(schemas)), tables).schema()


@dataclass
class Reading:
    """One reading of the catalogue."""

    connection: sa.Connection
    schemas: tuple[str | None, ...]
    tables: Collection[str] | None
    enum_keys: dict[int, str] = field(default_factory=dict)
    domains: dict[int, TypeEngine[Any]] = field(default_factory=dict)
    types: dict[tuple[str, str | None], Type] = field(default_factory=dict)
    columns: dict[Row, Column] = field(default_factory=dict)
    collations: dict[int, str] = field(default_factory=dict)
    operator_classes: dict[int, str] = field(default_factory=dict)
    with_parameters: dict[tuple[int, int], str] = field(default_factory=dict)
    index_key: Callable[..., IndexKey] = field(default_factory=lambda: cache(IndexKey))

    def rows(self, query: str, **words: str) -> Sequence[Row]:
        """What one query answers for the schemas and tables at hand."""
        where = catalogue.where(self.schemas, self.tables)
        text = query.format(where=where, bare=catalogue.bare(self.schemas), **words)
        return answers(self.connection, text)

    def schema(self) -> Schema:
        """Everything that was asked for."""
        relations = self.rows(catalogue.RELATIONS) if self.tables != () else []
        managed = [row for row in relations if unmanaged_because(row) is None and row[4] in "rp"]
        attributes = self.rows(catalogue.COLUMNS) if managed else []
        types = self.rows(catalogue.TYPES) if self._needs_types(attributes) else []
        self._learn_types(types)
        sequences = self._sequence_rows(managed) if self._needs_sequences(attributes) else []
        found = list(self._tables(managed, attributes, owned(sequences)))
        return Schema(
            tables={table.key: table for table in found},
            enums={enum.key: enum for enum in self._enums(types, found)},
            domains={domain.key: domain for domain in self._domains(types)},
            sequences={item.key: item for item in self._sequences(sequences)},
            views=frozenset(
                self._key(row[1], row[2], row[3]) for row in relations if row[4] in "vm"
            ),
            namespaces=frozenset(self._namespaces()),
            unmanaged={
                self._key(*row[1:4]): reason
                for row in relations
                if (reason := unmanaged_because(row)) is not None
            },
        )

    # -- what is worth asking

    def _needs_types(self, attributes: Sequence[Row]) -> bool:
        return not self.tables or any(row[4] >= FIRST_USER_OID for row in attributes)

    def _needs_sequences(self, attributes: Sequence[Row]) -> bool:
        return not self.tables or any(
            row[7] or (row[6] or "").startswith("nextval(") for row in attributes
        )

    def _sequence_rows(self, relations: Sequence[Row]) -> Sequence[Row]:
        # A sequence that a column owns is in the column's schema.
        here = catalogue.where(self.schemas, None)
        oids = ", ".join(str(row[0]) for row in relations)
        return self.rows(
            catalogue.SEQUENCES, owners=f"d.refobjid IN ({oids})" if self.tables else f"({here})"
        )

    def _namespaces(self) -> Iterator[str]:
        if self.tables is None:
            yield from (row[0] for row in self.rows(catalogue.NAMESPACES))

    # -- names

    def _schema(self, is_default: bool, name: str) -> str | None:
        """The schema as the caller calls it: ``None`` for the default one."""
        return None if is_default and (None in self.schemas or name not in self.schemas) else name

    def _key(self, is_default: bool, schema: str, name: str) -> str:
        return key_of(name, self._schema(is_default, schema))

    # -- types and sequences

    def _learn_types(self, types: Iterable[Row]) -> None:
        for oid, array, is_default, schema, name, kind, _, based_on, *_ in types:
            if kind == "e":
                self.enum_keys[oid] = self.enum_keys[array] = self._key(is_default, schema, name)
            else:
                place = self._schema(is_default, schema)
                self.domains[oid] = domain_type(name, place, based_on)

    def _enums(self, types: Iterable[Row], tables: Iterable[Table]) -> Iterator[Enum]:
        used = {column.type.enum for table in tables for column in table.columns.values()}
        for row in types:
            schema = self._schema(row[2], row[3])
            here = schema in self.schemas and not self.tables
            if row[5] == "e" and (here or key_of(row[4], schema) in used):
                yield Enum(row[4], tuple(row[6]), schema)

    def _domains(self, types: Iterable[Row]) -> Iterator[Domain]:
        for row in types:
            schema = self._schema(row[2], row[3])
            if row[5] == "d" and schema in self.schemas:
                checks = [Check(text, name) for name, text in zip(row[10], row[11], strict=True)]
                yield Domain(
                    name=row[4],
                    type=Type(row[7]),
                    schema=schema,
                    nullable=not row[8],
                    default=row[9],
                    checks={check.key: check for check in checks},
                )

    def _sequences(self, rows: Iterable[Row]) -> Iterator[SequenceValue]:
        """The sequences that no column owns."""
        for row in rows:
            schema = self._schema(row[0], row[1])
            if row[10] is None and schema in self.schemas and not self.tables:
                yield sequence_of(row[2], schema, row[3:10])

    # -- tables

    def _tables(
        self,
        relations: Sequence[Row],
        attributes: Sequence[Row],
        sequences: Mapping[tuple[int, int], Row],
    ) -> Iterator[Table]:
        names: dict[int, dict[int, str]] = defaultdict(dict)
        sorting = {
            (row[0], row[1]): row[9] for row in attributes if row[9] not in (0, DEFAULT_COLLATION)
        }
        rows = self._index_rows() if relations else []
        self._learn_collations(attributes, rows, sorting)
        columns: dict[int, dict[str, Column]] = defaultdict(dict)
        for row in attributes:
            names[row[0]][row[1]] = row[2]
            if row[12]:  # A column that only a parent table has is the parent's.
                columns[row[0]][row[2]] = self._column(row, sequences.get((row[0], row[1])))
        rules = self._rule_rows() if relations else []
        backing, indexes = self._indexes(rows, names, sorting, {row[19] for row in rules})
        constraints: dict[int, list[Constraint]] = defaultdict(list)
        for row in rules:
            constraints[row[0]].append(constraint(row, names[row[0]], backing.get(row[19])))
        for row in relations:
            found = filed(constraints.get(row[0], ()))
            yield Table(
                name=row[3],
                columns=columns[row[0]],
                schema=self._schema(row[1], row[2]),
                primary_key=next(iter(found[PrimaryKey].values()), None),
                uniques=found[Unique],
                foreign_keys=found[ForeignKey],
                checks=found[Check],
                excludes=found[Exclude],
                indexes={item.key: item for item in indexes.get(row[0], ())},
                comment=row[8],
                options=table_options(row),
            )

    def _column(self, row: Row, sequence: Row | None) -> Column:
        """A column of a row; the same one in many tables is one value."""
        # pg8000 gives rows as lists.
        said = tuple(row[2:]), None if sequence is None else tuple(sequence[3:11])
        found = self.columns.get(said)
        if found is None:
            found = self.columns[said] = self._new_column(row, sequence)
        return found

    def _new_column(self, row: Row, sequence: Row | None) -> Column:
        name, text, oid, not_null, default, identity, generated = row[2:9]
        collation = self.collations[row[9]] if row[9] and row[9] != row[10] else None
        if default is not None and default.startswith("NULL::"):
            default = None
        # The standard's name for the same function; revisions for several databases say either.
        if default == "CURRENT_TIMESTAMP":
            default = "now()"
        automatic = bool(
            sequence is not None
            and sequence[10] == "a"
            and default is not None
            and default.startswith("nextval(")
        )
        return Column(
            name=name,
            type=self._type(text, oid, collation),
            nullable=not not_null,
            default=None if automatic or generated else default,
            computed=Computed(default, generated == "s") if generated else None,
            identity=self._identity(identity, sequence),
            autoincrement=automatic,
            comment=row[11],
        )

    def _type(self, text: str, oid: int, collation: str | None) -> Type:
        found = self.types.get((text, collation))
        if found is None:
            whole = text if collation is None else f"{text} COLLATE {collation}"
            found = Type(whole, self.domains.get(oid), self.enum_keys.get(oid))
            self.types[text, collation] = found
        return found

    def _identity(self, kind: str, sequence: Row | None) -> Identity | None:
        if not kind or sequence is None:
            return None
        return identity_of(kind == "a", sequence[3:10])

    # -- constraints and indexes

    def _rule_rows(self) -> Sequence[Row]:
        set_columns = "k.confdelsetcols::int4[]" if self._version >= (15,) else "NULL::int4[]"
        since_18 = "k.conenforced, k.conperiod" if self._version >= (18,) else "true, false"
        return self.rows(catalogue.CONSTRAINTS, set_columns=set_columns, since_18=since_18)

    def _index_rows(self) -> Sequence[Row]:
        distinct = "i.indnullsnotdistinct" if self._version >= (15,) else "false"
        rows = self.rows(catalogue.INDEXES, nulls_not_distinct=distinct)
        if rows:
            self.operator_classes = dict(map(tuple, self.rows(catalogue.OPERATOR_CLASSES)))
        oids = ", ".join(str(row[2]) for row in rows if row[11] not in WITHOUT_PARAMETERS)
        if oids:
            found = self.rows(catalogue.OPERATOR_PARAMETERS, oids=oids)
            self.with_parameters = {(index, place): text for index, place, text in found}
        return rows

    def _learn_collations(
        self,
        attributes: Iterable[Row],
        indexes: Iterable[Row],
        sorting: Mapping[tuple[int, int], int],
    ) -> None:
        """Ask for the names of the collations that are not what goes without saying."""
        odd = {row[9] for row in attributes if row[9] != row[10]}
        for row in indexes:
            for number, collation in zip(row[5], row[9], strict=False):
                if collation not in (0, DEFAULT_COLLATION) and collation != sorting.get(
                    (row[0], number)
                ):
                    odd.add(collation)
        odd.discard(0)
        if odd:
            oids = ", ".join(map(str, sorted(odd)))
            self.collations = dict(map(tuple, self.rows(catalogue.COLLATIONS, oids=oids)))

    def _index_keys(
        self, row: Row, names: Mapping[int, str], sorting: Mapping[tuple[int, int], int]
    ) -> Iterator[IndexKey]:
        """The keys of an index in their order."""
        table, numbers, expressions = row[0], row[5], row[7]
        for place in range(row[4]):
            number, collation = numbers[place], row[9][place]
            usual = sorting.get((table, number), DEFAULT_COLLATION)
            yield self.index_key(
                names[number] if number else None,
                None if number else expressions[place],
                order_words(row[6][place]),
                self.with_parameters.get((row[2], place))
                or self.operator_classes.get(row[8][place], ""),
                "" if collation in (0, usual) else self.collations.get(collation, ""),
            )

    def _indexes(
        self,
        rows: Iterable[Row],
        names: Mapping[int, Mapping[int, str]],
        sorting: Mapping[tuple[int, int], int],
        behind: Collection[int],
    ) -> tuple[dict[int, Backing], dict[int, list[Index]]]:
        """Those indexes that stand behind constraints; and all others by table."""
        backing: dict[int, Backing] = {}
        indexes: dict[int, list[Index]] = defaultdict(list)
        for row in rows:
            keys = tuple(self._index_keys(row, names[row[0]], sorting))
            include = tuple(names[row[0]][key] for key in row[5][row[4] :])
            options = storage_options(row[12], row[13])
            if row[2] in behind:
                backing[row[2]] = Backing(keys, include, row[10], row[11], row[14], options)
                continue
            indexes[row[0]].append(
                Index(
                    name=row[1],
                    keys=keys,
                    unique=row[3],
                    where=row[10],
                    using=None if row[11] == "btree" else row[11],
                    include=include,
                    nulls_not_distinct=row[14],
                    options=options,
                )
            )
        return backing, indexes

    @property
    def _version(self) -> tuple[int, ...]:
        version: Any = self.connection.dialect.server_version_info
        return tuple(version or (15,))


def answers(connection: sa.Connection, query: str) -> Sequence[Row]:
    """The rows of a query without parameters, as the driver has them."""
    result = asked(connection, query)
    rows = [] if result.cursor is None else result.cursor.fetchall()
    result.close()
    return rows


def unmanaged_because(row: Row) -> str | None:
    """Why a relation is nobody's here to change, or ``None``."""
    if row[12] is not None:
        return f"it belongs to the extension {row[12]}"
    if row[5]:
        return f"it is a partition of {', '.join(row[13])}"
    return "it is a foreign table" if row[4] == "f" else None


def owned(sequences: Iterable[Row]) -> dict[tuple[int, int], Row]:
    """The sequences that belong to a column, by table and column number."""
    return {(row[11], row[12]): row for row in sequences if row[10] is not None}


def table_options(row: Row) -> dict[str, Any]:
    """What PostgreSQL alone knows of a table, by the names that SQLAlchemy has for it."""
    options = storage_options(row[7], row[10])
    if row[6] == "u":
        options["prefixes"] = ("UNLOGGED",)
    if row[9] is not None:
        options["using"] = row[9]
    if row[11] is not None:
        options["partition_by"] = row[11]
    if row[13]:
        options["inherits"] = tuple(row[13])
    return options
