"""A change to a table's stored text alone, which takes milliseconds whatever the table holds.

Follows https://www.sqlite.org/lang_altertable.html#otheralter, its second procedure.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ...errors.altering import ChangeRefused
from ..statement import Statement, Step
from .asking import Ask
from .stored_text import parse_table
from .tokens import literal, quoted

MARK = "\0"
"""Stands for a default in a text; nothing else in a text can be this character."""


@dataclass(frozen=True)
class SchemaEdit(Statement):
    """Give a table a new CREATE TABLE text, or take the ``instead`` steps where that is unsafe.

    ``probes`` are pairs of a column whose default changes and the text of the table with `MARK` for
    that default.
    """

    table: str = ""
    schema: str | None = None
    text: str = ""
    probes: tuple[tuple[str, str], ...] = ()
    instead: tuple[Step, ...] = field(default=(), compare=False)


def schema_edit(
    table: str,
    schema: str | None,
    text: str,
    *,
    probes: Sequence[tuple[str, str]] = (),
    instead: Sequence[Step] = (),
) -> SchemaEdit:
    """The step that gives a table a new text."""
    return SchemaEdit(
        sql=_update(table, schema, text),
        table=table,
        schema=schema,
        text=text,
        probes=tuple(probes),
        instead=tuple(instead),
    )


def _update(table: str, schema: str | None, text: str) -> str:
    master = f"{quoted(schema or 'main')}.sqlite_master"
    return (
        f"UPDATE {master} SET sql = {literal(text)} "
        f"WHERE type = 'table' AND name = {literal(table)}"
    )


def carry_out(edit: SchemaEdit, ask: Ask, other: Callable[[Step], Any]) -> None:
    """Edit the text if that is safe, else carry out what is to be done instead."""
    if not _possible(ask) or not _edited(edit, ask):
        for step in edit.instead:
            other(step)


def _possible(ask: Ask) -> bool:
    """Whether the connection lets the schema be written; in defensive mode it does not.

    https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
    """
    ask("PRAGMA writable_schema=ON")
    allowed = bool(ask("PRAGMA writable_schema")[0][0])
    ask("PRAGMA writable_schema=OFF")
    return allowed


def _edited(edit: SchemaEdit, ask: Ask) -> bool:
    prefix = quoted(edit.schema or "main")
    found = ask(
        f"SELECT sql FROM {prefix}.sqlite_master "
        f"WHERE type = 'table' AND name = {literal(edit.table)}"
    )
    old = _update(edit.table, edit.schema, found[0][0])
    with _writable(ask):
        for column, probe in edit.probes:
            if _is_short(edit, column, probe, ask):
                _apply(old, prefix, ask)
                return False
        _apply(edit.sql, prefix, ask)
        problems = _problems(edit, ask)
        if problems:
            _apply(old, prefix, ask)
            new = problems - _problems(edit, ask)
            if new:
                raise ChangeRefused(edit.table, "; ".join(sorted(new)[:5]))
            _apply(edit.sql, prefix, ask)
        ask("PRAGMA writable_schema=RESET")
    return True


def _problems(edit: SchemaEdit, ask: Ask) -> set[str]:
    """What SQLite finds wrong with the table and its rows, as its text now is."""
    rows = ask(f"PRAGMA {quoted(edit.schema or 'main')}.quick_check({quoted(edit.table)})")
    return {row[0] for row in rows} - {"ok"}


def _is_short(edit: SchemaEdit, column: str, probe: str, ask: Ask) -> bool:
    """Whether rows have no value of their own in a column and show whatever is its default.

    ADD COLUMN leaves rows as they are; with another default in the text they would show that.
    """
    mark = f"X'{secrets.token_hex(16)}'"
    prefix = quoted(edit.schema or "main")
    place = f"{prefix}.{quoted(edit.table)}"
    _apply(_update(edit.table, edit.schema, probe.replace(MARK, mark)), prefix, ask)
    # An index has a value for every row, so only the rows themselves may be looked at.
    how = _unindexed(edit, ask)
    rows = ask(f"SELECT 1 FROM {place} {how} WHERE +{quoted(column)} IS {mark} LIMIT 1")
    return bool(rows)


def _unindexed(edit: SchemaEdit, ask: Ask) -> str:
    """What has a query read a table's rows.

    NOT INDEXED is no hindrance to an index that holds all of a table WITHOUT ROWID; but the rows of
    such a table are its key's index.
    """
    if "WITHOUT ROWID" not in parse_table(edit.text).options:
        return "NOT INDEXED"
    prefix = quoted(edit.schema or "main")
    indexes = ask(f"PRAGMA {prefix}.index_list({quoted(edit.table)})")
    return next(f"INDEXED BY {quoted(row[1])}" for row in indexes if row[3] == "pk")


def _apply(update: str, prefix: str, ask: Ask) -> None:
    """Change the text, have all connections read the schema anew, and keep it writable.

    They see by its version that their idea of it is old; this one does by RESET since SQLite 3.35.
    """
    ask(update)
    version = int(ask(f"PRAGMA {prefix}.schema_version")[0][0])
    ask(f"PRAGMA {prefix}.schema_version={version + 1}")
    ask("PRAGMA writable_schema=RESET")
    ask("PRAGMA writable_schema=ON")


@contextmanager
def _writable(ask: Ask) -> Iterator[None]:
    ask("PRAGMA writable_schema=ON")
    try:
        yield
    finally:
        ask("PRAGMA writable_schema=OFF")
