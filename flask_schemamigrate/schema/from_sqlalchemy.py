"""SQLAlchemy's tables, columns, constraints and indexes as values, spelled for one dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import (
    asc_op,
    desc_op,
    nulls_first_op,
    nulls_last_op,
)

from .texts import Texts, is_plain, native_enum
from .values import (
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
    Sequence,
    Table,
    Type,
    Unique,
)

ORDER_WORDS = {
    asc_op: "",
    desc_op: "DESC",
    nulls_first_op: "NULLS FIRST",
    nulls_last_op: "NULLS LAST",
}


class Spelling(Texts):
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
        return Column(
            name=column.name,
            type=type_,
            nullable=bool(column.nullable),
            default=self.default(column),
            computed=self._computed(column),
            identity=self._identity(column),
            autoincrement=default is None and _is_automatic(column),
            comment=column.comment,
            options=self.options(column),
        )

    def _plain_column(self, column: sa.Column[Any], type_: Type) -> Column:
        """A column without a default; the same one in many tables is one value."""
        # The value holds its type, so that nothing else comes to have the type's id.
        said = (column.name, id(type_), column.nullable, column.comment, _is_automatic(column))
        found = self._columns.get(said)
        if found is None:
            found = self._columns[said] = Column(
                name=column.name,
                type=type_,
                nullable=bool(column.nullable),
                autoincrement=said[-1],
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

    # -- constraints and indexes

    def _is_written(self, item: Any) -> bool:
        """Whether a constraint or index is meant for this dialect.

        SQLAlchemy gives foreign keys a rule once it created them, which says nothing here.
        """
        rule = getattr(item, "_create_rule", None)
        if rule is not None and getattr(item, "_type_bound", False) and not rule(self._ddl):
            return False
        condition = item._ddl_if
        return condition is None or bool(
            condition._should_execute(
                sa.schema.CreateTable(item.table), item, None, compiler=self._ddl
            )
        )

    def constraint(self, constraint: sa.Constraint) -> Constraint | None:
        """A constraint, or ``None`` where this dialect does not write it."""
        if not self._is_written(constraint):
            return None
        if isinstance(constraint, sa.PrimaryKeyConstraint):
            return self._primary_key(constraint)
        if isinstance(constraint, sa.ForeignKeyConstraint):
            return self._foreign_key(constraint)
        if isinstance(constraint, sa.UniqueConstraint):
            return self._unique(constraint)
        if hasattr(constraint, "_render_exprs"):  # PostgreSQL's ExcludeConstraint
            return self._exclude(constraint)
        if isinstance(constraint, sa.CheckConstraint):
            return self._check(constraint)
        return None

    def _primary_key(self, constraint: sa.PrimaryKeyConstraint) -> PrimaryKey | None:
        columns = tuple(column.name for column in constraint.columns)
        if not columns:
            return None
        options = self.constraint_options(constraint)
        if _is_deferrable(constraint):
            options["deferrable"] = True
        if constraint.initially:
            options["initially"] = _upper(constraint.initially)
        return PrimaryKey(columns, self.name(constraint), options)

    def _unique(self, constraint: sa.UniqueConstraint) -> Unique:
        options = self.constraint_options(constraint)
        return Unique(
            columns=tuple(column.name for column in constraint.columns),
            name=self.name(constraint),
            deferrable=_is_deferrable(constraint),
            initially=_upper(constraint.initially),
            nulls_not_distinct=bool(options.pop("nulls_not_distinct", False)),
            include=tuple(options.pop("include", ())),
            options=options,
        )

    def _foreign_key(self, constraint: sa.ForeignKeyConstraint) -> ForeignKey:
        options = self.constraint_options(constraint)
        targets = [_target(element) for element in constraint.elements]
        return ForeignKey(
            columns=tuple(column.name for column in constraint.columns),
            referent=targets[0][0],
            referent_columns=tuple(column for _, column in targets),
            name=self.name(constraint),
            onupdate=_action(constraint.onupdate),
            ondelete=_action(constraint.ondelete),
            deferrable=_is_deferrable(constraint),
            initially=_upper(constraint.initially),
            match=_upper(constraint.match),
            validated=not options.pop("not_valid", False),
            options=options,
        )

    def _check(self, constraint: sa.CheckConstraint) -> Check:
        options = self.constraint_options(constraint)
        return Check(
            condition=self.expression(constraint.sqltext),
            name=self.name(constraint),
            validated=not options.pop("not_valid", False),
            type_bound=bool(getattr(constraint, "_type_bound", False)),
            options=options,
        )

    def _exclude(self, constraint: Any) -> Exclude:
        operator_classes = dict(constraint.ops or {})
        elements = []
        for expression, name, operator in constraint._render_exprs:
            text = self.expression(expression)
            suffix = operator_classes.get(name)
            elements.append((f"{text} {suffix}" if suffix else text, operator))
        return Exclude(
            elements=tuple(elements),
            name=self.name(constraint),
            using=constraint.using or "gist",
            where=None if constraint.where is None else self.expression(constraint.where),
            deferrable=_is_deferrable(constraint),
            initially=_upper(constraint.initially),
        )

    def index(self, index: sa.Index) -> Index:
        """An index with its keys in their order."""
        options = dict(self.options(index))
        classes = options.pop("ops", {})
        lengths = options.pop("length", {})
        where = options.pop("where", None)
        return Index(
            name=self.name(index),
            keys=tuple(
                self._index_key(expression, classes, lengths) for expression in index.expressions
            ),
            unique=bool(index.unique),
            where=where,
            using=options.pop("using", None),
            include=tuple(options.pop("include", ())),
            nulls_not_distinct=bool(options.pop("nulls_not_distinct", False)),
            options={name: item for name, item in options.items() if name != "concurrently"},
        )

    def _index_key(self, expression: Any, classes: Any, lengths: Any) -> IndexKey:
        if isinstance(expression, sa.Column) and not classes and not lengths:
            return IndexKey(expression.name)
        label = getattr(expression, "key", None) or getattr(expression, "name", None)
        bare, words = _without_order(expression)
        bare_label = getattr(bare, "key", None)
        operator_class = classes.get(label, classes.get(bare_label, "")) if classes else ""
        if isinstance(bare, sa.ColumnClause) and not bare.is_literal:
            length = lengths.get(bare.name) if isinstance(lengths, Mapping) else lengths
            return IndexKey(
                column=bare.name,
                order=" ".join(words),
                operator_class=operator_class,
                length=length,
            )
        return IndexKey(
            expression=self.expression(bare),
            order=" ".join(words),
            operator_class=operator_class,
        )

    # -- tables

    def table(self, table: sa.Table) -> Table:
        """A table with everything that hangs on it."""
        # A CheckConstraint inside a Column stays the column's, and is written in its clause.
        columns = list(table.columns)
        own = [item for column in columns for item in column.constraints]
        written = dict.fromkeys([*table.constraints, *own])
        constraints = [self.constraint(item) for item in ordered(written)]
        found = sorted(filter(self._is_written, table.indexes), key=_index_order)
        indexes = [self.index(index) for index in found]
        options = dict(self.options(table))
        if table._prefixes:
            options["prefixes"] = tuple(str(prefix) for prefix in table._prefixes)
        return Table(
            name=table.name,
            schema=table.schema,
            columns={column.name: self.column(column) for column in columns},
            primary_key=next((item for item in constraints if isinstance(item, PrimaryKey)), None),
            uniques=_keyed(constraints, Unique),
            foreign_keys=_keyed(constraints, ForeignKey),
            checks=_keyed(constraints, Check),
            excludes=_keyed(constraints, Exclude),
            indexes={index.key: index for index in indexes},
            comment=table.comment,
            options=options,
        )

    def schema(self, metadatas: Iterable[sa.MetaData]) -> Schema:
        """Everything that the models' metadata asks for."""
        tables = [table for metadata in metadatas for table in metadata.tables.values()]
        types = [
            column.type.dialect_impl(self.dialect)
            for table in tables
            for column in table.columns
            if not is_plain(column.type)
        ]
        enums = {enum.key: enum for enum in self._enums(types)}
        domains = {domain.key: domain for domain in self._domains(types)}
        sequences = self._sequences(metadatas)
        named: list[Any] = [*enums.values(), *domains.values(), *sequences.values()]
        return Schema(
            tables={table.key: table for table in map(self.table, tables)},
            enums=enums,
            domains=domains,
            sequences=sequences,
            namespaces=frozenset(item.schema for item in [*tables, *named] if item.schema),
        )

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
        ]
        return {sequence.key: sequence for sequence in found}


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


def _keyed(constraints: Iterable[Any], kind: type[Any]) -> Mapping[str, Any]:
    return {item.key: item for item in constraints if isinstance(item, kind)}


def _index_order(index: sa.Index) -> str:
    return str(index.name or "")


def _is_deferrable(constraint: Any) -> bool:
    """Whether a constraint may be checked late; INITIALLY DEFERRED says it by itself."""
    said: bool | None = constraint.deferrable
    return _upper(constraint.initially) == "DEFERRED" if said is None else said


def _upper(word: str | None) -> str | None:
    return None if word is None else word.upper()


def _action(word: str | None) -> str | None:
    """A foreign key's action; NO ACTION is the same as none."""
    action = _upper(word)
    return None if action == "NO ACTION" else action


def _target(element: sa.ForeignKey) -> tuple[str, str]:
    """The (table key, column name) a foreign key points to, resolved if its table is known."""
    try:
        column = element.column
    except sa.exc.InvalidRequestError:
        table, _, name = element.target_fullname.rpartition(".")
        return table, name
    return column.table.key, column.name


def _without_order(expression: Any) -> tuple[Any, list[str]]:
    """An index expression without its ASC, DESC and NULLS words, and those words in order."""
    words: list[str] = []
    while isinstance(expression, UnaryExpression) and expression.modifier in ORDER_WORDS:
        word = ORDER_WORDS[expression.modifier]
        if word:
            words.insert(0, word)
        expression = expression.element
    return expression, words
