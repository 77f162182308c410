"""New CREATE TABLE texts made from stored ones, with everything else left byte for byte.

Each function takes a text that was taken apart and returns the new text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...schema import Check, Constraint, ForeignKey, PrimaryKey, Unique
from .index_text import parse_index
from .stored_text import Clause, ColumnText, TableText
from .tokens import tokens, unquoted

KINDS: dict[type, str] = {
    PrimaryKey: "PRIMARY KEY",
    Unique: "UNIQUE",
    Check: "CHECK",
    ForeignKey: "FOREIGN KEY",
}


@dataclass(frozen=True)
class _Item:
    start: int
    end: int
    comma: int


def _items(table: TableText) -> list[_Item]:
    columns = [_Item(item.start, item.end, item.comma) for item in table.columns]
    pairs = zip(table.constraints, table.commas, strict=True)
    return columns + [_Item(item.start, item.end, comma) for item, comma in pairs]


def _spliced(text: str, *changes: tuple[int, int, str]) -> str:
    """The text with these (start, end, new) places replaced."""
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _left(text: str, place: int) -> int:
    """The place without the spaces before it; a line break may end a comment, and stays."""
    return len(text[:place].rstrip(" \t"))


def _without_item(table: TableText, start: int) -> str:
    items = _items(table)
    place = next(at for at, item in enumerate(items) if item.start == start)
    item = items[place]
    if place + 1 < len(items):
        return _spliced(table.text, (item.start, items[place + 1].start, ""))
    text = table.text[: _left(table.text, item.start)] + table.text[item.end :]
    comma = items[place - 1].comma
    return text if comma < 0 else text[:comma] + text[comma + 1 :]


def _separator(table: TableText) -> str:
    """A comma, and the line break and indentation that the last item has."""
    before = table.text[: _items(table)[-1].start]
    indented = re.search(r"\n[ \t]*$", before)
    return "," + indented[0] if indented else ", "


def with_column(
    table: TableText, clause: str, *, before: str | None = None, after: str | None = None
) -> str:
    """The text with a column more, after the last one unless told where."""
    if not table.columns:
        place = table.constraints[0].start if table.constraints else table.close
        comma = ", " if table.constraints else ""
        return _spliced(table.text, (place, place, clause + comma))
    if before is not None:
        place = table.column(before).start
        return _spliced(table.text, (place, place, clause + _separator(table)))
    column = table.columns[-1] if after is None else table.column(after)
    return _spliced(table.text, (column.end, column.end, _separator(table) + clause))


def without_column(table: TableText, name: str) -> str:
    """The text without a column's definition; constraints of the table are left alone."""
    return _without_item(table, table.column(name).start)


def reordered(table: TableText, names: Sequence[str]) -> str:
    """The text with its columns in this order."""
    return _spliced(
        table.text,
        *(
            (slot.start, slot.end, table.text[column.start : column.end])
            for slot, column in zip(table.columns, map(table.column, names), strict=True)
        ),
    )


def with_constraint(table: TableText, clause: str) -> str:
    """The text with a constraint more, after everything else."""
    end = _items(table)[-1].end
    return _spliced(table.text, (end, end, _separator(table) + clause))


def without_clause(table: TableText, clause: Clause) -> str:
    """The text without a constraint, be it the table's or a column's."""
    if clause in table.constraints:
        return _without_item(table, clause.start)
    start = _left(table.text, clause.start)
    return _spliced(table.text, (start, clause.end, ""))


def with_name(table: TableText, clause: Clause, name: str) -> str:
    """The text with a constraint under another name; ``name`` is quoted already."""
    if clause.name is None:
        return _spliced(table.text, (clause.start, clause.start, f"CONSTRAINT {name} "))
    label = tokens(table.text[clause.start : clause.end])[1]
    start = clause.start + label.start
    return _spliced(table.text, (start, clause.start + label.end, name))


def with_clause(table: TableText, name: str, kind: str, new: str) -> str:
    """The text with a column's clauses of a kind replaced by one, or by none if it is empty."""
    column = table.column(name)
    found = [item for item in column.clauses if item.kind == kind]
    changes = [(_left(table.text, item.start), item.end, "") for item in found if not new] or [
        (item.start, item.end, new if item is found[-1] else "") for item in found
    ]
    if new and not found:
        place = _place_for(column, kind)
        changes = [(place, place, f" {new}")]
    return _spliced(table.text, *changes)


def _place_for(column: ColumnText, kind: str) -> int:
    """Where a new clause goes: a collation behind the type, all else in front of a key or CHECK."""
    if kind == "COLLATE":
        return max(column.type_end, column.name_end)
    own = [item.end for item in column.clauses if item.kind in ("COLLATE", "DEFAULT", "NULL")]
    return max([column.type_end, column.name_end, *own])


def with_type(table: TableText, name: str, declared: str) -> str:
    """The text with a column of another declared type."""
    column = table.column(name)
    new = f" {declared}" if declared else ""
    return _spliced(table.text, (column.name_end, max(column.type_end, column.name_end), new))


def with_options(table: TableText, options: str) -> str:
    """The text with other words after its closing parenthesis."""
    return table.text[: table.close + 1] + options


def with_table_name(table: TableText, name: str) -> str:
    """The text with the table under another name, which is quoted already and may have a schema.

    Conditions that name a column together with its table name it alone from here on.
    """
    changes = [(table.name_start, table.name_end, name)]
    for _, clause in table.clauses:
        if clause.kind == "CHECK":
            changes += _qualifiers(table, clause)
    return _spliced(table.text, *changes)


def _qualifiers(table: TableText, clause: Clause) -> Iterator[tuple[int, int, str]]:
    """The places in a clause where the table's name and a dot stand before a column's."""
    for name, dot in pairwise(tokens(table.text[clause.start : clause.end])):
        is_name = name.kind in ("word", "quoted") and dot.text == "."
        if is_name and unquoted(name.text).lower() == table.name.lower():
            yield clause.start + name.start, clause.start + dot.end, ""


def clause_of(table: TableText, constraint: Constraint) -> Clause | None:
    """The clause that says a constraint."""
    kind = KINDS.get(type(constraint))
    for _, clause in table.clauses:
        if clause.kind != kind or (clause.name != constraint.name and kind != "PRIMARY KEY"):
            continue
        if isinstance(constraint, Check):
            if clause.text == constraint.condition:
                return clause
        elif _lower(clause.columns) == _lower(constraint.columns) and _leads(clause, constraint):  # type: ignore[union-attr]
            return clause
    return None


def _leads(clause: Clause, constraint: Constraint) -> bool:
    """Whether a foreign key's clause leads where the constraint leads."""
    if not isinstance(constraint, ForeignKey):
        return True
    reference = clause.reference
    assert reference is not None
    same = reference.table.lower() == constraint.referent.rpartition(".")[2].lower()
    columns = _lower(reference.columns)
    return same and columns in ((), _lower(constraint.referent_columns))


def _lower(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def with_index_name(sql: str, name: str) -> str:
    """A CREATE INDEX text for an index of another name, which is quoted already."""
    index = parse_index(sql)
    return _spliced(sql, (index.name_start, index.name_end, name))
