"""What can be wrong with the revision files as a graph, or with an identifier.

RevisionError
├── UnreadableRevision, InvalidId                        one file
├── DuplicateRevision, DuplicateLabel, LabelIsRevision   two files
├── UnknownParent, UnknownDependency, AmbiguousDependency, SelfParent, Cycle
│                                                        the graph
└── UnknownRevision, AmbiguousRevision, MultipleHeads, InvalidIdentifier, WalkTooFar,
    AmbiguousWalk, WrongDirection, NotOnBranch, RangeNotAllowed, NotARange, RangeNeeded,
    RangeReversed, NotApplied                            an identifier
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .root import RevisionError


class UnreadableRevision(RevisionError):
    """A file in a revision folder cannot be parsed far enough to know what it is."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(
            f"Cannot read {place(path, line)}: {reason}.",
            hint="Mend the file; if it is not a revision, let its name begin with '_'.",
        )


def complaint(error: SyntaxError | ValueError) -> str:
    """What a parser has against a file; a conflict that git left in it is called that."""
    if isinstance(error, SyntaxError):
        conflict = str(error.text).startswith(("<<<<<<<", "=======", ">>>>>>>"))
        return "a merge conflict of git is in it" if conflict else error.msg
    return str(error)


class InvalidId(RevisionError):
    """An id or a label is too long, or has characters that would make identifiers ambiguous."""

    def __init__(self, id: str, path: Path | None = None, what: str = "revision id") -> None:
        self.id, self.path = id, path
        where = f" in {path}" if path else ""
        super().__init__(
            f"{id!r} is not a {what}{where}.",
            hint=f"Let a {what} be 1 to 255 letters, digits, '_' or '.', and none of the words "
            "'head', 'heads', 'base' and 'current'."
            if path is None
            else f"A {what} may not be empty, longer than 255 characters, or have any of '@', '-', "
            "'+' and ':' in it.",
        )


class DuplicateRevision(RevisionError):
    """Two files say that they are the same revision."""

    def __init__(self, id: str, paths: Sequence[Path]) -> None:
        self.id, self.paths = id, tuple(paths)
        super().__init__(
            f"Revision {id!r} is in {len(self.paths)} files: {listed(self.paths)}.",
            hint="Delete the copy, or give one of them another id.",
        )


class DuplicateLabel(RevisionError):
    """Two revisions carry the same branch label."""

    def __init__(self, label: str, paths: Sequence[Path]) -> None:
        self.label, self.paths = label, tuple(paths)
        super().__init__(
            f"The branch label {label!r} is in {len(self.paths)} files: {listed(self.paths)}.",
            hint="Take it out of 'branch_labels' in all of them but one.",
        )


class LabelIsRevision(RevisionError):
    """A branch label is also the id of a revision."""

    def __init__(self, label: str, path: Path, revision_path: Path) -> None:
        self.label, self.path, self.revision_path = label, path, revision_path
        super().__init__(
            f"The branch label {label!r} in {path} is also the id of the revision in "
            f"{revision_path}.",
            hint=f"Change 'branch_labels' in {path}.",
        )


class UnknownParent(RevisionError):
    """A revision says that it follows one that has no file."""

    def __init__(self, parent: str, id: str, path: Path, near: Sequence[str] = ()) -> None:
        self.parent, self.id, self.path, self.near = parent, id, path, tuple(near)
        super().__init__(
            f"Revision {id!r} follows {parent!r}, which no file has ({path}).",
            hint=f"Restore the file of {parent!r}, as 'flask db restore' does for one that was "
            f"applied, or mend 'down_revision'{_perhaps(near)}.",
        )


class UnknownDependency(RevisionError):
    """A revision depends on one that has no file."""

    def __init__(self, name: str, id: str, path: Path, near: Sequence[str] = ()) -> None:
        self.name, self.id, self.path, self.near = name, id, path, tuple(near)
        super().__init__(
            f"Revision {id!r} depends on {name!r}, which is no revision and no label ({path}).",
            hint=f"Restore the file of {name!r}, as 'flask db restore' does for one that was "
            f"applied, or mend 'depends_on'{_perhaps(near)}.",
        )


class AmbiguousDependency(RevisionError):
    """A revision depends on something that several ids begin with."""

    def __init__(self, name: str, id: str, path: Path, candidates: Sequence[str]) -> None:
        self.name, self.id, self.path = name, id, path
        self.candidates = tuple(candidates)
        super().__init__(
            f"Revision {id!r} depends on {name!r}, which may be any of "
            f"{listed(candidates)} ({path}).",
            hint="Write the whole id in 'depends_on'.",
        )


class SelfParent(RevisionError):
    """A revision names itself in its ``down_revision`` or its ``depends_on``."""

    def __init__(self, id: str, path: Path, attribute: str) -> None:
        self.id, self.path, self.attribute = id, path, attribute
        super().__init__(
            f"Revision {id!r} names itself in {attribute!r} ({path}).",
            hint=f"Let {attribute!r} name the revision before it, or None.",
        )


class Cycle(RevisionError):
    """Revisions wait for each other in a circle, so none of them could ever run."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = dict(files)
        circle = " -> ".join([*self.files, next(iter(self.files))])
        super().__init__(
            f"Revisions wait for each other: {circle} ({listed(self.files.values())}).",
            hint="Mend 'down_revision' or 'depends_on' in one of these files.",
        )


class UnknownRevision(RevisionError):
    """An identifier names nothing in the graph."""

    def __init__(self, identifier: str, near: Sequence[str] = ()) -> None:
        self.identifier, self.near = identifier, tuple(near)
        super().__init__(
            f"There is no revision or branch label {identifier!r}.",
            hint=f"Did you mean {listed(near, 'or')}?"
            if near
            else _of_a_folder(identifier) or "List what there is with 'flask db history'.",
        )


class AmbiguousRevision(RevisionError):
    """Several ids begin with what was given."""

    def __init__(self, prefix: str, candidates: Sequence[str]) -> None:
        self.prefix, self.candidates = prefix, tuple(candidates)
        super().__init__(
            f"{prefix!r} may be any of {len(candidates)} revisions: {listed(candidates)}.",
            hint="Give more of the id.",
        )


class MultipleHeads(RevisionError):
    """A single revision was needed and the identifier names several."""

    def __init__(self, heads: Sequence[str], identifier: str = "head") -> None:
        self.heads, self.identifier = tuple(heads), identifier
        super().__init__(
            f"{identifier!r} must be one revision, and there are {len(heads)}: {listed(heads)}.",
            hint="Join them with 'flask db merge' or 'flask db rebase', name the one you mean, or "
            "write 'heads' where all of them may be meant.",
        )


class InvalidIdentifier(RevisionError):
    """The text is not in any of the forms that name a revision."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} does not name a revision.",
            hint=_of_a_folder(text)
            or "Write an id or its beginning, 'head', 'heads', 'base', 'current', a label, "
            "'LABEL@head', or steps such as '+1', '-1' and 'ab12+1'.",
        )


class WalkTooFar(RevisionError):
    """There are fewer revisions in that direction than the identifier asks for."""

    def __init__(self, identifier: str, available: int) -> None:
        self.identifier, self.available = identifier, available
        left = f"there {'is' if available == 1 else 'are'} only {available} to go"
        hint = "Take fewer steps, or write 'base' or 'heads' to go all the way."
        if not available:
            left = "no revision is left that way"
            hint = "'flask db history -i' lists the revisions, and says where the databases are."
        super().__init__(f"{identifier!r} goes too far: {left}.", hint=hint)


class AmbiguousWalk(RevisionError):
    """The steps could be taken along several branches."""

    def __init__(self, identifier: str, candidates: Sequence[str]) -> None:
        self.identifier, self.candidates = identifier, tuple(candidates)
        steps = identifier[max(identifier.rfind("+"), identifier.rfind("-")) :]
        super().__init__(
            f"{identifier!r} could go along {len(candidates)} branches: {listed(candidates)}.",
            hint=f"Name the revision you want, or say which branch, as in "
            f"'{candidates[0]}@{steps}'.",
        )


class WrongDirection(RevisionError):
    """An upgrade was asked to step down, or a downgrade to step up."""

    def __init__(self, identifier: str, command: str) -> None:
        self.identifier, self.command = identifier, command
        other = "downgrade" if command == "upgrade" else "upgrade"
        super().__init__(
            f"{identifier!r} is no target for {command!r}: it leads the other way.",
            hint=f"Write 'flask db {other} {identifier}', if that is what you want.",
        )


class NotOnBranch(RevisionError):
    """The revision exists, but not on the branch that the identifier names."""

    def __init__(self, id: str, branch: str) -> None:
        self.id, self.branch = id, branch
        super().__init__(
            f"{id!r} is not on the branch {branch!r}.",
            hint=f"List the branch with 'flask db history -r {branch}@base:{branch}@heads'.",
        )


class RangeNotAllowed(RevisionError):
    """A range was given where single revisions are wanted."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is a range, and a single revision is wanted here.",
            hint=f"Write {text.partition(':')[2] or text.partition(':')[0]!r}; ranges are for "
            "'flask db history' and for '--sql'.",
        )


class NotARange(RevisionError):
    """A single revision, or more than two, were given where a range is wanted."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is not a range of revisions.",
            hint="Write 'A:B'; or 'A:', which ends at the heads, or ':B', which begins at base.",
        )


class RangeNeeded(RevisionError):
    """A script that downgrades was asked for without saying where it begins and ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        start, colon, end = text.partition(":")
        wanted = f"{start or 'head'}:{end or 'base'}" if colon else f"head:{text}"
        super().__init__(
            f"{text!r} does not say from where to where a script shall downgrade.",
            hint=f"Write both, such as {wanted!r}.",
        )


class RangeReversed(RevisionError):
    """The end of a range does not stand on its start."""

    def __init__(self, text: str) -> None:
        self.text = text
        start, _, end = text.partition(":")
        super().__init__(
            f"There is no way up from {start!r} to {end!r}.",
            hint=f"Write the older one first: '{end}:{start}', if they are on one branch.",
        )


class NotApplied(RevisionError):
    """A downgrade should end at a revision that the database is not at or above."""

    def __init__(self, id: str, tops: Sequence[str]) -> None:
        self.id, self.tops = id, tuple(tops)
        at = listed(tops) if tops else "base"
        super().__init__(
            f"Cannot downgrade to {id!r}: it is not applied. The database is at {at}.",
            hint=f"Go up to it with 'flask db upgrade {id}', or name an applied revision.",
        )


def place(path: Path, line: int | None) -> str:
    """A file as an error names it, with the line where it is known."""
    return f"{path}, line {line}" if line else str(path)


def listed(things: Iterable[object], last: str = "") -> str:
    """The things with commas between them, and ``last`` as the word before the last one."""
    names = [str(thing) for thing in things]
    if last and len(names) > 1:
        return f"{', '.join(names[:-1])} {last} {names[-1]}"
    return ", ".join(names)


def _perhaps(near: Sequence[str]) -> str:
    return f" (did you mean {listed(near, 'or')}?)" if near else ""


def _of_a_folder(text: str) -> str | None:
    """What to do about a path, which the functions of Flask-Migrate take first."""
    if "/" not in text and "\\" not in text:
        return None
    return "A folder of revisions is '--directory FOLDER', in Python directory='FOLDER'."
