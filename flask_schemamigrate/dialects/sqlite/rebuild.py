"""A table copied into its new form, because SQLite cannot alter this one in place.

Follows https://www.sqlite.org/lang_altertable.html#otheralter; the order matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...errors.altering import RowsMissing
from ..statement import Question, Statement, Step
from .editing import with_table_name
from .scratch import STATISTICS, Stored, placed
from .stored_text import TableText
from .tokens import literal, quoted

ROWIDS = ("rowid", "_rowid_", "oid")


@dataclass(frozen=True)
class Rebuild:
    """What a table is to become.

    ``source`` tells for each column of the new table which old one its values come from, if any;
    ``taken`` are all names there are, in small letters.
    """

    old: TableText
    new: TableText
    stored: Stored
    source: Mapping[str, str | None]
    indexes: Mapping[str, str]
    taken: frozenset[str]
    unguarded: bool

    @cached_property
    def copy(self) -> str:
        """The name of the new table until it takes the old one's place.

        It is one that nothing has, so that a leftover of another tool is never in the way.
        """
        copy = f"_{self.stored.name}_copy"
        while copy.lower() in self.taken:
            copy += "_"
        return copy

    @property
    def schema(self) -> str:
        """The prefix of names, with its dot."""
        return "" if self.stored.schema is None else f"{quoted(self.stored.schema)}."


def steps(rebuild: Rebuild) -> Iterator[Step]:
    """The steps that put the new table in the old one's place."""
    schema = rebuild.schema
    old, copy = schema + quoted(rebuild.stored.name), schema + quoted(rebuild.copy)
    created = with_table_name(rebuild.new, copy)
    yield Statement(created, unguarded=rebuild.unguarded)
    yield from _copying(rebuild, old, copy)
    if is_automatic(rebuild.old) and is_automatic(rebuild.new):
        yield from _numbering(rebuild)
    statistics = list(_statistics(rebuild))
    yield from (Statement(kept) for kept, _ in statistics)
    yield Statement(f"DROP TABLE {old}", unguarded=rebuild.unguarded)
    # Else renaming fails over views of the table, which is not there for a moment:
    # https://www.sqlite.org/pragma.html#pragma_legacy_alter_table
    yield Statement("PRAGMA legacy_alter_table=ON")
    yield Statement(f"ALTER TABLE {copy} RENAME TO {quoted(rebuild.stored.name)}")
    yield Statement("PRAGMA legacy_alter_table=OFF")
    yield from (Statement(restored) for _, restored in statistics)
    for sql in rebuild.indexes.values():
        yield Statement(placed(sql, rebuild.stored.schema))
    for sql in rebuild.stored.triggers.values():
        yield Statement(placed(sql, rebuild.stored.schema))


def _copying(rebuild: Rebuild, old: str, copy: str) -> Iterator[Step]:
    generated = {item.name for item in rebuild.new.columns if item.clause("GENERATED")}
    pairs = [
        (quoted(new), quoted(source))
        for new, source in rebuild.source.items()
        if source is not None and new not in generated
    ]
    rowids = _rowids(rebuild)
    if rowids is not None:
        pairs.insert(0, rowids)
    into = ", ".join(new for new, _ in pairs)
    values = ", ".join(source for _, source in pairs)
    # Without OR ABORT the table's own ON CONFLICT clauses might leave rows out.
    yield Statement(f"INSERT OR ABORT INTO {copy} ({into})\nSELECT {values} FROM {old}")
    yield Question(
        f"SELECT was, now FROM (SELECT (SELECT count(*) FROM {old}) AS was, "
        f"(SELECT count(*) FROM {copy}) AS now) WHERE was <> now",
        lambda rows: RowsMissing(rebuild.stored.name, rows),
    )


def _rowids(rebuild: Rebuild) -> tuple[str, str] | None:
    """The names by which the rowid is written and read, unless a column carries it."""
    if "WITHOUT ROWID" in rebuild.old.options | rebuild.new.options:
        return None
    alias = rowid_alias(rebuild.new)
    if alias is not None and rebuild.source.get(alias) is not None:
        return None
    into, source = _rowid_name(rebuild.new), _rowid_name(rebuild.old)
    return None if into is None or source is None else (into, source)


def _rowid_name(table: TableText) -> str | None:
    """A name for the rowid that no column has taken."""
    taken = {column.name.lower() for column in table.columns}
    return next((name for name in ROWIDS if name not in taken), None)


def rowid_alias(table: TableText) -> str | None:
    """The column that is another name for the rowid, if there is one.

    https://www.sqlite.org/lang_createtable.html#rowid
    """
    if "WITHOUT ROWID" in table.options:
        return None
    for column, clause in table.clauses:
        if clause.kind != "PRIMARY KEY" or len(clause.columns) != 1:
            continue
        found = column or table.column(clause.columns[0])
        is_alias = found.type.upper() == "INTEGER" and not clause.descending
        return found.name if is_alias else None
    return None


def is_automatic(table: TableText) -> bool:
    """Whether the table has AUTOINCREMENT, and so a row that keeps its highest number."""
    return any(clause.autoincrement for _, clause in table.clauses)


def _numbering(rebuild: Rebuild) -> Iterator[Step]:
    """The highest number ever given carried over, so that none is given twice."""
    sequence = f"{rebuild.schema}sqlite_sequence"
    copy, old = literal(rebuild.copy), literal(rebuild.stored.name)
    yield Statement(f"DELETE FROM {sequence} WHERE name = {copy}")
    yield Statement(
        f"INSERT INTO {sequence} (name, seq) SELECT {copy}, seq FROM {sequence} WHERE name = {old}"
    )


def _statistics(rebuild: Rebuild) -> Iterator[tuple[str, str]]:
    """What keeps ANALYZE's results from going with the old table, and what gives them back."""
    copy, old = literal(rebuild.copy), literal(rebuild.stored.name)
    for name in sorted(STATISTICS & rebuild.taken):
        update = f"UPDATE {rebuild.schema}{name} SET tbl ="
        yield f"{update} {copy} WHERE tbl = {old}", f"{update} {old} WHERE tbl = {copy}"
