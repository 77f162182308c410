"""Every command as a function, for the app of the current context.

They return typed results, raise typed errors, print nothing and never exit::

    with app.app_context():
        done = flask_schemamigrate.upgrade()
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .extension import environment

if TYPE_CHECKING:
    from .commands.looking import Current, Entry, Status
    from .commands.stamping import Stamped
    from .commands.writing import Written
    from .runner import Carried

Directory = str | Path | None


def upgrade(
    revision: str | Sequence[str] = "head",
    *,
    directory: Directory = None,
    binds: Sequence[str] = (),
    x: Sequence[str] = (),
    lock_wait: float | None = None,
) -> list[Carried]:
    """Carry out what is pending up to a revision; ``lock_wait`` is in seconds."""
    from .commands.running import upgrade

    revisions = [revision] if isinstance(revision, str) else revision
    here = environment(directory=directory, x=x)
    return list(upgrade(here, *revisions, binds=binds, lock_wait=lock_wait))


def downgrade(
    revision: str = "-1",
    *,
    directory: Directory = None,
    binds: Sequence[str] = (),
    x: Sequence[str] = (),
    lock_wait: float | None = None,
) -> list[Carried]:
    """Take revisions back until the database is at ``revision``."""
    from .commands.running import downgrade

    here = environment(directory=directory, x=x)
    return list(downgrade(here, revision, binds=binds, lock_wait=lock_wait))


def stamp(
    revision: str | Sequence[str] = "head",
    *,
    purge: bool = False,
    directory: Directory = None,
    binds: Sequence[str] = (),
) -> list[Stamped]:
    """Record the databases as being at ``revision`` without carrying anything out."""
    from .commands.stamping import stamp

    revisions = [revision] if isinstance(revision, str) else revision
    return list(stamp(environment(directory=directory), *revisions, purge=purge, binds=binds))


def revision(message: str = "", *, directory: Directory = None) -> Written:
    """Write an empty revision."""
    from .commands.writing import revision

    return revision(environment(directory=directory), message)


def merge(*revisions: str, message: str = "", directory: Directory = None) -> Written:
    """Write a revision that joins several, or all heads."""
    from .commands.writing import merge

    return merge(environment(directory=directory), *revisions, message=message)


def edit(revision: str = "head", *, directory: Directory = None) -> Path:
    """The file of a revision, to be opened in an editor."""
    from .commands.writing import editable

    return editable(environment(directory=directory), revision)


def current(*, directory: Directory = None, binds: Sequence[str] = ()) -> list[Current]:
    """Where each database stands."""
    from .commands.looking import current

    return list(current(environment(directory=directory), binds=binds))


def status(*, directory: Directory = None, binds: Sequence[str] = ()) -> list[Status]:
    """How each database stands to the revisions; fit for a health endpoint."""
    from .commands.looking import status

    return list(status(environment(directory=directory), binds=binds))


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


def branches(*, directory: Directory = None) -> str:
    """Where the revisions branch, and into what."""
    from .commands.looking import branches

    return branches(environment(directory=directory))


def show(revision: str = "head", *, directory: Directory = None) -> list[Entry]:
    """One revision, or all that an identifier names."""
    from .commands.looking import show

    return show(environment(directory=directory), revision)
