"""SQLAlchemy's tables, columns, constraints and indexes as values, spelled for one dialect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError, UnsupportedCompilationError

from ..errors.operations import DottedReferent, NotSupportedHere
from ..errors.root import OperationError
from .from_constraints import Constraints
from .referents import no_such_referent, unresolved
from .sharing import filed
from .texts import is_plain, native_enum
from .values import (
    Check,
    Column,
    Computed,
    Domain,
    Enum,
    Exclude,
    ForeignKey,
    Identity,
    PrimaryKey,
    Schema,
    Sequence,
    Table,
    Type,
    Unique,
)


class Spelling(Constraints):
    """Spells whole SQLAlchemy constructs as values."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self._columns: dict[tuple[Any, ...], Column] = {}

    # -- columns

    def column(self, column: sa.Column[Any]) -> Column:
        """A column, numbered by the database if SQLAlchemy would let it be."""
        type_ = self.type(column.type)
        if column.server_default is None and not self.options(column):
            return self._plain_column(column, type_)
        default: Any = column.server_default
        if isinstance(default, sa.Identity) and not self.dialect.supports_identity_columns:
            default = None
        serial = self._is_serial(column)
        return Column(
            name=column.name,
            type=type_,
            nullable=bool(column.nullable),
            default=None if serial else self.default(column),
            computed=self._computed(column),
            identity=self._identity(column),
            autoincrement=serial or (default is None and _is_automatic(column)),
            comment=column.comment,
            options=self.options(column),
        )

    def _is_serial(self, column: sa.Column[Any]) -> bool:
        """Whether the type's SERIAL takes the place of a default, such as a reflected nextval().

        SQLAlchemy writes it for a key that says ``autoincrement=True``, whatever its default.
        """
        has_serial = hasattr(self.dialect, "supports_smallserial")
        is_default = isinstance(column.server_default, sa.DefaultClause)
        return has_serial and is_default and _is_automatic(column)

    def _plain_column(self, column: sa.Column[Any], type_: Type) -> Column:
        """A column without a default; the same one in many tables is one value."""
        # The value holds its type, so that nothing else comes to have the type's id.
        automatic = column.primary_key and _is_automatic(column)
        said = (column.name, id(type_), column.nullable, column.comment, automatic)
        found = self._columns.get(said)
        if found is None:
            found = self._columns[said] = Column(
                name=column.name,
                type=type_,
                nullable=bool(column.nullable),
                autoincrement=automatic,
                comment=column.comment,
            )
        return found

    def _computed(self, column: sa.Column[Any]) -> Computed | None:
        computed = column.computed
        if computed is None:
            return None
        return Computed(self.expression(computed.sqltext), computed.persisted)

    def _identity(self, column: sa.Column[Any]) -> Identity | None:
        identity = column.identity
        if identity is None or not self.dialect.supports_identity_columns:
            return None
        return Identity(
            always=bool(identity.always),
            start=identity.start,
            increment=identity.increment,
            minimum=identity.minvalue,
            maximum=identity.maxvalue,
            cycle=bool(identity.cycle),
            cache=identity.cache,
        )

    # -- tables

    def table(self, table: sa.Table) -> Table:
        """A table with everything that hangs on it."""
        # A CheckConstraint inside a Column stays the column's, and is written in its clause.
        columns = [column for column in table.columns if not column.system]
        own = [item for column in columns for item in column.constraints]
        written = dict.fromkeys([*table.constraints, *own])
        constraints = filed(map(self.constraint, ordered(written)))
        found = sorted(filter(self._is_written, table.indexes), key=_index_order)
        indexes = [self.index(index) for index in found]
        options = self.all_options(table)
        if table._prefixes:
            options["prefixes"] = tuple(str(prefix) for prefix in table._prefixes)
        return Table(
            name=table.name,
            schema=table.schema,
            columns={column.name: self.column(column) for column in columns},
            primary_key=next(iter(constraints[PrimaryKey].values()), None),
            uniques=constraints[Unique],
            foreign_keys=constraints[ForeignKey],
            checks=constraints[Check],
            excludes=constraints[Exclude],
            indexes={index.key: index for index in indexes},
            comment=table.comment,
            options=options,
        )

    def schema(
        self, metadatas: Iterable[sa.MetaData], *, without: Collection[sa.Table] = ()
    ) -> Schema:
        """Everything that the models' metadata asks for, without some tables.

        Raises `NotSupportedHere` for a model that cannot be in this database, `DottedReferent`
        for one whose foreign key could not be told from another.
        """
        tables = [self._of_model(table) for table in _every(metadatas) if table not in without]
        types = list(self._special(tables))
        enums = {enum.key: enum for enum in self._enums(types)}
        domains = {domain.key: domain for domain in self._domains(types)}
        sequences = self._sequences(metadatas)
        named: list[Any] = [*enums.values(), *domains.values(), *sequences.values()]
        return Schema(
            tables={table.key: table for table in tables},
            enums=enums,
            domains=domains,
            sequences=sequences,
            namespaces=frozenset(item.schema for item in [*tables, *named] if item.schema),
        )

    def refused(self, metadatas: Iterable[sa.MetaData]) -> dict[sa.Table, OperationError]:
        """The tables that cannot be in this database, and why."""
        found = {}
        for table in _every(metadatas):
            try:
                self._of_model(table)
            except OperationError as error:
                found[table] = error
        return found

    def _of_model(self, table: sa.Table) -> Table:
        _refuse_dots(table)
        try:
            return self.table(table)
        except CompileError as error:
            for key in unresolved(table):
                if isinstance(key.parent.type, sa.types.NullType):
                    raise no_such_referent(key) from error
            name, reason = self.dialect.name, str(error).partition("\n")[0]
            if isinstance(error, UnsupportedCompilationError):
                # ext.compiler gives the class, and SQLAlchemy's own compilers the type itself.
                missing: Any = error.element_type
                reason = f"it has no {getattr(missing, '__name__', type(missing).__name__)}"
            column = self._culprit(table)
            what = f"table {table.fullname}"
            if column is not None:
                what = f"column {table.fullname}.{column.name}"
            raise NotSupportedHere(
                f"{what} as the models have it: {reason}", name, hint=_another(column, name)
            ) from error

    def _culprit(self, table: sa.Table) -> sa.Column[Any] | None:
        """The column that SQLAlchemy has no words for here, if it is one."""
        for column in table.columns:
            try:
                self.column(column)
            except CompileError:
                return column
        return None

    def _special(self, tables: Iterable[Table]) -> Iterator[Any]:
        """The types of columns, as this dialect has them, that may be more than their text."""
        columns = [column for table in tables for column in table.columns.values()]
        for type_ in {id(column.type): column.type.python for column in columns}.values():
            if type_ is not None and not is_plain(type_):
                # Early SQLAlchemy 2.0 forgets a domain's rules in the copy that it makes of it.
                is_domain = getattr(type_, "__visit_name__", "") == "DOMAIN"
                yield type_ if is_domain else type_.dialect_impl(self.dialect)

    def _enums(self, types: Iterable[Any]) -> Iterator[Enum]:
        """The named enum types among the types of columns on this dialect."""
        for type_ in types:
            enum = native_enum(type_, self.dialect)
            if enum is not None and enum.name:
                yield Enum(enum.name, tuple(enum.enums), enum.schema)

    def _domains(self, types: Iterable[Any]) -> Iterator[Domain]:
        """The domains among the types of columns on this dialect."""
        for domain in types:
            if getattr(domain, "__visit_name__", "") == "DOMAIN":
                check = None if domain.check is None else self.expression(domain.check)
                # The name that PostgreSQL gives to the check of a domain that says none.
                rule = Check(check or "", domain.constraint_name or f"{domain.name}_check")
                yield Domain(
                    name=domain.name,
                    type=self.type(domain.data_type),
                    schema=domain.schema,
                    nullable=not domain.not_null,
                    default=None if domain.default is None else self.default_text(domain.default),
                    checks={rule.key: rule} if check else {},
                )

    def _sequences(self, metadatas: Iterable[sa.MetaData]) -> Mapping[str, Sequence]:
        if not self.dialect.supports_sequences:
            return {}
        found = [
            Sequence(
                name=item.name,
                schema=item.schema,
                start=item.start,
                increment=item.increment,
                minimum=item.minvalue,
                maximum=item.maxvalue,
                cycle=bool(item.cycle),
                cache=item.cache,
            )
            for metadata in metadatas
            for item in metadata._sequences.values()
            if not (item.optional and self.dialect.sequences_optional)
        ]
        return {sequence.key: sequence for sequence in found}


def _every(metadatas: Iterable[sa.MetaData]) -> list[sa.Table]:
    """All tables; what ``CreateView`` of SQLAlchemy 2.1 puts beside them is none."""
    return [
        table
        for metadata in metadatas
        for table in metadata.tables.values()
        if not getattr(table, "is_view", False)
    ]


def _another(column: sa.Column[Any] | None, dialect: str) -> str:
    """How a column gets a type that this database has."""
    if column is not None and isinstance(column.type, sa.types.TypeDecorator):
        # A variant would store the values without what the type does with them, such as sealing.
        kind = type(column.type).__name__
        return (
            f"Give it a length, or let {kind}.load_dialect_impl() return another type for "
            f"{dialect!r}. Put no variant behind it: that would take the place of {kind} and of "
            "all that it does with values."
        )
    return (
        f"Give it a length, or another type: '.with_variant(sa.Text(), {dialect!r})' behind its "
        "type is for this database alone."
    )


def _refuse_dots(table: sa.Table) -> None:
    """Raise `DottedReferent` for a foreign key to what would be read as something else.

    A full name with one more dot names a table in a schema, for SQLAlchemy too.
    """
    for key in sorted(table.foreign_keys, key=lambda item: item.parent.name):
        try:
            referent, column = key.column.table.name, key.column.name
        except sa.exc.InvalidRequestError:
            continue
        for name in (referent, column):
            if "." in name:
                raise DottedReferent(f"{table.fullname}.{key.parent.name}", name)


def ordered(constraints: Iterable[sa.Constraint]) -> list[sa.Constraint]:
    """Constraints in the order in which they were made, which SQLAlchemy's sets do not keep."""
    return sorted(constraints, key=lambda item: getattr(item, "_creation_order", 0))


def _is_automatic(column: sa.Column[Any]) -> bool:
    """Whether the database numbers the column, unless a sequence does from Python."""
    if not column.primary_key:
        return False
    table: Any = column.table
    if table is None or table.autoincrement_column is not column:
        return False
    default = column.default
    return not isinstance(default, sa.Sequence) or default.optional


def _index_order(index: sa.Index) -> str:
    return str(index.name or "")
