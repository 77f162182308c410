"""What can go wrong when a revision file is written, imported or rewritten.

RevisionError
├── RevisionExists, LabelExists, NotAHead, NothingToMerge, UnknownFolder, FileExists, CannotWrite,
│   InvalidFileTemplate, FoldersNotRead, UnknownTimezone, TemplateFailed, TemplateIncomplete
│                                                          written
├── SourceNotKept                                          written again
├── NothingToEdit                                          edited
├── InvalidSource, ImportFailed, NoUpgrade                 imported
├── NotRewritable, NothingToRebase, AmbiguousRebase, RebaseOfApplied
│                                                          rewritten
└── NothingToAmend, AmendOfApplied, AmendOfParent          amended
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .revisions import listed, place
from .root import RevisionError


class RevisionExists(RevisionError):
    """A new revision was given the id of an old one."""

    def __init__(self, id: str, path: Path) -> None:
        self.id, self.path = id, path
        super().__init__(
            f"There is a revision {id!r} already: {path}.",
            hint="Leave out '--rev-id', or give another id.",
        )


class LabelExists(RevisionError):
    """A new revision was given a label that is taken, or an id that is a label."""

    def __init__(
        self, name: str, id: str, path: Path | None = None, *, is_id: bool = False
    ) -> None:
        self.name, self.id, self.path = name, id, path
        kind = "the id of a revision" if is_id else f"the label of {id!r}"
        super().__init__(
            f"{name!r} is {kind} already{f': {path}' if path else ''}.",
            hint="Give another name; labels and ids share one set of names.",
        )


class UnknownFolder(RevisionError):
    """A new revision should go to a folder that revisions are not read from."""

    def __init__(self, given: str, folders: Sequence[Path]) -> None:
        self.given, self.folders = given, tuple(folders)
        super().__init__(
            f"{given!r} is not one of the folders that revisions are read from.",
            hint=f"They are: {listed(folders)}. SCHEMAMIGRATE_VERSION_LOCATIONS lists them.",
        )


class NothingToEdit(RevisionError):
    """An identifier names no revision, so there is no file to open."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(
            f"{identifier!r} names no revision to edit.",
            hint="List them with 'flask db history'.",
        )


class NotAHead(RevisionError):
    """A new revision would stand on one that others stand on already."""

    def __init__(self, id: str, children: Sequence[str]) -> None:
        self.id, self.children = id, tuple(children)
        super().__init__(
            f"{id!r} is not a head: {listed(children)} already stand{'s' * (len(children) == 1)} "
            "on it.",
            hint="Give '--head head' to follow the last revision, or '--splice' to branch here.",
        )


class NothingToMerge(RevisionError):
    """A merge needs at least two revisions that do not stand on each other."""

    def __init__(self, heads: Sequence[str]) -> None:
        self.heads = tuple(heads)
        found = f"there is only {heads[0]!r}" if heads else "there is none"
        if len(heads) > 1:
            found = f"{listed(heads, 'and')} are on one line"
        super().__init__(
            f"A merge joins two heads or more, and {found}.",
            hint="See what there is with 'flask db heads'.",
        )


class FileExists(RevisionError):
    """The name for a revision file is taken: a new one, or one that was there and is gone."""

    def __init__(self, path: Path, *, is_new: bool = True) -> None:
        self.path = path
        super().__init__(
            f"{path} exists already, so nothing was written.",
            hint="Give another message, or put '%(rev)s' into the file template."
            if is_new
            else "A revision that is applied and has no file was in one of that name. Give this "
            "file another name, and run the command again.",
        )


class CannotWrite(RevisionError):
    """A file beside the revisions cannot be written: the folder is read-only, or the disk full."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} cannot be written: {reason}.",
            hint="Give whoever runs the command the right to, or name another folder with "
            "'flask db --directory PATH'.",
        )


class SourceNotKept(RevisionError):
    """The history does not hold what the files of revisions were, be they gone or edited."""

    def __init__(self, revisions: Sequence[tuple[str, str]], *, are_gone: bool = True) -> None:
        self.revisions = tuple(name for name, _ in revisions)
        listed = "\n".join(f"  {name}: {what}" for name, what in revisions)
        way_out = (
            "See in git what was edited; 'flask db resolve REV --accept' takes a file as it is."
        )
        if are_gone:
            way_out = (
                "Bring the files back (another git branch?), or forget these revisions with "
                "'flask db stamp --purge current'."
            )
        super().__init__(
            f"The history has not kept the source of these revisions:\n{listed}",
            hint="It does not for what a script or an older release recorded, nor for a file of "
            f"more than 65535 bytes. {way_out}",
        )


class InvalidFileTemplate(RevisionError):
    """The template for file names uses something that is not there, or makes no file name."""

    def __init__(self, template: str, tokens: Sequence[str]) -> None:
        self.template = template
        super().__init__(
            f"The file template {template!r} does not give a file name.",
            hint="Use these: " + ", ".join(f"%({token})s" for token in tokens) + ".",
        )


class FoldersNotRead(RevisionError):
    """The template for file names makes folders, and revisions are not read from such."""

    def __init__(self, template: str) -> None:
        self.template = template
        super().__init__(
            f"The file template {template!r} makes folders, in which no revision would be found.",
            hint="Set SCHEMAMIGRATE_RECURSIVE to True in the app's config, or leave out the '/'.",
        )


class UnknownTimezone(RevisionError):
    """The configured time zone is not in the time zone database."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"There is no time zone {name!r}.",
            hint="Write a name such as 'UTC' or 'Europe/Paris'; on Windows and in small images "
            "also 'pip install tzdata'.",
        )


class TemplateFailed(RevisionError):
    """The template of revision files could not be rendered."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(
            f"The template {place(path, line)} failed: {reason}.",
            hint="Mend it, or delete it to use the built-in one.",
        )


class TemplateIncomplete(RevisionError):
    """What the template wrote does not say what it was given to say."""

    def __init__(self, path: Path, missing: Sequence[str]) -> None:
        self.path, self.missing = path, tuple(missing)
        super().__init__(
            f"The template {path} leaves out {listed(missing)}, so nothing was written.",
            hint="Add what is missing, or delete the template to use the built-in one.",
        )


class InvalidSource(RevisionError):
    """A revision file is not valid Python."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(
            f"Syntax error in {place(path, line)}: {reason}.",
            hint="Mend the file; nothing of it was run.",
        )


class NoUpgrade(RevisionError):
    """A revision file has nothing to carry out, not even nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no upgrade() in {path}.",
            hint="Write one, or correct its name. If there is nothing to do, let it be 'pass'.",
        )


class ImportFailed(RevisionError):
    """A revision file raised an exception before any of its functions was called."""

    def __init__(self, path: Path, line: int | None, error: BaseException) -> None:
        self.path, self.line, self.error = path, line, error
        super().__init__(
            f"Importing {place(path, line)} failed: {type(error).__name__}: {error}.",
            hint="Install the missing package, or mend the import."
            if isinstance(error, ImportError)
            else "Mend the file; none of its functions was called.",
        )


class NotRewritable(RevisionError):
    """``down_revision`` is not written as a plain value, so it cannot be changed in place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"Cannot change 'down_revision' in {path}: it is not a plain value there.",
            hint="Change it by hand.",
        )


class NothingToRebase(RevisionError):
    """Rebasing needs another head to go onto, and revisions of one's own."""

    def __init__(self, heads: Sequence[str]) -> None:
        self.heads = tuple(heads)
        super().__init__(
            f"There is nothing to rebase; heads: {listed(heads) or 'none'}.",
            hint="See the branches with 'flask db graph'.",
        )


class AmbiguousRebase(RevisionError):
    """Several branches could be moved, or moved onto."""

    def __init__(self, heads: Sequence[str]) -> None:
        self.heads = tuple(heads)
        super().__init__(
            f"Which of these should move is not clear: {listed(heads)}.",
            hint=f"Name the one to move, as in 'flask db rebase {heads[-1]}'.",
        )


class RebaseOfApplied(RevisionError):
    """A revision that should move has already run somewhere."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        super().__init__(
            f"Already applied, so not moved: {listed(ids)}.",
            hint="Join the branches with 'flask db merge' instead, or undo them first with "
            "'flask db downgrade'. '--force' moves them all the same.",
        )


class NothingToAmend(RevisionError):
    """There is no revision to amend, or nothing would be left of it."""

    def __init__(self, revision: str | None = None, path: Path | None = None) -> None:
        self.revision = revision
        self.path = path
        if revision is None:
            super().__init__(
                "There is no revision of the project to amend.",
                hint="'flask db migrate' writes the first one.",
            )
            return
        super().__init__(
            f"Without revision {revision} the models and the database agree, so nothing is left "
            "for it to do. It stays as it is.",
            hint=f"If it is not needed, delete {path}.",
        )


class AmendOfApplied(RevisionError):
    """A revision that should be amended has already run somewhere."""

    def __init__(self, revision: str, target: str | None) -> None:
        self.revision = revision
        self.target = target
        command = f"flask db downgrade {target or ''}".strip()
        super().__init__(
            f"Revision {revision} is applied already, so it is not amended.",
            hint=f"If it ran nowhere else, take it back with '{command}' first. "
            "Otherwise write another one with 'flask db migrate'.",
        )


class AmendOfParent(RevisionError):
    """A revision that should be amended is one that others stand on."""

    def __init__(self, revision: str, children: Sequence[str]) -> None:
        self.revision = revision
        self.children = tuple(children)
        super().__init__(
            f"Revision {revision} is not amended, because others stand on it: {listed(children)}.",
            hint="Write another one with 'flask db migrate'.",
        )
