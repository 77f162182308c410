"""Every command as a function, for the app of the current context.

They return typed results, raise typed errors, print nothing and never exit::

    with app.app_context():
        done = flask_schemamigrate.upgrade()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from .extension import environment

if TYPE_CHECKING:
    from .commands import Environment
    from .commands.logged import Line
    from .commands.looking import Branch, Current, Drawn, Entry, Status
    from .commands.migrating import Change
    from .commands.rebasing import Rebased
    from .commands.resolving import How, Resolved
    from .commands.restoring import Restored
    from .commands.returning import Returned
    from .commands.seeding import Seeded
    from .commands.stamping import Stamped
    from .commands.writing import Merged, Place, Written
    from .runner.events import Carried
    from .takeover.exporting import Exported
    from .takeover.importing import Imported

Directory = str | Path | None
Texts = str | Sequence[str]


ANSWERS = ("rename", "rename_table", "no_rename", "fill")


class PlaceOptions(TypedDict, total=False):
    """Where a new revision goes; the options of ``flask db revision`` under the same names."""

    head: str
    splice: bool
    branch_label: str | None
    version_path: str | None
    rev_id: str | None
    depends_on: Texts


class MergeOptions(TypedDict, total=False):
    """How a merge is written; the options of ``flask db merge`` under the same names."""

    branch_label: str | None
    rev_id: str | None
    splice: bool


class MigrateOptions(PlaceOptions, total=False):
    """Where a revision goes, and answers to questions, as ``flask db migrate`` takes them.

    ``rename`` is ``"table.old:new"``, ``rename_table`` is ``"old:new"``, ``no_rename`` a name, and
    ``fill`` is ``"table.column=value"``; each may be a list of these.
    """

    rename: Texts
    rename_table: Texts
    no_rename: Texts
    fill: Texts


class RunOptions(TypedDict, total=False):
    """How revisions are taken back; the options of ``flask db downgrade`` under the same names.

    ``lock_wait`` is in seconds. With ``atomic`` it is all revisions in one transaction, or none.
    """

    lock_wait: float | None
    tag: str | None
    atomic: bool


class UpgradeOptions(RunOptions, total=False):
    """How revisions are carried out; the options of ``flask db upgrade`` under the same names."""

    allow_unknown: bool
    strict_order: bool


def upgrade(
    revision: Texts = "head",
    *,
    directory: Directory = None,
    binds: Texts = (),
    x: Texts = (),
    **options: Unpack[UpgradeOptions],
) -> list[Carried]:
    """Carry out what is pending up to a revision, or to several."""
    from .commands.running import Manner, upgrade
    from .runner.events import Carried

    manner = Manner(**_known("upgrade", UpgradeOptions, options))
    here = environment(directory=directory, x=_texts(x))
    done = upgrade(here, *_texts(revision), binds=_texts(binds), manner=manner)
    return [each for each in done if isinstance(each, Carried)]


def downgrade(
    revision: str = "-1",
    *,
    unknown: bool = False,
    directory: Directory = None,
    binds: Texts = (),
    x: Texts = (),
    lose_data: bool = False,
    **options: Unpack[RunOptions],
) -> list[Carried]:
    """Take revisions back until the database is at ``revision``.

    With ``unknown``, take back those that no file has, as the history has kept them.
    Raises `LosesData`, before anything is done, if rows would be gone; ``lose_data`` allows it.
    """
    how = _known("downgrade", RunOptions, options)
    here, names = environment(directory=directory, x=_texts(x)), _texts(binds)
    if not unknown:
        return _taken_back(here, {"revision": revision, "binds": names}, how, lose_data=lose_data)
    from .commands.restoring import lent

    with lent(here, binds=names) as undone:
        what = {"undone": undone, "binds": names}
        return _taken_back(here, what, how, lose_data=lose_data) if undone else []


def _taken_back(
    here: Environment, what: Mapping[str, Any], how: Mapping[str, Any], *, lose_data: bool
) -> list[Carried]:
    """What was taken back; ``what`` are the arguments that a downgrade and its plan share."""
    from .commands.planning import downgrade_plan, in_sight, refuse_losses
    from .commands.running import Manner, downgrade
    from .runner.events import Carried

    seen = None
    if not lose_data:
        plans = list(downgrade_plan(here, **what))
        refuse_losses(plans)
        seen = in_sight(plans)
    done = downgrade(here, **what, manner=Manner(seen=seen, **how))
    return [each for each in done if isinstance(each, Carried)]


def stamp(
    revision: Texts = "head",
    *,
    purge: bool = False,
    verify: bool = False,
    directory: Directory = None,
    binds: Texts = (),
    lock_wait: float | None = None,
) -> list[Stamped]:
    """Record the databases as being at ``revision`` without carrying anything out.

    ``purge`` forgets all else that was recorded, and ``verify`` refuses if a database does not look
    like what the revisions lead to. ``lock_wait`` is in seconds.
    """
    from .commands.stamping import stamp

    here, names = environment(directory=directory), _texts(binds)
    done = stamp(
        here, *_texts(revision), purge=purge, verify=verify, binds=names, lock_wait=lock_wait
    )
    return list(done)


def revision(
    message: str = "", *, directory: Directory = None, **options: Unpack[PlaceOptions]
) -> Written:
    """Write an empty revision."""
    from .commands.writing import revision

    place = _place(_known("revision", PlaceOptions, options))
    return revision(environment(directory=directory), message, place=place)


def migrate(
    message: str = "",
    *,
    amend: bool = False,
    baseline: bool | None = None,
    binds: Texts = (),
    directory: Directory = None,
    **options: Unpack[MigrateOptions],
) -> Written | None:
    """Write a revision that leads from the databases to the models; ``None`` if they agree.

    ``amend`` writes the newest one anew instead. Nothing is asked: what only a person knows and
    ``options`` do not answer raises `UnansweredQuestions`. A database that is behind raises
    `DatabaseBehind`; one that holds tables of the models when there is no revision raises
    `WithoutHistory`, unless ``baseline`` says whether the first one is to create them.
    """
    from .commands.amending import amend as write_anew
    from .commands.migrating import Answers, migrate

    given = _known("migrate", MigrateOptions, options)
    answers = Answers.parse(**{name: _texts(given.pop(name, ())) for name in ANSWERS})
    place = _place(given)
    here = environment(directory=directory)
    if amend:
        return write_anew(here, message, place=place, answers=answers)
    return migrate(
        here, message, place=place, answers=answers, binds=_texts(binds), baseline=baseline
    )


def check(*, binds: Texts = (), directory: Directory = None) -> list[Change]:
    """How the models of each database differ from it; empty where they all agree."""
    from .commands.migrating import check

    return check(environment(directory=directory), binds=_texts(binds))


def merge(
    *revisions: str,
    message: str = "",
    directory: Directory = None,
    **options: Unpack[MergeOptions],
) -> Merged:
    """Write a revision that joins several, or all heads."""
    from .commands.writing import merge

    place = _place(_known("merge", MergeOptions, options))
    return merge(environment(directory=directory), *revisions, message=message, place=place)


def rebase(
    revision: str | None = None,
    *,
    onto: str | None = None,
    force: bool = False,
    dry_run: bool = False,
    directory: Directory = None,
) -> list[Rebased]:
    """Put the branch of a revision on top of the other head by rewriting its files."""
    from .commands.rebasing import Move, rebase

    here = environment(directory=directory)
    return rebase(here, Move(revision, onto, force=force), dry_run=dry_run)


def edit(revision: str = "head", *, directory: Directory = None) -> Path:
    """The file of a revision, to be opened in an editor."""
    from .commands.writing import editable

    return editable(environment(directory=directory), revision)


def seed(*names: str, force: bool = False, directory: Directory = None) -> list[Seeded]:
    """Run the app's seeds of these names, or all, that did not run yet as they are now."""
    from .commands.seeding import seed

    return list(seed(environment(directory=directory), *names, force=force))


def resolve(
    revision: str, how: How, *, directory: Directory = None, binds: Texts = ()
) -> list[Resolved]:
    """Settle a revision by hand: what it is, or what became of the statement it was cut off at.

    ``how`` is ``"applied"``, ``"rolled-back"``, ``"retry"``, ``"skip"`` or ``"accept"``, as the
    options of ``flask db resolve`` say it.
    """
    from .commands.resolving import resolve

    return list(resolve(environment(directory=directory), revision, how, binds=_texts(binds)))


def restore(*, directory: Directory = None, binds: Texts = ()) -> list[Restored]:
    """Write the files of applied revisions that are gone, as they were when they ran."""
    from .commands.restoring import restore

    return restore(environment(directory=directory), binds=_texts(binds))


def log(
    revision: str | None = None,
    *,
    limit: int | None = None,
    directory: Directory = None,
    binds: Texts = (),
) -> list[Line]:
    """What was ever done to the databases, the latest first."""
    from .commands.logged import log

    here = environment(directory=directory)
    return list(log(here, revision=revision, limit=limit, binds=_texts(binds)))


def current(*, directory: Directory = None, binds: Texts = ()) -> list[Current]:
    """Where each database stands."""
    from .commands.looking import current

    return list(current(environment(directory=directory), binds=_texts(binds)))


def status(*, directory: Directory = None, binds: Texts = ()) -> list[Status]:
    """How each database stands to the revisions; fit for a health endpoint."""
    from .commands.looking import status

    return list(status(environment(directory=directory), binds=_texts(binds)))


def history(
    rev_range: str | None = None,
    *,
    indicate_current: bool = False,
    directory: Directory = None,
) -> list[Entry]:
    """The revisions, newest first."""
    from .commands.looking import history

    here = environment(directory=directory)
    return history(here, rev_range=rev_range, indicate_current=indicate_current)


def heads(*, resolve_dependencies: bool = False, directory: Directory = None) -> list[Entry]:
    """The newest revision of each branch."""
    from .commands.looking import heads

    return heads(environment(directory=directory), resolve_dependencies=resolve_dependencies)


def branches(*, directory: Directory = None) -> list[Branch]:
    """Where the revisions branch, and into what."""
    from .commands.looking import branches

    return branches(environment(directory=directory))


def graph(*, format: str = "text", database: bool = True, directory: Directory = None) -> Drawn:
    """The revisions drawn as ``text``, ``mermaid`` or ``dot``, with what is applied marked."""
    from .commands.looking import graph

    return graph(environment(directory=directory), format=format, database=database)


def show(revision: str = "head", *, directory: Directory = None) -> list[Entry]:
    """One revision, or all that an identifier names."""
    from .commands.looking import show

    return show(environment(directory=directory), revision)


def import_alembic(
    source: str | Path | None = None, *, dry_run: bool = False, directory: Directory = None
) -> Imported:
    """Take over Alembic's revisions, and say what its configuration comes to."""
    from .takeover.importing import import_alembic

    folder = None if source is None else Path(source)
    return import_alembic(environment(directory=directory), folder, dry_run=dry_run)


def export_alembic(
    *, dry_run: bool = False, directory: Directory = None, binds: Texts = ()
) -> tuple[Exported, list[Returned]]:
    """Give the revisions back to Alembic, and each database's version table."""
    from .commands.returning import give_back
    from .takeover.exporting import export_alembic

    here = environment(directory=directory)
    done = export_alembic(here, dry_run=dry_run)
    return done, [] if dry_run else list(give_back(here, binds=_texts(binds)))


def _known(function: str, allowed: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a function; an unknown one is a `TypeError`, as in any call."""
    for name in options:
        if name not in allowed.__optional_keys__:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
    return dict(options)


def _place(options: Mapping[str, Any]) -> Place:
    """Where a new revision goes."""
    from .commands.writing import Place

    return Place(**{**options, "depends_on": _texts(options.get("depends_on", ()))})


def _texts(given: Any) -> tuple[str, ...]:
    """One text or several as several."""
    return (given,) if isinstance(given, str) else tuple(given)
