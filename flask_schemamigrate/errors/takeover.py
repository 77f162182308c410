"""What can go wrong when a history or a database is taken over from Alembic, or given back.

SchemaMigrateError
├── UnknownVersions, OutOfStep                     in the database
├── ArgumentsNeeded                                in a revision
└── UnansweredHooks, NoHistoryToImport, NothingToExport
                                                   in the project
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .root import RefusedForSafety, RunError, SetupError


class UnknownVersions(RunError):
    """Alembic's version table names revisions that no file has."""

    def __init__(self, bind: str, table: str, versions: Sequence[str]) -> None:
        self.bind, self.table, self.versions = bind, table, tuple(versions)
        held = ", ".join(f"'{version}'" for version in versions)
        super().__init__(
            f"The database of bind '{bind}' is to be taken over from Alembic, and its table "
            f"'{table}' holds {held}, which no file has.",
            hint="Bring the files back (another git branch, or a folder that "
            "SCHEMAMIGRATE_VERSION_LOCATIONS does not list), or say where the database really is: "
            "'flask db stamp --purge REV'.",
        )


class OutOfStep(RunError):
    """Alembic moved a database after it was taken over, or its table was not kept in step.

    ``unknown`` are those of its versions that no file has.
    """

    def __init__(
        self,
        bind: str,
        table: str,
        *,
        versions: Sequence[str],
        expected: Sequence[str],
        unknown: Sequence[str] = (),
    ) -> None:
        self.bind, self.table = bind, table
        self.versions, self.expected = tuple(versions), tuple(expected)
        self.unknown = tuple(unknown)
        theirs, ours = " ".join(versions) or "base", " ".join(expected) or "base"
        # Without --purge, branches that only the history knows would stay.
        which = f"Say which is right: 'flask db stamp --purge {theirs}' or 'flask db stamp {ours}'."
        if unknown:
            which = (
                f"No file has {', '.join(unknown)}: bring the files back, or say that the history "
                f"is right: 'flask db stamp {ours}'."
            )
        super().__init__(
            f"The history of bind '{bind}' is at {ours}, and Alembic's table '{table}' says "
            f"{theirs}: Alembic was run after this database was taken over, or "
            "SCHEMAMIGRATE_KEEP_ALEMBIC_VERSION was False for a while.",
            hint=f"{which} If Alembic's table is no longer of use: "
            "SCHEMAMIGRATE_KEEP_ALEMBIC_VERSION = False.",
        )


class ArgumentsNeeded(RunError):
    """A revision's function has parameters that the app's configuration does not give."""

    def __init__(self, revision: str, path: Path, names: Sequence[str]) -> None:
        self.revision, self.path, self.names = revision, path, tuple(names)
        example = ", ".join(f"{name!r}: ..." for name in names)
        super().__init__(
            f"The functions of revision {revision} take {', '.join(names)}, which nobody gives "
            f"them ({path}).",
            hint=f"Give what env.py gave: SCHEMAMIGRATE_REVISION_ARGUMENTS = {{{example}}}.",
        )


class UnansweredHooks(RefusedForSafety):
    """An ``env.py`` has functions that decide what is compared, and the app does not."""

    def __init__(self, hooks: Sequence[tuple[str, str]]) -> None:
        self.hooks = tuple(name for name, _ in hooks)
        listed = "\n".join(f"  {name}  {place}" for name, place in hooks)
        super().__init__(
            "Alembic's env.py decides what is compared, and SchemaMigrate was not given the same. "
            f"Without it, tables could be taken for superfluous:\n{listed}",
            hint="Give SchemaMigrate(...) the function under the same name. If it is not needed: "
            f"SCHEMAMIGRATE_IGNORED_HOOKS = {list(self.hooks)!r}, or delete env.py.",
        )


class NothingToExport(SetupError):
    """There are no revisions to give back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"There are no revisions in {folder}, so there is nothing to give back.",
            hint="Name the folder of the revisions with '--directory'.",
        )


class NoHistoryToImport(SetupError):
    """There is nothing of Alembic's where it was looked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"There are no revisions of Alembic in {folder}.",
            hint="If they are elsewhere, name the folder that holds 'versions': "
            "'flask db import-alembic --from FOLDER'. If there are none yet, 'flask db migrate' "
            "writes the first.",
        )
