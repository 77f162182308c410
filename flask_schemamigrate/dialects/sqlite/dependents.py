"""What else mentions a column, and whether it would still work without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from ...errors.altering import MentionedElsewhere
from .index_text import parse_index
from .plan import Plan
from .scratch import Entry, Scratch, events, scratch
from .stored_text import Clause, TableText
from .tokens import names, quoted, words


def outside(text: TableText, name: str) -> Iterator[Clause]:
    """The keys and CHECKs with a column that stand outside its own definition."""
    for column, clause in text.clauses:
        if column is not None and column.name == name:
            continue
        columns = names(clause.text) if clause.kind == "CHECK" else _lower(clause.columns)
        if name.lower() in columns:
            yield clause


def checks_with(text: TableText, name: str) -> Iterator[Clause]:
    """The CHECKs of which a column is part."""
    for _, clause in text.clauses:
        if clause.kind == "CHECK" and name.lower() in names(clause.text):
            yield clause


def only(clause: Clause, name: str, text: TableText) -> bool:
    """Whether a CHECK speaks of no other column than this one."""
    mentioned = names(clause.text)
    return not any(
        column.name.lower() in mentioned for column in text.columns if column.name != name
    )


def refuse_if_needed(plan: Plan, name: str, dialect: sa.Dialect) -> None:
    """Raise `MentionedElsewhere` if something else would break without a column."""
    needing = [
        *_clauses(plan.text, name),
        *_indexes(plan, name),
        *_programs(plan, name, dialect),
    ]
    if needing:
        raise MentionedElsewhere(plan.table.key, name, list(dict.fromkeys(needing)))


def _clauses(text: TableText, name: str) -> Iterator[str]:
    for clause in checks_with(text, name):
        if not only(clause, name, text):
            yield f"the check {clause.name or f'({clause.text})'}"
    for column in text.columns:
        generated = column.clause("GENERATED")
        if column.name != name and generated and name.lower() in names(generated.text):
            yield f"the generated column '{column.name}'"


def _indexes(plan: Plan, name: str) -> Iterator[str]:
    """Indexes that have the column in an expression or a condition, not as a key."""
    for label, sql in plan.indexes.items():
        if name.lower() not in words(sql):
            continue
        index = parse_index(sql)
        keys = [term.column.lower() for term in index.terms if term.column]
        texts = [term.expression for term in index.terms if term.expression]
        texts += [index.where] if index.where else []
        if name.lower() not in keys and any(name.lower() in names(text) for text in texts):
            yield f"the index '{label}'"


def indexes_on(plan: Plan, name: str) -> list[str]:
    """The indexes that have a column as a key and go with it."""
    return [
        label
        for label, sql in plan.indexes.items()
        if name.lower() in words(sql)
        and name.lower() in [(term.column or "").lower() for term in parse_index(sql).terms]
    ]


def _programs(plan: Plan, name: str, dialect: sa.Dialect) -> Iterator[str]:
    """Triggers and views that work with the column and not without it; SQLite is asked."""
    entries = plan.catalogue.mentioning(plan.stored.name)
    suspects = [
        item
        for item in entries
        if item.type in ("trigger", "view") and name.lower() in words(item.sql)
    ]
    if not suspects:
        return
    for item in suspects:
        mine = item.table.lower() == plan.stored.name.lower()
        if item.type == "trigger" and mine and name.lower() in events(item.sql)[1]:
            yield f"the trigger '{item.name}'"
    before = plan.catalogue.around(plan.stored.name)
    after = [
        replace(item, sql=_without(plan, name))
        if item.type == "table" and item.name == plan.stored.name
        else item
        for item in before
        if not (item.type == "index" and item.table == plan.stored.name)
    ]
    sound = set(_working(before, suspects, plan, dialect))
    broken = sound - set(_working(after, suspects, plan, dialect))
    yield from (f"the {kind} '{label}'" for kind, label in sorted(broken))


def _without(plan: Plan, name: str) -> str:
    columns = [quoted(item) for item in plan.table.columns if item != name]
    return f"CREATE TABLE {quoted(plan.stored.name)} ({', '.join(columns)})"


def _working(
    entries: Sequence[Entry], suspects: Sequence[Entry], plan: Plan, dialect: sa.Dialect
) -> Iterator[tuple[str, str]]:
    """Those of the suspects that SQLite can make sense of among these entries."""
    for suspect in suspects:
        with scratch(dialect) as made:
            others = [
                item
                for item in entries
                if item.type in ("table", "view") or item.name == suspect.name
            ]
            try:
                plan.catalogue.copied_to(made, others)
                _make_sense(made, suspect)
            except Exception:
                continue
            yield suspect.type, suspect.name


def _make_sense(made: Scratch, suspect: Entry) -> None:
    """Have SQLite compile a view, or what fires a trigger. Raises what it raises."""
    if suspect.type == "view":
        made.ask(f"EXPLAIN SELECT * FROM {quoted(suspect.name)}")
        return
    event, _ = events(suspect.sql)
    table = quoted(suspect.table)
    columns = made.ask(f"SELECT name FROM pragma_table_info({quoted(suspect.table)})")
    if event == "INSERT":
        made.ask(f"EXPLAIN INSERT INTO {table} DEFAULT VALUES")
    elif event == "DELETE":
        made.ask(f"EXPLAIN DELETE FROM {table}")
    else:
        sets = ", ".join(f"{quoted(row[0])} = NULL" for row in columns)
        made.ask(f"EXPLAIN UPDATE {table} SET {sets}")


def _lower(names: Sequence[str]) -> list[str]:
    return [name.lower() for name in names]
