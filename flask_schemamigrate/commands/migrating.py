"""Writing revisions from the difference between models and databases, and asking for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..autogenerate import (
    Answers,
    Difference,
    Loss,
    Options,
    Resolved,
    compare,
    counted,
    fill,
    message_for,
    render,
    resolve,
)
from ..environment import Environment
from ..environment.former import refuse_unanswered
from ..errors.runs import DatabaseBehind
from ..operations import Operation
from ..revisions import Graph, creations
from .databases import Database, databases, standing
from .writing import Content, Place, Written, draft, revision

__all__ = ["Answers", "check", "fill", "migrate", "migration"]


@dataclass(frozen=True)
class Change:
    """How the models of one database differ from it. ``lines`` are for people."""

    bind: str | None
    label: str
    lines: tuple[str, ...]
    unmanaged: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One database beside its models: what leads to them, and what that would lose."""

    database: Database
    options: Options
    difference: Difference
    resolved: Resolved
    losses: tuple[Loss, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The changes for people, what is lost first, with the number of rows."""
        lost = {loss.operation.describe(): loss.text for loss in self.losses}
        return tuple(
            f"{line}  loses data: {lost[line]}" if line in lost else line
            for line in self.resolved.lines
        )


def migrate(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
    binds: Sequence[str] = (),
) -> Written | None:
    """Write a revision that leads from the databases to the models; ``None`` if they agree.

    Raises `DatabaseBehind`, `NoModelsSeen`, and `UnansweredQuestions` for what only a person
    knows; then nothing is written.
    """
    content, derived = _content(environment, answers, binds)
    if content is None:
        return None
    return revision(environment, message or derived, place=place, content=content)


def migration(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
    binds: Sequence[str] = (),
) -> str | None:
    """The source that `migrate` would write, or ``None`` if there is nothing to write."""
    content, derived = _content(environment, answers, binds)
    if content is None:
        return None
    return draft(environment, message or derived, place=place, content=content)


def check(environment: Environment, *, binds: Sequence[str] = ()) -> list[Change]:
    """How the models of each database differ from it; empty where they all agree."""
    found = [
        Change(
            each.database.bind.name,
            each.database.label,
            each.lines,
            tuple(each.difference.unmanaged),
        )
        for each in _compared(environment, binds, None)
    ]
    return [change for change in found if change.lines]


def _content(
    environment: Environment, answers: Answers | None, binds: Sequence[str]
) -> tuple[Content | None, str]:
    """What a revision has to do in all databases, and a message made from it."""
    bodies: dict[str | None, tuple[str, str]] = {}
    imports: list[str] = []
    said: list[str] = []
    operations: list[Operation] = []
    several = len(databases(environment, binds)) > 1
    for each in _compared(environment, binds, answers or Answers()):
        if each.resolved.is_empty:
            continue
        database = each.database
        written = render(each.resolved, database.dialect, options=each.options)
        bodies[database.bind.name] = ("\n".join(written.upgrade), "\n".join(written.downgrade))
        imports += written.imports
        said += [f"[{database.label}] {line}" if several else line for line in each.lines]
        operations += each.resolved.operations
    if not bodies:
        return None, ""
    content = Content(bodies, tuple(dict.fromkeys(imports)), tuple(said))
    return content, message_for(operations)


def _compared(
    environment: Environment, binds: Sequence[str], answers: Answers | None
) -> list[Compared]:
    config, hooks = environment.config, environment.hooks
    refuse_unanswered(environment.directory, hooks, config.ignored_hooks)
    environment.load_models()
    graph = environment.graph()

    def read() -> list[Compared]:
        found = []
        for database in databases(environment, binds):
            with database.connect() as connection:
                found.append(_of(database, graph, connection, answers))
        return found

    return environment.run(read)


def _of(
    database: Database, graph: Graph, connection: sa.Connection, answers: Answers | None
) -> Compared:
    """A database at head beside its models; without answers nothing is asked."""
    where = standing(database, graph, connection)
    where.refuse_unknown()
    where.refuse_unfinished()
    if where.pending:
        raise DatabaseBehind(database.label, where.pending)
    options = _options(database, graph)
    dialect = database.dialect
    difference = compare(dialect, connection, database.metadatas, options=options)
    resolved = resolve(difference, answers, dialect=dialect, options=options)
    lost = counted(resolved.losses, dialect, connection, difference.before)
    return Compared(database, options, difference, resolved, tuple(lost))


def _options(database: Database, graph: Graph) -> Options:
    """What the comparison is told of the app's configuration."""
    environment = database.environment
    config, hooks = environment.config, environment.hooks
    created = creations.tables(graph)
    return Options(
        owned=lambda key: key.rpartition(".")[2] in created,
        history_tables=database.history.names | {config.alembic_version_table},
        exclude=config.exclude,
        include_schemas=environment.include_schemas,
        include_object=hooks.include_object,
        include_name=hooks.include_name,
        compare_type=True if hooks.compare_type is None else hooks.compare_type,
        compare_server_default=True
        if hooks.compare_server_default is None
        else hooks.compare_server_default,
        compare_column_order=config.compare_column_order,
        process_revision_directives=hooks.process_revision_directives,
        render_item=hooks.render_item,
        convention=database.naming_convention or {},
        bind=database.label,
    )
