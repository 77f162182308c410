"""Writing what would be done as an SQL script, with no database at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.schema import CreateTable

from ..environment import Environment
from ..errors.revisions import InvalidIdentifier
from ..revisions import Graph, identifiers, plan
from ..revisions.module import Direction
from ..runner.script import Script
from .databases import Database, databases
from .loading import loaded
from .stamping import stamped_row


def upgrade_script(
    environment: Environment,
    *revisions: str,
    binds: Sequence[str] = (),
    tag: str | None = None,
) -> Iterator[str]:
    """The lines of a script that upgrades; ``A:B`` begins at A, anything else at the base."""
    graph = environment.graph()
    start, targets = _ends(graph, revisions or ("head",))
    todo = plan.upgrade(graph, start, targets)
    yield from _scripts(replace(environment, tag=tag), binds, graph, start, todo, "upgrade")


def downgrade_script(
    environment: Environment,
    revision: str,
    *,
    binds: Sequence[str] = (),
    tag: str | None = None,
) -> Iterator[str]:
    """The lines of a script that downgrades; the range ``A:B`` says from where to where."""
    graph = environment.graph()
    first, colon, last = revision.partition(":")
    if not (first and colon and last):
        raise InvalidIdentifier(revision)
    start = graph.ancestors(identifiers.resolve(first, graph))
    todo = plan.downgrade(graph, start, last)
    yield from _scripts(replace(environment, tag=tag), binds, graph, start, todo, "downgrade")


def stamp_script(
    environment: Environment,
    *revisions: str,
    purge: bool = False,
    binds: Sequence[str] = (),
) -> Iterator[str]:
    """The lines of a script that records revisions as applied."""
    graph = environment.graph()
    start, targets = _ends(graph, revisions or ("head",))
    target = plan.stamp(graph, start, targets)
    for database in databases(environment, binds):
        lines: list[str] = []
        script = _script(database, lines)
        if not start:
            script.statement(_created(database))
        records: list[Any] = [database.history.table.delete()] if purge else []
        records += [_gone(database, id) for id in sorted(start - set(target))]
        records += [_added(database, graph, id) for id in target if purge or id not in start]
        for record in records:
            script.statement(script.dialect.compiled(record))
        yield from lines


def _ends(graph: Graph, revisions: Sequence[str]) -> tuple[set[str], Sequence[str]]:
    """What counts as applied at the start, and the targets."""
    if len(revisions) == 1 and ":" in revisions[0]:
        first, _, last = revisions[0].partition(":")
        start = graph.ancestors(identifiers.resolve(first, graph)) if first else set()
        return start, (last or "head",)
    return set(), revisions


def _scripts(
    environment: Environment,
    binds: Sequence[str],
    graph: Graph,
    start: set[str],
    todo: Sequence[str],
    direction: Direction,
) -> Iterator[str]:
    """A script for each database, after silently replaying what it is said to hold already."""
    found = databases(environment, binds)
    for database in found:
        lines: list[str] = []
        script = _script(database, lines)
        if len(found) > 1:
            script.comment(f"bind {database.label}: {database.bind.url}")
        if database.dialect.script_note:
            script.comment(database.dialect.script_note)
        for id in graph.sorted(start):
            script.replay(*loaded(database, graph, [id]))
        if direction == "upgrade" and not start:
            script.statement(_created(database))
        for id in todo:
            record = _added(database, graph, id) if direction == "upgrade" else _gone(database, id)
            (revision,) = loaded(database, graph, [id])
            try:
                script.revision(revision, direction, (record,))
            finally:
                yield from lines
                lines.clear()
        yield from lines


def _script(database: Database, lines: list[str]) -> Script:
    return Script(
        database.dialect,
        lines.append,
        binds=database.names,
        naming_convention=database.naming_convention,
        opts=database.opts,
    )


def _created(database: Database) -> str:
    """The statement that creates the history table."""
    create = CreateTable(database.history.table, if_not_exists=True)
    return str(create.compile(dialect=database.bind.engine.dialect)).strip()


def _added(database: Database, graph: Graph, id: str) -> Any:
    """The statement that records a revision."""
    row = stamped_row(graph, id, origin="script")
    return database.history.table.insert().inline().values(**vars(row))


def _gone(database: Database, id: str) -> Any:
    """The statement that forgets a revision."""
    table = database.history.table
    return table.delete().where(table.c.revision == id)
