"""Writing revisions from the difference between models and databases, and asking for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..autogenerate import (
    Answers,
    Difference,
    Loss,
    Options,
    Resolved,
    baseline,
    compare,
    counted,
    fill,
    lines,
    message_for,
    refuse_unknown,
    refuse_unused,
    render,
    resolve,
)
from ..environment import Environment
from ..environment.former import refuse_unanswered
from ..errors.autogenerate import WithoutHistory
from ..errors.runs import DatabaseBehind
from ..errors.setup import NoModelsSeen
from ..errors.writing import HookFailed
from ..operations import DropTable, Operation
from ..revisions import Graph, source
from .databases import Database, databases, standing
from .options import for_models
from .stamping import stamp
from .writing import Content, Place, Written, draft, revision

__all__ = ["Answers", "check", "fill", "migrate", "migration"]

logger = logging.getLogger(__name__)


AS_SAID = (
    "The database of bind '%s' would not spell all models (%s), so their own words were compared:"
    " what follows may differ in spelling alone. Let the role create temporary tables, if that is"
    " what it may not."
)


@dataclass(frozen=True)
class Change:
    """How the models of one database differ from it. ``lines`` are for people."""

    bind: str | None
    label: str
    lines: tuple[str, ...]
    unmanaged: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One database beside its models: what leads to them, and what that would lose.

    Where it ``is_baseline``, what led to the tables that are there; ``rest`` is how the models
    differ from them.
    """

    database: Database
    options: Options
    difference: Difference
    resolved: Resolved
    losses: tuple[Loss, ...] = ()
    is_baseline: bool = False
    rest: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The changes for people, what is lost first, with the number of rows."""
        return tuple(self.resolved.told(self.losses))


@dataclass(frozen=True)
class Asked:
    """What a revision is to be called, where it goes and what is known about it.

    Without answers nothing is asked. ``baseline`` says whether tables that no revision created
    are to be in the first one; ``None`` that nobody said. ``graph`` is what it comes on top of.
    """

    message: str = ""
    place: Place = field(default_factory=Place)
    answers: Answers | None = None
    baseline: bool | None = False
    graph: Graph | None = None

    def hooked(self, resolved: Resolved) -> Asked:
        """The same, with the message and the id that a hook gave instead."""
        place = replace(self.place, rev_id=resolved.rev_id or self.place.rev_id)
        return replace(self, message=resolved.message or self.message, place=place)


@dataclass(frozen=True)
class Draft:
    """What a revision has to do in all databases, under the name that it gets in the end.

    ``recorded`` are the databases where nothing of it is left to do, and ``rest`` is what the
    revision after it will have to do there.
    """

    asked: Asked
    content: Content | None = None
    recorded: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Baseline(Written):
    """A first revision of databases that were there already.

    It is ``recorded`` as applied in these, and ``rest`` is how they still differ from the models.
    """

    recorded: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def migrate(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
    binds: Sequence[str] = (),
    baseline: bool | None = None,
) -> Written | None:
    """Write a revision that leads from the databases to the models; ``None`` if they agree.

    Tables that are there although there are no revisions come into a `Baseline`, or are left out.
    Raises `WithoutHistory` if ``baseline`` says neither, `DatabaseBehind`, `NoModelsSeen`, and
    `UnansweredQuestions` for what only a person knows; then nothing is written.
    """
    asked = Asked(message, place or Place(), answers or Answers(), baseline)
    made = drafted(environment, asked, binds)
    if made.content is None:
        return None
    asked = made.asked
    if not made.recorded:
        return revision(environment, asked.message, place=asked.place, content=made.content)
    return _written_baseline(environment, made, made.content)


def migration(
    environment: Environment,
    message: str = "",
    *,
    place: Place | None = None,
    answers: Answers | None = None,
    binds: Sequence[str] = (),
    baseline: bool | None = None,
) -> str | None:
    """The source that `migrate` would write, or ``None`` if there is nothing to write."""
    asked = Asked(message, place or Place(), answers or Answers(), baseline)
    made = drafted(environment, asked, binds)
    if made.content is None:
        return None
    asked = made.asked
    return draft(environment, asked.message, place=asked.place, content=made.content)


def check(environment: Environment, *, binds: Sequence[str] = ()) -> list[Change]:
    """How the models of each database differ from it; empty where they all agree."""
    found = [
        Change(
            each.database.bind.name,
            each.database.label,
            each.lines,
            tuple(each.difference.unmanaged),
        )
        for each in _compared(environment, binds, Asked())
    ]
    return [change for change in found if change.lines]


def _written_baseline(environment: Environment, made: Draft, content: Content) -> Baseline:
    """The baseline written, and recorded as applied wherever it is."""
    asked = made.asked
    id = asked.place.rev_id or source.new_id(environment.graph())
    place = replace(asked.place, rev_id=id)
    try:
        written = revision(environment, asked.message, place=place, content=content)
    except HookFailed:
        # The file is there all the same.
        list(stamp(environment, id, binds=made.recorded))
        raise
    list(stamp(environment, id, binds=made.recorded))
    return Baseline(**vars(written), recorded=made.recorded, rest=made.rest)


def drafted(environment: Environment, asked: Asked, binds: Sequence[str] = ()) -> Draft:
    """What a revision has to do in all databases, and what it is called in the end."""
    bodies: dict[str | None, tuple[str, str]] = {}
    imports: list[str] = []
    said: list[str] = []
    operations: list[Operation] = []
    several = len(databases(environment, binds)) > 1
    named = asked
    found = _compared(environment, binds, asked)
    for each in found:
        if each.resolved.is_empty:
            continue
        named = named.hooked(each.resolved)
        database = each.database
        written = render(each.resolved, database.dialect, options=each.options)
        bodies[database.bind.name] = ("\n".join(written.upgrade), "\n".join(written.downgrade))
        imports += written.imports
        said += [f"[{database.label}] {line}" if several else line for line in each.lines]
        operations += each.resolved.operations
    if not bodies:
        return Draft(named)
    there = [each for each in found if each.is_baseline]
    message = named.message or ("baseline" if there else message_for(operations))
    return Draft(
        replace(named, message=message),
        Content(bodies, tuple(dict.fromkeys(imports)), tuple(said), tuple(_dropped(operations))),
        tuple(each.database.label for each in there),
        tuple(
            f"[{each.database.label}] {line}" if several else line
            for each in there
            for line in each.rest
        ),
    )


def _dropped(operations: Sequence[Operation]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, DropTable):
            yield operation.key


def _compared(environment: Environment, binds: Sequence[str], asked: Asked) -> list[Compared]:
    config, hooks = environment.config, environment.hooks
    refuse_unanswered(environment.directory, hooks, config.ignored_hooks)
    modules = environment.load_models()
    _refuse_no_models(environment, modules)
    graph = environment.graph() if asked.graph is None else asked.graph
    answers = asked.answers or Answers()

    def read() -> list[Compared]:
        found = []
        for database in databases(environment, binds):
            options = for_models(database, graph, modules)
            options = replace(
                options,
                message=asked.message or None,
                rev_id=asked.place.rev_id,
                renamed=answers.table_renames,
            )
            found.append((database, options, _difference(database, (graph, options), asked)))
        refuse_unknown(answers, [difference for *_, difference in found])
        compared = [_resolved(*each, asked) for each in found]
        if not any(each.is_baseline for each in compared):
            refuse_unused(answers, [each.resolved.decisions for each in compared])
        return compared

    return environment.run(read)


def _refuse_no_models(environment: Environment, modules: Sequence[str]) -> None:
    """Raise `NoModelsSeen` if no bind has any; one alone may go without."""
    binds = environment.binds.values()
    if not any(metadata.tables for bind in binds for metadata in bind.metadatas):
        raise NoModelsSeen(next(iter(binds)).label, modules=modules)


def _difference(database: Database, known: tuple[Graph, Options], asked: Asked) -> Difference:
    """How a database at head differs from its models."""
    graph, options = known
    with database.connect() as connection:
        where = standing(database, graph, connection)
        where.refuse_unknown()
        where.refuse_unfinished()
        if where.pending:
            is_writing = asked.answers is not None
            raise DatabaseBehind(database.label, where.pending, is_writing=is_writing)
        difference = compare(database.dialect, connection, database.metadatas, options=options)
    if difference.refused and not difference.is_empty:
        logger.warning(AS_SAID, database.label, difference.refused.partition("\n")[0])
    return difference


def _resolved(
    database: Database, options: Options, difference: Difference, asked: Asked
) -> Compared:
    """What is to be done about a difference."""
    dialect = database.dialect
    is_first = options.everything and asked.baseline is not False
    if is_first and (there := baseline.tables(difference)):
        rest = tuple(lines(difference))
        if asked.baseline is None:
            raise WithoutHistory(database.label, there, rest)
        difference = baseline.baseline(difference)
        resolved = resolve(difference, dialect=dialect, options=options)
        found = Compared(database, options, difference, resolved)
        return replace(found, is_baseline=True, rest=rest)
    resolved = resolve(difference, asked.answers, dialect=dialect, options=options)
    return Compared(database, options, difference, resolved, _losses(database, resolved))


def _losses(database: Database, resolved: Resolved) -> tuple[Loss, ...]:
    """What goes for good, and how many rows have something in it."""
    if not resolved.losses:
        return ()
    with database.connect() as connection:
        return tuple(counted(resolved.losses, database.dialect, connection, resolved.before))
