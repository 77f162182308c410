"""Directives about sequences and domains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ...schema import Check, Domain
from ...schema import Sequence as SequenceValue
from ..base import KEEP, Keep
from ..domains import AlterDomain, CreateDomain, DropDomain
from ..sequences import AlterSequence, CreateSequence, DropSequence
from .base import Directives


class NamedDirectives(Directives):
    """Sequences and domains."""

    def create_sequence(
        self,
        name: str,
        *,
        schema: str | None = None,
        start: int | None = None,
        increment: int | None = None,
        minimum: int | None = None,
        maximum: int | None = None,
        cycle: bool = False,
        cache: int | None = None,
        if_not_exists: bool = False,
    ) -> None:
        """Create a sequence."""
        sequence = SequenceValue(name, schema, start, increment, minimum, maximum, cycle, cache)
        self.invoke(CreateSequence(sequence, if_not_exists))

    def drop_sequence(
        self, name: str, *, schema: str | None = None, if_exists: bool = False
    ) -> None:
        """Drop a sequence."""
        self.invoke(DropSequence(name, schema, if_exists))

    def alter_sequence(
        self,
        name: str,
        *,
        schema: str | None = None,
        start: int | Keep | None = KEEP,
        increment: int | Keep | None = KEEP,
        minimum: int | Keep | None = KEEP,
        maximum: int | Keep | None = KEEP,
        cycle: bool | Keep = KEEP,
        cache: int | Keep | None = KEEP,
    ) -> None:
        """Change options of a sequence; ``None`` gives one back what it is by itself."""
        self.invoke(AlterSequence(name, schema, start, increment, minimum, maximum, cycle, cache))

    def create_domain(
        self,
        name: str,
        type_: Any,
        *,
        schema: str | None = None,
        nullable: bool = True,
        default: Any = None,
        checks: Mapping[str, Any] | None = None,
        if_not_exists: bool = False,
    ) -> None:
        """Create a domain over a type. ``checks`` map names to conditions about ``VALUE``."""
        domain = Domain(
            name=name,
            type=self._sink.spelling.type(sa.types.to_instance(type_)),
            schema=schema,
            nullable=nullable,
            default=None if default is None else self._sink.spelling.default_text(default),
            checks={check.key: check for check in self._checks(checks)},
        )
        self.invoke(CreateDomain(domain, if_not_exists))

    def drop_domain(self, name: str, *, schema: str | None = None, if_exists: bool = False) -> None:
        """Drop a domain that no column uses any more."""
        self.invoke(DropDomain(name, schema, if_exists))

    def alter_domain(
        self,
        name: str,
        *,
        schema: str | None = None,
        nullable: bool | None = None,
        default: Any = KEEP,
        add_checks: Mapping[str, Any] | None = None,
        drop_checks: Sequence[str] = (),
    ) -> None:
        """Change rules of a domain; a ``default`` of ``None`` takes it away."""
        if default is not None and default is not KEEP:
            default = self._sink.spelling.default_text(default)
        self.invoke(
            AlterDomain(
                name,
                schema,
                nullable=KEEP if nullable is None else nullable,
                default=default,
                added=tuple(self._checks(add_checks)),
                dropped=tuple(drop_checks),
            )
        )

    def _checks(self, checks: Mapping[str, Any] | None) -> list[Check]:
        """The checks of a domain by their names."""
        conditions = (checks or {}).items()
        return [Check(self._sink.spelling.expression(said), name) for name, said in conditions]
