"""The texts that SQLAlchemy's constructs become in DDL, for one dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import sqltypes

from .values import Type, key_of

IN_INFO = {"enforced": False, "no_inherit": True, "without_overlaps": True, "period": True}
"""What SQLAlchemy has no argument for: ``info={"postgresql_enforced": False}`` says it instead."""
LATER = frozenset({"include", "strict", "using", "with"})
"""What the first SQLAlchemy 2.0 has no argument for, and ``info`` may say as well."""


class Texts:
    """Spells the parts of SQLAlchemy constructs the way ``dialect`` would write them in DDL.

    The dialect must not double percent signs (see `dialects.base.undoubled`), because the texts are
    executed without parameters.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._ddl = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
        self._expressions = self._ddl.sql_compiler
        self._types: dict[Any, Type] = {}

    def expression(self, clause: Any) -> str:
        """An SQL expression with its values inline and without the table's name before columns."""
        if isinstance(clause, str):
            return clause
        return str(self._expressions.process(clause, include_table=False, literal_binds=True))

    def type(self, type_: sa.types.TypeEngine[Any]) -> Type:
        """The type's text in DDL, and the enum it names; equal plain types are one value."""
        arguments = _PLAIN.get(type(type_))
        if arguments is not None and not type_._variant_mapping:
            key = arguments(type_), type(type_)
            found = self._types.get(key)
            if found is None:
                text = self.dialect.type_compiler_instance.process(type_)
                found = self._types[key] = Type(text, type_)
            return found
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

    def default_text(self, default: Any) -> str:
        """A default given on its own: a string is a value, anything else an expression."""
        return str(self._ddl.render_default_string(default))

    def name(self, constraint: Any) -> str | None:
        """The constraint's or index's name after naming conventions, unquoted."""
        name = constraint.name
        if name is None:
            return None
        if isinstance(name, str) and 0 < len(name) <= self.longest_name:
            return str(name)
        if isinstance(constraint, sa.Index):
            quoted = self.dialect.identifier_preparer.format_index(constraint)
        else:
            quoted = self.dialect.identifier_preparer.format_constraint(constraint) or ""
        return self.unquoted(quoted) or None

    @cached_property
    def longest_name(self) -> int:
        """How long a name may be without being cut off, whatever it is the name of."""
        dialect = self.dialect
        special = (dialect.max_index_name_length, dialect.max_constraint_name_length)
        return min([dialect.max_identifier_length, *filter(None, special)])

    def unquoted(self, quoted: str) -> str:
        """A formatted identifier without its quotes."""
        preparer = self.dialect.identifier_preparer
        first, last = preparer.initial_quote, preparer.final_quote
        if quoted.startswith(first) and quoted.endswith(last) and len(quoted) > 1:
            return quoted[len(first) : -len(last)].replace(preparer.escape_quote * 2, last)
        return quoted

    def options(self, construct: Any) -> Mapping[str, Any]:
        """The construct's keyword arguments for this dialect, without the dialect's prefix."""
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

    def all_options(self, construct: Any) -> dict[str, Any]:
        """The options of a table or a constraint, with those that its ``info`` has to carry."""
        info = self.own_options(construct.info) if "info" in construct.__dict__ else {}
        told = {
            name: value
            for name, value in info.items()
            if (name in LATER and value) or IN_INFO.get(name, ...) is value
        }
        return {**self.options(construct), **told}

    def own_options(self, kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Those of these keyword arguments that are this dialect's, without its prefix.

        ``mysql_engine`` says nothing to a ``mariadb://`` URL, nor ``mariadb_engine`` to a ``mysql://``
        one, whichever server answers: https://docs.sqlalchemy.org/dialects/mysql.html#mariadb-only-mode
        """
        prefix = f"{self.dialect.name}_"
        return {
            key.removeprefix(prefix): self._option(value)
            for key, value in kwargs.items()
            if key.startswith(prefix)
        }

    def _option(self, value: Any) -> Any:
        if isinstance(value, sa.sql.ClauseElement):
            return self.expression(value)
        if isinstance(value, Mapping):
            return {str(key): self._option(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return tuple(getattr(item, "name", None) or self._option(item) for item in value)
        return value


def _nothing(type_: Any) -> None:
    """What tells types apart that take no arguments."""


_text = attrgetter("length", "collation")
_number = attrgetter("precision", "scale", "asdecimal", "decimal_return_scale")
_PLAIN: Mapping[type[Any], Callable[[Any], Any]] = {
    sa.Integer: _nothing,
    sa.SmallInteger: _nothing,
    sa.BigInteger: _nothing,
    sa.Date: _nothing,
    sa.Boolean: attrgetter("create_constraint", "name"),
    sa.JSON: attrgetter("none_as_null"),
    sa.String: _text,
    sa.Unicode: _text,
    sa.Text: _text,
    sa.UnicodeText: _text,
    sa.LargeBinary: attrgetter("length"),
    sa.Numeric: _number,
    sa.Float: _number,
    sa.Double: _number,
    sa.DateTime: attrgetter("timezone"),
    sa.Time: attrgetter("timezone"),
}
"""Types that name no type of the database, and what each is made of."""


def is_plain(type_: sa.types.TypeEngine[Any]) -> bool:
    """Whether little is to be asked to spell a type: it is no type of the project's own."""
    return type(type_) in _PLAIN and not type_._variant_mapping


def native_enum(type_: Any, dialect: Dialect) -> sqltypes.Enum | None:
    """The enum that is a type of its own in this database, looking into arrays; else ``None``."""
    inner = getattr(type_, "item_type", None)
    if inner is not None:
        type_ = inner.dialect_impl(dialect)
    if not isinstance(type_, sqltypes.Enum) or not type_.native_enum:
        return None
    return type_ if dialect.name == "postgresql" else None


def keys_in(text: str) -> list[str]:
    """The keys of an index in one text, apart at the commas outside quotes and parentheses."""
    items, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()[]":
            depth += 1 if letter in "([" else -1
        elif letter == "," and not depth:
            items.append("")
            continue
        items[-1] += letter
    return [item.strip() for item in items]
