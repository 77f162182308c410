"""Directives about constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ...errors.operations import NameNeeded, WrongArgument
from ...schema import Check, Constraint, ForeignKey, Unique, key_of
from ..constraints import (
    KINDS,
    AddConstraint,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from .base import Directives


class ConstraintDirectives(Directives):
    """Add, drop, rename and validate constraints."""

    def create_primary_key(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Give a table its primary key."""
        key = sa.PrimaryKeyConstraint(*columns, name=constraint_name, **kw)
        self._adhoc(table_name, schema, columns, key)
        self._add(table_name, schema, key)

    def create_unique_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Add a unique constraint; ``deferrable``, ``initially`` and dialects' own keywords."""
        if_not_exists = bool(kw.pop("if_not_exists", False))
        unique = sa.UniqueConstraint(*columns, name=constraint_name, **kw)
        self._adhoc(table_name, schema, columns, unique)
        self._add(table_name, schema, unique, if_not_exists)

    def create_foreign_key(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        validate: bool = True,
        **kw: Any,
    ) -> None:
        """Add a foreign key from ``source_table`` to ``referent_table``.

        ``validate=False`` leaves the rows that are there unchecked, where the database can;
        `validate_constraint` checks them later without blocking writes.
        """
        if_not_exists = bool(kw.pop("if_not_exists", False))
        kw.pop("use_alter", None)
        referent = key_of(str(referent_table), referent_schema)
        key = sa.ForeignKeyConstraint(
            list(local_cols),
            [f"{referent}.{column}" for column in remote_cols],
            name=constraint_name,
            onupdate=onupdate,
            ondelete=ondelete,
            deferrable=deferrable,
            initially=initially,
            match=match,
            **kw,
        )
        same = (referent_table, referent_schema) == (source_table, source_schema)
        table = self._adhoc(
            source_table, source_schema, [*local_cols, *(remote_cols if same else ())]
        )
        if not same:
            bare = [sa.Column(name, sa.types.NULLTYPE) for name in remote_cols]
            sa.Table(str(referent_table), table.metadata, *bare, schema=referent_schema)
        table.append_constraint(key)
        self._add(source_table, source_schema, key, if_not_exists, validate=validate)

    def create_check_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        condition: Any,
        *,
        schema: str | None = None,
        validate: bool = True,
        **kw: Any,
    ) -> None:
        """Add a check; the condition is SQL text or an SQLAlchemy expression."""
        if_not_exists = bool(kw.pop("if_not_exists", False))
        check = sa.CheckConstraint(condition, name=constraint_name, **kw)
        self._adhoc(table_name, schema, (), check)
        self._add(table_name, schema, check, if_not_exists, validate=validate)

    def create_exclude_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        *elements: Any,
        where: Any = None,
        schema: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        using: str | None = None,
        **kw: Any,
    ) -> None:
        """Add PostgreSQL's exclusion constraint of (expression, operator) pairs."""
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        names = [expression for expression, _ in elements if isinstance(expression, str)]
        table = self._adhoc(table_name, schema, names)
        exclude = ExcludeConstraint(
            *[
                (table.c[expression] if isinstance(expression, str) else expression, operator)
                for expression, operator in elements
            ],
            name=constraint_name,
            where=where,
            deferrable=deferrable,
            initially=initially,
            using=using or "gist",
            **kw,
        )
        table.append_constraint(exclude)
        self._add(table_name, schema, exclude)

    def drop_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        columns: Sequence[str] = (),
        condition: str | None = None,
    ) -> None:
        """Drop a constraint by name; ``type_`` is its kind, where the database needs it.

        One without a name is found by its ``columns`` or its ``condition``. Raises `NameNeeded`
        where nothing says which one is meant.
        """
        if type_ is not None and type_ not in KINDS:
            raise WrongArgument(
                f"type_ of drop_constraint is '{type_}'.",
                hint=f"It is one of {', '.join(repr(kind) for kind in KINDS)}, or left out.",
            )
        definition = _definition(type_, tuple(columns), condition)
        if constraint_name is None and definition is None and type_ != "primary" and not if_exists:
            raise NameNeeded("A constraint to drop", table_name).advising(
                "Give its name as the first argument. One that has none in the database is found "
                "by type_= with columns=[...], a check by condition='...'."
            )
        self.invoke(
            DropConstraint(
                table_name,
                schema,
                name=self._conventional(constraint_name, table_name, type_),
                kind=type_,
                definition=definition,
                if_exists=bool(if_exists),
            )
        )

    def rename_constraint(
        self, table_name: str, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Give a constraint another name."""
        self.invoke(RenameConstraint(table_name, schema, name=old_name, new_name=new_name))

    def validate_constraint(
        self, constraint_name: str, table_name: str, *, schema: str | None = None
    ) -> None:
        """Check the rows that a constraint added with ``validate=False`` did not look at."""
        self.invoke(ValidateConstraint(table_name, schema, name=constraint_name))

    def _add(
        self,
        table: str,
        schema: str | None,
        constraint: sa.Constraint,
        if_not_exists: bool = False,
        *,
        validate: bool = True,
    ) -> None:
        spelled = self._constraint(constraint)
        if isinstance(spelled, Check | ForeignKey):
            spelled = replace(spelled, validated=spelled.validated and validate)
        self.invoke(
            AddConstraint(str(table), schema, constraint=spelled, if_not_exists=if_not_exists)
        )

    def _conventional(self, name: str | None, table: str, kind: str | None) -> str | None:
        """The name as the naming convention makes it of a check's short name."""
        if name is None or kind != "check":
            return name
        check = sa.CheckConstraint("1", name=name)
        self._adhoc(table, None, (), check)
        return self._constraint(check).name


def _definition(
    kind: str | None, columns: tuple[str, ...], condition: str | None
) -> Constraint | None:
    """What is known of a constraint without a name."""
    if condition is not None:
        return Check(condition)
    if not columns:
        return None
    if kind == "foreignkey":
        return ForeignKey(columns, "", ())
    return Unique(columns)
