"""What only the stored text of a table tells, laid over what the pragmas say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...schema import Check, Column, Computed, ForeignKey, PrimaryKey, Table, Type, Unique, key_of
from .spelled import actual, keyed, type_text
from .stored_text import Clause, ColumnText, TableText, parse_constraint, parse_table
from .tokens import NotUnderstood

TELLING = re.compile(
    r"\b(?:CONSTRAINT|CHECK|COLLATE|AUTOINCREMENT|CONFLICT|DEFERRABLE|GENERATED|AS|STRICT|WITHOUT"
    r"|MATCH|UNIQUE|DESC|ASC)\b|--|/\*",
    re.IGNORECASE,
)
"""What only the text tells; a table without these words is read from the pragmas alone."""

CONSTRAINT_LINE = re.compile(r"(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b", re.IGNORECASE)
TELLING_LINE = re.compile(rf"{TELLING.pattern}|\bREFERENCES\b", re.IGNORECASE)
"""What a column's line may say that the constraints' lines do not."""


def told(table: Table, text: str) -> Table:
    """The table with all that its text says and the pragmas do not; as it is if that is unclear."""
    if not TELLING.search(text):
        return table
    try:
        return _told(table, text)
    except NotUnderstood:
        return table


def _told(table: Table, text: str) -> Table:
    try:
        clauses = constraint_lines(text)
    except NotUnderstood:
        clauses = None
    if clauses is not None:
        return with_clauses(table, clauses)
    return _taken_apart(table, parse_table(text))


def constraint_lines(text: str) -> list[Clause] | None:
    """The constraints of a text that has each on a line and says all about columns to the pragmas.

    That is how SQLAlchemy writes; it saves taking every column apart. ``None`` for other texts.
    """
    first, *lines = text.split("\n")
    if len(lines) < 2 or lines[-1].strip() != ")" or not first.endswith("("):
        return None
    if not all(line.rstrip().endswith(",") for line in lines[:-2]):
        return None
    found = []
    for line in lines[:-1]:
        bare = line.strip().removesuffix(",")
        if CONSTRAINT_LINE.match(bare):
            if "--" in bare or "/*" in bare:
                return None
            found.append(parse_constraint(bare))
        elif TELLING_LINE.search(bare) or bare.count("(") != bare.count(")") or bare.count("'") % 2:
            return None
    return found


def _taken_apart(table: Table, text: TableText) -> Table:
    """The table with what each of its columns and clauses says.

    Raises `NotUnderstood` where the text seems to speak of other columns than SQLite does.
    """
    if [column.name for column in text.columns] != list(table.columns):
        raise NotUnderstood(f"other columns than {', '.join(table.columns)}")
    table = with_clauses(table, [clause for _, clause in text.clauses])
    options = dict(table.options)
    if "STRICT" in text.options:
        options["strict"] = True
    if "WITHOUT ROWID" in text.options:
        options["with_rowid"] = False
    columns = {item.name: _told_column(table.columns[item.name], item) for item in text.columns}
    return replace(table, columns=columns, options=options)


def with_clauses(table: Table, clauses: Sequence[Clause]) -> Table:
    """The table with its constraints as these clauses say them."""
    automatic = any(clause.autoincrement for clause in clauses)
    return replace(
        table,
        primary_key=_told_key(table, clauses),
        uniques=keyed(
            Unique(actual(clause.columns, table), clause.name, options=_key_options(clause))
            for clause in clauses
            if clause.kind == "UNIQUE"
        ),
        foreign_keys=keyed(
            _told_foreign_key(clause, table) for clause in clauses if clause.reference
        ),
        checks=keyed(
            Check(clause.text, clause.name, options=_key_options(clause))
            for clause in clauses
            if clause.kind == "CHECK"
        ),
        options={"autoincrement": True} if automatic else {},
    )


def _told_column(column: Column, text: ColumnText) -> Column:
    collation = text.clause("COLLATE")
    generated = text.clause("GENERATED")
    not_null = text.clause("NOT NULL")
    options = {}
    if not_null is not None and not_null.conflict:
        options["on_conflict_not_null"] = not_null.conflict
    if not (collation or generated or options):
        return column
    declared = column.type.text
    return replace(
        column,
        type=Type(type_text(declared, collation.text)) if collation else column.type,
        computed=Computed(generated.text, generated.stored) if generated else None,
        options=options,
    )


def _told_key(table: Table, clauses: Sequence[Clause]) -> PrimaryKey | None:
    clause = next((clause for clause in clauses if clause.kind == "PRIMARY KEY"), None)
    if clause is None or table.primary_key is None:
        return table.primary_key
    options = dict(_key_options(clause))
    if clause.descending:
        options["descending"] = True
    name = None if clause.autoincrement else clause.name
    return PrimaryKey(actual(clause.columns, table), name, options)


def _key_options(clause: Clause) -> dict[str, Any]:
    options = {"on_conflict": clause.conflict} if clause.conflict else {}
    return {**options, "terms": clause.terms} if clause.terms else options


def _told_foreign_key(clause: Clause, table: Table) -> ForeignKey:
    reference = clause.reference
    assert reference is not None
    return ForeignKey(
        columns=actual(clause.columns, table),
        referent=key_of(reference.table, table.schema),
        referent_columns=reference.columns,
        name=clause.name,
        onupdate=reference.onupdate,
        ondelete=reference.ondelete,
        deferrable=reference.deferrable,
        initially=reference.initially,
        match=reference.match,
    )
