"""Constraints, and what stands behind them, from the rows of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...schema import (
    Check,
    Constraint,
    Exclude,
    ForeignKey,
    IndexKey,
    PrimaryKey,
    Unique,
    key_of,
)

ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
MATCHES = {"s": None, "f": "FULL", "p": "PARTIAL"}
DESCENDING, NULLS_FIRST = 1, 2

Row = Sequence[Any]


@dataclass(frozen=True)
class Backing:
    """The index that a primary key, a unique or an exclude constraint stands on."""

    keys: tuple[IndexKey, ...]
    include: tuple[str, ...]
    where: str | None
    method: str
    nulls_not_distinct: bool
    options: Mapping[str, Any]

    @property
    def elements(self) -> tuple[str, ...]:
        """The keys as an exclude constraint names them."""
        return tuple(
            " ".join(filter(None, (key.text, key.collation, key.operator_class, key.order)))
            for key in self.keys
        )


def constraint(row: Row, names: Mapping[int, str], backing: Backing | None) -> Constraint:
    """A constraint from its row, and from the index that it stands on."""
    name, kind, columns = row[1], row[2], tuple(names.get(key, "") for key in row[3] or ())
    deferrable, initially = bool(row[4]), "DEFERRED" if row[5] else None
    temporal = {"without_overlaps": True} if row[18] else {}
    match kind:
        case "p":
            return PrimaryKey(columns, name, primary_key_options(row, backing) | temporal)
        case "u":
            assert backing is not None
            return Unique(
                columns,
                name,
                deferrable=deferrable,
                initially=initially,
                nulls_not_distinct=backing.nulls_not_distinct,
                include=backing.include,
                options=dict(backing.options) | temporal,
            )
        case "x":
            assert backing is not None
            return Exclude(
                elements=tuple(zip(backing.elements, row[16], strict=True)),
                name=name,
                using=backing.method,
                where=backing.where,
                deferrable=deferrable,
                initially=initially,
            )
        case "c":
            options = unenforced(row) | ({"no_inherit": True} if row[7] else {})
            return Check(row[8], name, validated=row[6] or not row[17], options=options)
    return foreign_key(row, columns, names)


def foreign_key(row: Row, columns: tuple[str, ...], names: Mapping[int, str]) -> ForeignKey:
    """A foreign key from its row."""
    schema, table = row[9], row[10]
    ondelete = ACTIONS[row[13]]
    if row[15]:
        ondelete = f"{ondelete} ({', '.join(names[key] for key in row[15])})"
    return ForeignKey(
        columns=columns,
        referent=key_of(table, schema),
        referent_columns=tuple(row[11]),
        name=row[1],
        onupdate=ACTIONS[row[12]],
        ondelete=ondelete,
        deferrable=bool(row[4]),
        initially="DEFERRED" if row[5] else None,
        match=MATCHES[row[14]],
        validated=row[6] or not row[17],
        options=unenforced(row) | ({"period": True} if row[18] else {}),
    )


def unenforced(row: Row) -> dict[str, Any]:
    """The option of a rule that nothing is held to, which is another thing than NOT VALID."""
    return {} if row[17] else {"enforced": False}


def storage_options(parameters: Sequence[str] | None, tablespace: str | None) -> dict[str, Any]:
    """The options WITH (...) and TABLESPACE."""
    options: dict[str, Any] = {}
    if parameters:
        options["with"] = {
            name: value for name, _, value in (item.partition("=") for item in parameters)
        }
    if tablespace is not None:
        options["tablespace"] = tablespace
    return options


def primary_key_options(row: Row, backing: Backing | None) -> dict[str, Any]:
    """What PostgreSQL alone knows of a primary key."""
    options = dict(backing.options) if backing else {}
    if backing and backing.include:
        options["include"] = backing.include
    if row[4]:
        options["deferrable"] = True
    if row[5]:
        options["initially"] = "DEFERRED"
    return options


def order_words(flags: int) -> str:
    """How a key is sorted, without saying what goes without saying."""
    if flags & DESCENDING:
        return "DESC" if flags & NULLS_FIRST else "DESC NULLS LAST"
    return "NULLS FIRST" if flags & NULLS_FIRST else ""
