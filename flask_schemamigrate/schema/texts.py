"""The texts that SQLAlchemy's constructs become in DDL, for one dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import sqltypes

from .values import Type, key_of


class Texts:
    """Spells the parts of SQLAlchemy constructs the way ``dialect`` would write them in DDL.

    The dialect must not double percent signs (see `dialects.base.undoubled`), because the texts are
    executed without parameters.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._ddl = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
        self._expressions = self._ddl.sql_compiler
        self._types: dict[Any, str] = {}

    def expression(self, clause: Any) -> str:
        """An SQL expression with its values inline and without the table's name before columns."""
        if isinstance(clause, str):
            return clause
        return str(self._expressions.process(clause, include_table=False, literal_binds=True))

    def type(self, type_: sa.types.TypeEngine[Any]) -> Type:
        """The type's text in DDL, and the enum it names."""
        key = plain_key(type_)
        if key is not None:
            text = self._types.get(key)
            if text is None:
                text = self._types[key] = self.dialect.type_compiler_instance.process(type_)
            return Type(text, type_)
        variant = type_.dialect_impl(self.dialect)
        enum = native_enum(variant, self.dialect)
        return Type(
            self.dialect.type_compiler_instance.process(type_),
            type_,
            None if enum is None else key_of(enum.name or "", enum.schema),
        )

    def default(self, column: sa.Column[Any]) -> str | None:
        """The server default's text, or ``None``."""
        if isinstance(column.server_default, sa.Computed | sa.Identity):
            return None
        return self._ddl.get_column_default_string(column)

    def name(self, constraint: Any) -> str | None:
        """The constraint's or index's name after naming conventions, unquoted."""
        if constraint.name is None:
            return None
        if isinstance(constraint, sa.Index):
            quoted = self.dialect.identifier_preparer.format_index(constraint)
        else:
            quoted = self.dialect.identifier_preparer.format_constraint(constraint) or ""
        return self.unquoted(quoted) or None

    def unquoted(self, quoted: str) -> str:
        """A formatted identifier without its quotes."""
        preparer = self.dialect.identifier_preparer
        first, last = preparer.initial_quote, preparer.final_quote
        if quoted.startswith(first) and quoted.endswith(last) and len(quoted) > 1:
            return quoted[len(first) : -len(last)].replace(preparer.escape_quote * 2, last)
        return quoted

    def options(self, construct: Any) -> Mapping[str, Any]:
        """The construct's keyword arguments for this dialect, without the dialect's prefix.

        MariaDB is a MySQL to SQLAlchemy, so ``mysql_engine`` counts there too.
        """
        # Asking for `dialect_kwargs` would make a view for each of many columns that have none.
        if "dialect_options" not in construct.__dict__:
            return {}
        kwargs = construct.dialect_kwargs
        if not kwargs:
            return {}
        return {
            name: value
            for name, value in self.own_options(kwargs).items()
            if value not in (None, False, {}, [], ()) or self._is_off(construct, name, value)
        }

    def _is_off(self, construct: Any, name: str, value: Any) -> bool:
        """Whether this switches off what is on unless a model says so, as a table's rowid is."""
        usual = construct.dialect_options[self.dialect.name]._defaults
        return value is False and usual.get(name) is True

    def own_options(self, kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Those of these keyword arguments that are this dialect's, without its prefix."""
        name = self.dialect.name
        prefixes = (name, "mysql") if name == "mariadb" else (name,)
        return {
            key.partition("_")[2]: self._option(value)
            for key, value in kwargs.items()
            if key.partition("_")[0] in prefixes
        }

    def _option(self, value: Any) -> Any:
        if isinstance(value, sa.sql.ClauseElement):
            return self.expression(value)
        if isinstance(value, Mapping):
            return {str(key): self._option(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return tuple(getattr(item, "name", None) or self._option(item) for item in value)
        return value


_PLAIN: Mapping[type[Any], tuple[str, ...]] = {
    sa.Integer: (),
    sa.SmallInteger: (),
    sa.BigInteger: (),
    sa.Date: (),
    sa.JSON: (),
    sa.String: ("length", "collation"),
    sa.Unicode: ("length", "collation"),
    sa.Text: ("length", "collation"),
    sa.UnicodeText: ("length", "collation"),
    sa.LargeBinary: ("length",),
    sa.Numeric: ("precision", "scale"),
    sa.Float: ("precision", "scale"),
    sa.Double: ("precision", "scale"),
    sa.DateTime: ("timezone",),
    sa.Time: ("timezone",),
}
"""Types of which these attributes alone make the text, and which name no type of the database."""


def plain_key(type_: sa.types.TypeEngine[Any]) -> tuple[Any, ...] | None:
    """What the text of a type depends on, where that is little; else ``None``."""
    names = _PLAIN.get(type(type_))
    if names is None or type_._variant_mapping:
        return None
    return (type(type_), *[getattr(type_, name, None) for name in names])


def native_enum(type_: Any, dialect: Dialect) -> sqltypes.Enum | None:
    """The enum that is a type of its own in this database, looking into arrays; else ``None``."""
    inner = getattr(type_, "item_type", None)
    if inner is not None:
        type_ = inner.dialect_impl(dialect)
    if not isinstance(type_, sqltypes.Enum) or not type_.native_enum:
        return None
    return type_ if dialect.name == "postgresql" else None
