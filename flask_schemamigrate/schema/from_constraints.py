"""SQLAlchemy's constraints and indexes as values, spelled for one dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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

from .referents import named
from .texts import Texts, keys_in
from .values import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    IndexKey,
    PrimaryKey,
    Unique,
)

ORDER_WORDS = {
    asc_op: "",
    desc_op: "DESC",
    nulls_first_op: "NULLS FIRST",
    nulls_last_op: "NULLS LAST",
}


class Constraints(Texts):
    """Spells what stands on a table."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self._index_keys = cache(IndexKey)

    def _is_written(self, item: Any) -> bool:
        """Whether a constraint or index is meant for this dialect."""
        rule = getattr(item, "_create_rule", None)
        if rule is not None and not _is_of_an_add(rule) and not rule(self._ddl):
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
        options = self.all_options(constraint)
        if _is_deferrable(constraint):
            options["deferrable"] = True
        if constraint.initially:
            options["initially"] = _upper(constraint.initially)
        return PrimaryKey(columns, self.name(constraint), options)

    def _unique(self, constraint: sa.UniqueConstraint) -> Unique:
        options = self.all_options(constraint)
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
        options = self.all_options(constraint)
        targets = [_target(element) for element in constraint.elements]
        return ForeignKey(
            columns=tuple(element.parent.name for element in constraint.elements),
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
        options = self.all_options(constraint)
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
        expressions = [key for expression in index.expressions for key in _keys(expression)]
        if not options:
            keys = tuple(self._index_key(expression, {}, {}) for expression in expressions)
            return Index(self.name(index), keys, bool(index.unique))
        classes = options.pop("ops", {})
        lengths = options.pop("length", {})
        where = options.pop("where", None)
        return Index(
            name=self.name(index),
            keys=tuple(self._index_key(expression, classes, lengths) for expression in expressions),
            unique=bool(index.unique),
            where=where,
            using=options.pop("using", None),
            include=tuple(options.pop("include", ())),
            nulls_not_distinct=bool(options.pop("nulls_not_distinct", False)),
            options={name: item for name, item in options.items() if name != "concurrently"},
        )

    def _index_key(self, expression: Any, classes: Any, lengths: Any) -> IndexKey:
        if isinstance(expression, sa.Column) and not classes and not lengths:
            return self._index_keys(expression.name)
        bare, words = _without_order(expression)
        operator_class = self._operator_class((expression, bare), classes) if classes else ""
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

    def _operator_class(self, said: tuple[Any, Any], classes: Mapping[str, str]) -> str:
        """The class of an index key by its name or label, or by its text where it has none."""
        for expression in said:
            for label in (getattr(expression, "key", None), getattr(expression, "name", None)):
                if label is not None and label in classes:
                    return classes[label]
        return classes.get(self.expression(said[1]), "")


def _is_of_an_add(rule: Any) -> bool:
    """Whether a constraint has this rule because an ``AddConstraint`` wrote it, or will.

    That keeps it out of CREATE TABLE on every database, and says nothing of which it is meant for.
    """
    # A method, or in earlier releases of SQLAlchemy 2.0 what stands for one.
    name = getattr(rule, "__name__", None) or getattr(rule, "name", None)
    return name == "_create_rule_disable"


def _keys(expression: Any) -> list[Any]:
    """The keys of an index that are given as one: a text may hold a list of them."""
    if not isinstance(expression, sa.TextClause) or "," not in expression.text:
        return [expression]
    return [sa.text(text) for text in keys_in(expression.text)]


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
        return named(element)
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
