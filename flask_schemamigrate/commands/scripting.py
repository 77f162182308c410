"""Writing what would be done as an SQL script, with no database at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from ..environment import Environment
from ..errors.revisions import RangeNeeded
from ..operations import BulkInsert, Execute
from ..revisions import Graph, identifiers, plan
from ..revisions.revision import Direction
from ..runner.script import Script
from ..runner.version_table import VersionTable
from .databases import Database, databases
from .loading import loaded
from .stamping import stamped_row

Record = Execute | BulkInsert


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
    """The lines of a script that downgrades; the range ``A:B`` says from where to where.

    Raises `RangeNeeded`.
    """
    graph = environment.graph()
    first, colon, last = revision.partition(":")
    if not (first and colon and last):
        raise RangeNeeded(revision)
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
    target = plan.stamp(graph, start, targets, purge=purge)
    for database in databases(environment, binds):
        lines: list[str] = []
        script = _script(database, lines)
        companion = _companion(database, graph)
        if not start:
            script.statement(_created(database, database.history.table))
        records: list[Record] = [Execute(database.history.table.delete())] if purge else []
        records += [_gone(database, id) for id in sorted(start - set(target))]
        records += [_added(database, graph, id) for id in target if purge or id not in start]
        if companion is not None:
            script.statement(_created(database, companion.as_created))
            records += _versions(companion, target)
        for record in records:
            script.record(record)
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
            script.statement(_created(database, database.history.table))
        companion, applied = _companion(database, graph), set(start)
        if companion is not None:
            script.statement(_created(database, companion.as_created))
        for id in todo:
            is_up = direction == "upgrade"
            (revision,) = loaded(database, graph, [id], sums=is_up)
            does = revision.checksum
            record = _added(database, graph, id, does) if is_up else _gone(database, id)
            applied ^= {id}
            try:
                script.revision(revision, direction, (record, *_versions(companion, applied)))
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


def _companion(database: Database, graph: Graph) -> VersionTable | None:
    """Alembic's version table, as long as the project has what Alembic needs to be rolled back to.

    Whether the database has it, a script cannot know; it makes it so.
    """
    environment = database.environment
    is_alembics = (environment.directory / "env.py").is_file()
    is_kept = environment.config.keep_alembic_version and is_alembics
    return database.version_table(graph) if is_kept else None


def _versions(companion: VersionTable | None, applied: Collection[str]) -> list[Record]:
    """The statements that put that table to what Alembic would say of these revisions."""
    if companion is None:
        return []
    table = companion.table
    rows = [{"version_num": id} for id in companion.wanted(applied)]
    return [Execute(table.delete()), *([BulkInsert(table, rows)] if rows else [])]


def _created(database: Database, table: sa.Table) -> str:
    """The statement that creates a table of the history's."""
    create = CreateTable(table, if_not_exists=True)
    return str(create.compile(dialect=database.bind.engine.dialect)).strip()


def _added(database: Database, graph: Graph, id: str, does: str | None = None) -> Record:
    """What records a revision, but not its source; ``does`` as in `stamped_row`."""
    row = stamped_row(graph, id, origin="script", does=does)._asdict()
    # Whoever reads the script has the file, and an older history has no room for it.
    del row["source"]
    return BulkInsert(database.history.table, [row])


def _gone(database: Database, id: str) -> Record:
    """What forgets a revision."""
    table = database.history.table
    return Execute(table.delete().where(table.c.revision == id))
