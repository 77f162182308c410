"""What a comparison found: two schemas, and what may not be touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..schema import Schema


@dataclass(frozen=True)
class Hints:
    """The renames that models announce with ``info={"renamed_from": "old"}``.

    ``tables`` leads from new table keys to old ones, ``columns`` from (table key, new name) to
    the old name.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """A database and what models want of it.

    ``before`` is the database as it was read; ``wanted`` is what it shall become, spelled as the
    database would; ``said`` is what the models say, which reads better in a revision, its tables
    only as far as they change. Tables that are not to be touched are in ``wanted`` as they
    are. ``given`` are, by table, the names that models did not give and that give way to those of
    the database. ``refused`` says why the database would not spell the models, if it would not, so
    that their own words were compared. ``with_nulls`` are the (table key, column) pairs of
    ``before`` that hold a NULL.
    """

    before: Schema
    wanted: Schema
    said: Schema = field(default_factory=Schema)
    unmanaged: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hints: Hints = Hints()
    with_nulls: frozenset[tuple[str, str]] = frozenset()
    suggestions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    column_order: bool = False
    refused: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether models and database agree."""
        return not self.changed and all(
            getattr(self.before, what) == getattr(self.wanted, what)
            for what in ("enums", "sequences", "namespaces", "domains")
        )

    @property
    def changed(self) -> tuple[str, ...]:
        """The keys of the tables that differ, those to be dropped last."""
        before, wanted = self.before.tables, self.wanted.tables
        differ = [
            key
            for key, table in wanted.items()
            if (old := before.get(key)) is not table
            and (old != table or (self.column_order and [*old.columns] != [*table.columns]))
        ]
        return (*differ, *(key for key in before if key not in wanted))
